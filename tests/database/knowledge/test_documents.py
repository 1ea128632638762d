"""Documents from the file to the passage, and everything that may go wrong between."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor, SignInNeeded
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.jobs import work as doing
from app.jobs.models import Job
from app.jobs.queue import job_of
from app.jobs.work import Cancelled, Work, work_off
from app.knowledge import documents, ingesting
from app.knowledge.citing import document_page, quotable
from app.knowledge.documents import BeingRead, File, FileTooLarge, Taken
from app.knowledge.models import Document, DocumentChunk, DocumentVersion
from app.knowledge.storing import digest_of, file_of
from app.markets.directory import MarketCard
from app.search.index import Access, Query
from app.search.models import SearchEntry
from app.search.postgres import PostgresIndex
from tests import files
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")

RULES = """# House rules

## Cancelling

A booking can be cancelled free of charge until six in the evening of the day before.

## Deposits

The deposit is returned to the card within five working days.
"""
LATER = RULES.replace("six in the evening", "noon")
QUESTION = "Until when can I cancel for free?"


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def keeper(market: MarketCard) -> Actor:
    return actors.system(market.id, "tests", Permission.EDIT_KNOWLEDGE)


def markdown(text: str = RULES, name: str = "rules.md") -> File:
    return File(text.encode(), name)


async def taken(
    market: MarketCard, keeper: Actor, file: File | None = None, access: Access = "public"
) -> Taken:
    """A file taken in, and read."""
    async with tenant_session(market.id) as session:
        told = await documents.take_in(session, keeper, file or markdown(), access=access)
    await work_off()
    return told


async def found(market: MarketCard, *access: Access, said: str = QUESTION) -> list[str]:
    """The texts of the passages that a reader with this access finds and may be told."""
    index = PostgresIndex()
    async with tenant_session(market.id) as session:
        query = Query(said, "en", kinds=("passage",), access=access)
        hits = await index.search(session, query)
        told = await quotable(session, [hit.id for hit in hits], access, "en")
        return [told[hit.id].text for hit in hits if hit.id in told]


async def count(market: MarketCard, table: type) -> int:
    async with tenant_session(market.id) as session:
        return len((await session.exec(select(table))).all())


async def job(market: MarketCard, taken: Taken) -> Job:
    assert taken.job_id is not None
    async with tenant_session(market.id) as session:
        return await job_of(session, taken.job_id)


async def test_a_file_becomes_passages_that_can_be_found_and_pointed_at(
    market: MarketCard, keeper: Actor
):
    told = await taken(market, keeper)
    assert (await found(market, "public"))[0].startswith("A booking can be cancelled")
    done = await job(market, told)
    assert (done.state, done.done, done.total) == ("done", 2, 2)
    assert done.report["passages"] == 2
    async with tenant_session(market.id) as session:
        page = await document_page(session, actors.visitor(market.id), told.document_id)
        (chunk, _other) = (
            await session.exec(select(DocumentChunk).order_by(DocumentChunk.position))  # pyright: ignore[reportArgumentType]
        ).all()
        quote = (await quotable(session, [chunk.id], ("public",), "ru"))[chunk.id]
        version = (await session.exec(select(DocumentVersion))).one()
    assert page.title == "House rules"
    assert [passage.headings for passage in page.passages] == [
        ["House rules", "Cancelling"],
        ["Deposits"],
    ]
    assert quote.url == f"/ru/documents/{told.document_id}#p0"
    assert quote.heading == ("House rules", "Cancelling")
    assert (version.kind, version.language) == ("md", "en")


async def test_a_question_in_another_language_finds_the_passage(market: MarketCard, keeper: Actor):
    await taken(market, keeper)
    said = "до какого времени можно бесплатно отменить запись?"
    assert (await found(market, "public", said=said))[0].startswith("A booking")


async def test_nothing_that_bears_on_a_question_is_no_answer(market: MarketCard, keeper: Actor):
    await taken(market, keeper)
    assert await found(market, "public", said="Who won the football match yesterday?") == []


@pytest.mark.parametrize(
    ("access", "seen"),
    [
        ("public", {"public", "members", "staff"}),
        ("members", {"members", "staff"}),
        ("staff", {"staff"}),
    ],
)
async def test_a_passage_reaches_those_who_may_see_it_and_nobody_else(
    market: MarketCard, keeper: Actor, access: Access, seen: set[str]
):
    told = await taken(market, keeper, access=access)
    readers: dict[str, tuple[Access, ...]] = {
        "public": ("public",),
        "members": ("public", "members"),
        "staff": ("public", "members", "staff"),
    }
    for reader, may in readers.items():
        assert bool(await found(market, *may)) == (reader in seen)
    people = {
        "public": actors.visitor(market.id),
        "members": actors.system(market.id, "a member", Permission.KEEP_ACCOUNT),
        "staff": actors.system(
            market.id, "staff", Permission.KEEP_ACCOUNT, Permission.SEE_CONVERSATIONS
        ),
    }
    for reader, actor in people.items():
        async with tenant_session(market.id) as session:
            if reader in seen:
                await document_page(session, actor, told.document_id)
            else:
                with pytest.raises(NotFound):
                    await document_page(session, actor, told.document_id)


async def test_who_may_see_it_is_asked_again_when_it_is_quoted(market: MarketCard, keeper: Actor):
    told = await taken(market, keeper)
    async with tenant_session(market.id) as session:
        ids = await documents.passage_ids(session, told.document_id)
        await session.exec(Document.__table__.update().values(access="staff"))  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType, reportCallIssue]
        # The index has not heard of it, and still offers the passage.
        hits = await PostgresIndex().search(session, Query(QUESTION, "en", kinds=("passage",)))
        assert hits
        assert await quotable(session, ids, ("public", "members"), "en") == {}


async def test_access_that_is_taken_away_is_gone_at_once_without_a_job(
    market: MarketCard, keeper: Actor
):
    told = await taken(market, keeper)
    async with tenant_session(market.id) as session:
        await documents.change(
            session, keeper, told.document_id, 1, title="House rules", access="members"
        )
        hits = await PostgresIndex().search(session, Query(QUESTION, "en", kinds=("passage",)))
        assert hits == []
    assert await found(market, "public", "members")


async def test_a_change_of_what_somebody_else_changed_is_refused(market: MarketCard, keeper: Actor):
    told = await taken(market, keeper)
    async with tenant_session(market.id) as session:
        await documents.change(session, keeper, told.document_id, 1, title="A", access="public")
        with pytest.raises(Conflict):
            await documents.change(session, keeper, told.document_id, 1, title="B", access="public")


async def test_another_market_finds_and_reads_nothing(market: MarketCard, keeper: Actor):
    told = await taken(market, keeper)
    other = await open_market()
    assert await found(other, "public", "members", "staff") == []
    stranger = actors.system(other.id, "tests")
    async with tenant_session(other.id) as session:
        ids = await _ids_of(market)
        assert await quotable(session, ids, ("public", "members", "staff"), "en") == {}
        for deed in (
            documents.delete(session, stranger, told.document_id),
            documents.read_again(session, stranger, told.document_id),
            document_page(session, stranger, told.document_id),
        ):
            with pytest.raises(NotFound):
                await deed


async def _ids_of(market: MarketCard) -> list[UUID]:
    async with tenant_session(market.id) as session:
        return [one.id for one in (await session.exec(select(DocumentChunk))).all()]


async def test_the_same_content_is_kept_once(market: MarketCard, keeper: Actor):
    first = await taken(market, keeper)
    again = await taken(market, keeper, markdown(name="copy.md"))
    assert (again.document_id, again.known, again.job_id) == (first.document_id, True, None)
    assert await count(market, Document) == 1


async def test_a_new_version_replaces_the_old_one_and_can_be_rolled_back(
    market: MarketCard, keeper: Actor
):
    told = await taken(market, keeper)
    async with tenant_session(market.id) as session:
        await documents.replace(session, keeper, told.document_id, markdown(LATER), 1)
        with pytest.raises(Conflict):
            await documents.replace(session, keeper, told.document_id, markdown(LATER), 1)
    await work_off()
    assert "until noon" in (await found(market, "public"))[0]
    assert await count(market, SearchEntry) == 2
    async with tenant_session(market.id) as session:
        await documents.roll_back(session, keeper, told.document_id, 1)
    await work_off()
    assert "six in the evening" in (await found(market, "public"))[0]
    assert await count(market, SearchEntry) == 2
    assert await count(market, DocumentVersion) == 2


async def test_a_version_that_cannot_be_read_leaves_the_former_one_standing(
    market: MarketCard, keeper: Actor
):
    told = await taken(market, keeper)
    async with tenant_session(market.id) as session:
        locked = File(files.pdf([(11, "no")], password=True), "rules.pdf")
        failed = await documents.replace(session, keeper, told.document_id, locked)
    await work_off()
    done = await job(market, failed)
    assert done.state == "failed"
    assert "password" in done.problem
    assert "six in the evening" in (await found(market, "public"))[0]


async def test_deleting_takes_versions_passages_vectors_and_the_file(
    market: MarketCard, keeper: Actor
):
    told = await taken(market, keeper)
    file = file_of(market.id, digest_of(RULES.encode()))
    assert file.is_file()
    async with tenant_session(market.id) as session:
        await documents.delete(session, keeper, told.document_id)
        # Gone with the commit, not with a job.
        assert (await session.exec(select(SearchEntry))).all() == []
    assert file.is_file()
    await work_off()
    assert not file.exists()
    for table in (Document, DocumentVersion, DocumentChunk, SearchEntry):
        assert await count(market, table) == 0


async def test_a_file_that_another_document_holds_stays(market: MarketCard, keeper: Actor):
    told = await taken(market, keeper)
    other = await taken(market, keeper, markdown(LATER))
    async with tenant_session(market.id) as session:
        await documents.replace(session, keeper, other.document_id, markdown())
        await documents.delete(session, keeper, told.document_id)
    await work_off()
    assert file_of(market.id, digest_of(RULES.encode())).is_file()
    assert "six" in (await found(market, "public"))[0]


async def test_reading_can_be_stopped_and_tried_again(
    market: MarketCard, keeper: Actor, monkeypatch: pytest.MonkeyPatch
):
    async with tenant_session(market.id) as session:
        told = await documents.take_in(session, keeper, markdown(), access="public")
        with pytest.raises(BeingRead):
            await documents.roll_back(session, keeper, told.document_id, 1)
        await documents.stop_reading(session, keeper, told.document_id)
    await work_off()
    assert (await job(market, told)).state == "cancelled"
    assert await found(market, "public") == []
    async with tenant_session(market.id) as session:
        await documents.read_again(session, keeper, told.document_id)
    await work_off()
    assert await found(market, "public")


async def test_a_stop_in_the_middle_shows_nothing_of_the_new_version(
    market: MarketCard, keeper: Actor, monkeypatch: pytest.MonkeyPatch
):
    told = await taken(market, keeper)
    monkeypatch.setattr(ingesting, "AT_A_TIME", 1)

    async def stopping(self: Work, done: int, total: int) -> None:
        if done == 1:
            raise Cancelled

    monkeypatch.setattr(doing.Work, "progress", stopping)
    async with tenant_session(market.id) as session:
        await documents.replace(session, keeper, told.document_id, markdown(LATER))
    await work_off()
    assert "six in the evening" in (await found(market, "public"))[0]


async def test_what_is_too_large_empty_or_for_nobody_is_refused(market: MarketCard, keeper: Actor):
    async with tenant_session(market.id) as session:
        for file, access, error in (
            (File(b"x" * (documents.LARGEST + 1), "a.txt"), "public", FileTooLarge),
            (File(b"", "a.txt"), "public", AppError),
            (File(b"x", "a.txt"), "everybody", AppError),
        ):
            with pytest.raises(error):
                await documents.take_in(session, keeper, file, access=access)  # pyright: ignore[reportArgumentType]


async def test_only_those_who_keep_knowledge_may_do_any_of_it(market: MarketCard, keeper: Actor):
    told = await taken(market, keeper)
    member = actors.system(market.id, "a member", Permission.KEEP_ACCOUNT)
    async with tenant_session(market.id) as session:
        for actor, error in ((actors.visitor(market.id), SignInNeeded), (member, NotAllowed)):
            for deed in (
                documents.take_in(session, actor, markdown(LATER), access="public"),
                documents.take_from_web(session, actor, "https://example.com", access="public"),
                documents.replace(session, actor, told.document_id, markdown(LATER)),
                documents.change(session, actor, told.document_id, 1, title="x", access="public"),
                documents.roll_back(session, actor, told.document_id, 1),
                documents.read_again(session, actor, told.document_id),
                documents.stop_reading(session, actor, told.document_id),
                documents.delete(session, actor, told.document_id),
                documents.delete(session, actor, uuid4()),
            ):
                with pytest.raises(error):
                    await deed
