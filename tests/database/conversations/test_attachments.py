"""Files in conversations: taken in, read, sent, and gone with what they belong to."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from app.accounts.actors import SignInNeeded
from app.conversations import log
from app.conversations.attachments import reading, storing, taking
from app.conversations.attachments.sending import standing_in, to_send
from app.conversations.attachments.taking import Attached, shown_name
from app.conversations.models import Attachment, AttachmentPassage
from app.database import platform_session, tenant_session
from app.errors import AppError, Conflict, NotFound
from app.jobs.models import Job
from app.jobs.work import work_off
from app.knowledge.documents import File, FileTooLarge
from app.knowledge.extraction.reading import CannotRead
from app.markets.directory import MarketCard
from app.markets.models import Market
from app.markets.quotas import Quota, QuotaUsedUp, used
from tests import files
from tests.factories import open_market, person

pytestmark = pytest.mark.usefixtures("database")

MENU = File(
    b"# Menu\n\nDinner is served at seven in the evening.\n\nThe soup has no meat.", "menu.md"
)
KINDS = {
    "menu.pdf": files.pdf([(11, "Dinner is served at seven.")]),
    "menu.docx": files.word(("", "Dinner is served at seven.")),
    "menu.pptx": files.slides(("Menu", ["Dinner is served at seven."], "")),
    "menu.xlsx": files.sheets(Menu=[["Dish", "Hour"], ["Dinner", "seven"]]),
    "menu.html": b"<html><body><p>Dinner is served at seven.</p></body></html>",
    "menu.md": b"Dinner is served at seven.",
    "menu.txt": b"Dinner is served at seven.",
    "menu.csv": b"dish,hour\ndinner,seven\n",
}


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def begun(market: MarketCard) -> tuple[UUID, UUID]:
    """A conversation and its person."""
    async with tenant_session(market.id) as session:
        ada = (await person(session)).id
        return await log.start(session, "en", ada), ada


async def taken(market: MarketCard, talk: UUID, ada: UUID, file: File = MENU) -> Attached:
    async with tenant_session(market.id) as session:
        return await taking.take_in(session, talk, ada, file)


async def seen(market: MarketCard, talk: UUID, ada: UUID) -> list[Attached]:
    async with tenant_session(market.id) as session:
        return await taking.attached(session, talk, ada, sent=None)


async def sent(market: MarketCard, talk: UUID, *ids: UUID) -> int:
    """Send files with a message that is answered; returns the reply's number."""
    async with tenant_session(market.id) as session:
        rows = await to_send(session, talk, ids)
        told = [{"id": str(row.id), "name": row.name, "bytes": row.bytes} for row in rows]
        entry = await log.append(session, talk, "message", {"text": "When?", "attachments": told})
        for row in rows:
            row.message_id = entry.id
        cited = {"number": 1, "kind": "file", "external_id": told[0]["id"], "title": "menu.md"}
        cited |= {"url": f"/files/attachments/{told[0]['id']}", "detail": "", "price": ""}
        reply = {"text": "At seven [1].", "citations": [cited], "agent": "communication"}
        reply |= {"model": "composer", "asked": entry.seq, "ending": "done"}
        return (await log.append(session, talk, "reply", reply)).seq


@pytest.mark.parametrize("name", sorted(KINDS))
async def test_every_kind_is_read(market: MarketCard, name: str):
    talk, ada = await begun(market)
    told = await taken(market, talk, ada, File(KINDS[name], name))
    assert (told.state, told.name, told.sent) == ("waiting", name, False)
    await work_off()
    (told,) = await seen(market, talk, ada)
    assert (told.state, told.kind, told.problem) == ("ready", name.rpartition(".")[2], "")
    async with tenant_session(market.id) as session:
        said = [one.text for one in await session.exec(select(AttachmentPassage))]
    assert "seven" in " ".join(said)


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (files.pdf([(11, "no")], password=True), "a.pdf", "password"),
        (files.bomb(), "a.docx", "unpacks"),
        (b"%PDF-1.4 and no more", "a.pdf", "damaged"),
        (files.pdf([]), "a.pdf", "no text"),
        (b"PK\x03\x04 nothing", "a.docx", "damaged"),
    ],
)
async def test_what_cannot_be_read_says_why(market: MarketCard, data: bytes, name: str, why: str):
    talk, ada = await begun(market)
    await taken(market, talk, ada, File(data, name))
    await work_off()
    (told,) = await seen(market, talk, ada)
    assert told.state == "failed"
    assert why in told.problem


async def test_a_file_of_no_kind_that_can_be_read_is_refused_at_once(market: MarketCard):
    talk, ada = await begun(market)
    for data, name, media in (
        (b"\x7fELF\x02\x01\x01\0\0\0", "menu", ""),
        (b"GIF89a\0\0", "menu.gif", "image/gif"),
        (b"PK\x03\x04", "menu.zip", "application/zip"),
        (b"MZ\0\0", "menu.exe", "application/octet-stream"),
    ):
        with pytest.raises(CannotRead):
            await taken(market, talk, ada, File(data, name, media))
    assert await seen(market, talk, ada) == []
    assert files_of(market) == []


def files_of(market: MarketCard) -> list[Path]:
    folder = storing.file_of(market.id, market.id).parent
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\menu.pdf", "menu.pdf"),
        ("menu\u202efdp.exe", "menufdp.exe"),
        ("me\0nu\r\n.pdf", "menu .pdf"),
        ('<img src=x onerror="alert(1)">.md', "img src=x onerror=alert(1).md"),
        ("  ", "file"),
        ("/", "file"),
        ("a" * 300 + ".pdf", "a" * 115 + "….pdf"),
    ],
)
def test_a_name_says_what_the_file_is_and_leads_nowhere(told: str, shown: str):
    assert shown_name(told) == shown
    assert len(shown_name(told)) <= taking.LONGEST_NAME


async def test_limits_are_kept(market: MarketCard, monkeypatch: pytest.MonkeyPatch):
    talk, ada = await begun(market)
    with pytest.raises(FileTooLarge):
        await taken(market, talk, ada, File(b"x" * (taking.LARGEST + 1), "a.txt"))
    with pytest.raises(AppError):
        await taken(market, talk, ada, File(b"", "a.txt"))
    for _ in range(taking.MOST_AT_ONCE):
        await taken(market, talk, ada)
    with pytest.raises(AppError, match="A message may have"):
        await taken(market, talk, ada)
    monkeypatch.setattr(taking, "MOST_IN_ONE", taking.MOST_AT_ONCE)
    with pytest.raises(AppError, match="A conversation may have"):
        await taken(market, talk, ada)
    other, _ = await begun(market)
    async with tenant_session(market.id) as session:
        (await log.check_may_open(session, other, _)).person_id = ada
    monkeypatch.setattr(taking, "MOST_OF_ONE", 5 * len(MENU.data))
    with pytest.raises(AppError, match="used up the space"):
        await taken(market, other, ada)


async def test_files_count_towards_the_markets_space():
    market = await open_market()
    talk, ada = await begun(market)
    before = await storage(market)
    await taken(market, talk, ada)
    assert await storage(market) == before + len(MENU.data)
    async with platform_session(market.id) as session:
        query = select(Market).where(Market.tenant_id == market.id)
        (await session.exec(query)).one().quotas = {Quota.STORAGE.value: len(MENU.data) + 9}
    with pytest.raises(QuotaUsedUp):
        await taken(market, talk, ada)
    assert len(files_of(market)) == 1


async def storage(market: MarketCard) -> int:
    async with tenant_session(market.id) as session:
        return await used(session, Quota.STORAGE)


async def test_nobody_reaches_the_files_of_another(market: MarketCard):
    talk, ada = await begun(market)
    told = await taken(market, talk, ada)
    other_talk, bob = await begun(market)
    elsewhere = await open_market()
    async with tenant_session(market.id) as session:
        for deed in (
            taking.own(session, bob, told.id),
            taking.own(session, None, told.id),
            taking.take_in(session, talk, bob, MENU),
            taking.attached(session, talk, bob, sent=None),
            taking.remove(session, talk, bob, told.id),
            taking.remove(session, other_talk, bob, told.id),
            taking.remove(session, other_talk, ada, told.id),
            to_send(session, other_talk, [told.id]),
            to_send(session, talk, [told.id, uuid4()]),
        ):
            with pytest.raises(NotFound):
                await deed
        with pytest.raises(SignInNeeded):
            await taking.take_in(session, talk, None, MENU)
        assert (await taking.own(session, ada, told.id)).id == told.id
    async with tenant_session(elsewhere.id) as session:
        with pytest.raises(NotFound):
            await taking.own(session, ada, told.id)
        with pytest.raises(NotFound):
            await to_send(session, talk, [told.id])


async def test_what_was_sent_stays_and_what_was_not_can_be_taken_back(market: MarketCard):
    talk, ada = await begun(market)
    one, two = [await taken(market, talk, ada) for _ in range(2)]
    await work_off()
    await sent(market, talk, one.id)
    with pytest.raises(Conflict):
        await sent(market, talk, one.id)
    async with tenant_session(market.id) as session:
        with pytest.raises(Conflict):
            await taking.remove(session, talk, ada, one.id)
        await taking.remove(session, talk, ada, two.id)
    assert len(files_of(market)) == 2
    await work_off()
    assert [path.name for path in files_of(market)] == [str(one.id)]
    async with tenant_session(market.id) as session:
        assert await standing_in(session, talk, 99) == [one.id]
        assert await standing_in(session, talk, 1) == []
        # A message that takes the place of the first takes its files, and those since are past.
        words = {"text": "And?", "edits": 1}
        await log.append(session, talk, "message", words)
        assert await standing_in(session, talk, 99) == []


async def test_a_reader_that_was_killed_leaves_it_to_the_next_until_it_is_given_up(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    talk, ada = await begun(market)
    told = await taken(market, talk, ada)

    class Killed(BaseException):
        pass

    async def dies(*_: object) -> None:
        raise Killed

    job = await waiting_job(market)
    for _attempt in range(2):
        with monkeypatch.context() as broken:
            broken.setattr(reading, "_read", dies)
            with pytest.raises(Killed):
                await reading.read(job)
    assert (await seen(market, talk, ada))[0].state == "waiting"
    await reading.read(job)
    assert (await seen(market, talk, ada))[0].state == "ready"
    again = await taken(market, talk, ada)
    async with tenant_session(market.id) as session:
        (await session.get_one(Attachment, again.id)).tries = reading.TRIES
    await work_off()
    states = {one.id: one.state for one in await seen(market, talk, ada)}
    assert states == {told.id: "ready", again.id: "failed"}


async def waiting_job(market: MarketCard) -> reading.Work:
    """The work that waits to be done for the one file of the market."""
    async with tenant_session(market.id) as session:
        job = (await session.exec(select(Job).where(Job.kind == "attachment.read"))).one()
        (attachment_id,) = await session.exec(select(Attachment.id))
    return reading.Work(market.id, job.id, {"attachment_id": str(attachment_id)})


async def test_what_fails_for_no_fault_of_the_file_is_tried_again(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    talk, ada = await begun(market)
    await taken(market, talk, ada)

    async def fails(*_: object) -> None:
        raise OSError("the disk is gone")

    job = await waiting_job(market)
    monkeypatch.setattr(reading, "_read", fails)
    for _attempt in range(reading.TRIES - 1):
        with pytest.raises(OSError, match="disk"):
            await reading.read(job)
    await reading.read(job)
    (told,) = await seen(market, talk, ada)
    assert (told.state, told.problem) == ("failed", taking.UNKNOWN)


async def test_a_file_that_was_taken_back_while_it_was_read_leaves_nothing(market: MarketCard):
    talk, ada = await begun(market)
    told = await taken(market, talk, ada)
    async with tenant_session(market.id) as session:
        await taking.remove(session, talk, ada, told.id)
    await work_off()
    assert files_of(market) == []
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(AttachmentPassage))).all() == []
