"""Answers from the files of a conversation: what they say, where, and to whom alone."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from agents import answering
from agents import attachments as reading_files
from agents.answering import Ended
from app.accounts import actors
from app.accounts.actors import Member
from app.conversations import log
from app.conversations.attachments import taking
from app.database import tenant_session
from app.jobs.work import work_off
from app.knowledge.documents import File
from app.markets.directory import MarketCard
from app.privacy.consents import say
from app.search.index import Hit
from app.training.approvals import waiting
from tests import files
from tests.factories import article, listing, open_market, person
from tests.shelf import Shelf

pytestmark = pytest.mark.usefixtures("database")

CONTRACT = files.pdf(
    [(11, "The hall is rented for one evening from six to midnight.")],
    [(11, "The deposit of 300 euros is returned within ten working days.")],
    [(11, "Music has to end at eleven because of the neighbours.")],
)


@pytest.fixture
async def market(shelf: Shelf) -> MarketCard:
    made = await open_market()
    async with tenant_session(made.id) as session:
        shelf.hits["listing"] = [Hit("listing", (await listing(session)).id, 0.9)]
        shelf.hits["article"] = [Hit("article", (await article(session)).id, 0.9)]
    return made


async def member(market: MarketCard) -> Member:
    async with tenant_session(market.id) as session:
        row = await person(session)
    return Member(id=row.id, email=row.email, name=row.name, locale="en")


async def begun(market: MarketCard, who: Member) -> UUID:
    async with tenant_session(market.id) as session:
        return await log.start(session, "en", who.id)


async def put(
    market: MarketCard,
    talk: UUID,
    who: Member,
    data: bytes = CONTRACT,
    name: str = "contract.pdf",
    *,
    read: bool = True,
) -> UUID:
    async with tenant_session(market.id) as session:
        made = await taking.take_in(session, talk, who.id, File(data, name))
    if read:
        await work_off()
    return made.id


async def asked(
    market: MarketCard,
    talk: UUID,
    who: Member,
    message: str,
    sent: Sequence[UUID] = (),
    locale: str = "en",
) -> Ended:
    _talk, reply = await answering.ask(market, locale, message, talk, who, attachments=tuple(sent))
    ended = [event async for event in reply.follow()][-1]
    assert isinstance(ended, Ended)
    return ended


def cited(ended: Ended) -> list[tuple[str, str, str]]:
    return [(one.kind, one.title, one.detail) for one in ended.citations]


async def test_what_a_file_says_is_cited_with_its_page(market: MarketCard):
    who = await member(market)
    talk = await begun(market, who)
    file = await put(market, talk, who)
    ended = await asked(market, talk, who, "When is the deposit returned?", [file])
    assert cited(ended)[0] == ("file", "contract.pdf", "your file, page 2")
    assert "within ten working days" in ended.text
    assert "your file, page 2 [1]" in ended.text
    assert ended.citations[0].url == f"/files/attachments/{file}"
    assert {kind for kind, _, _ in cited(ended)} == {"file"}
    assert ended.agent == "communication"


async def test_it_is_asked_in_another_language(market: MarketCard):
    who = await member(market)
    talk = await begun(market, who)
    file = await put(market, talk, who)
    ended = await asked(market, talk, who, "До какого часа можно играть музыку?", [file], "ru")
    assert cited(ended)[0][2] == "ваш файл, страница 3"
    assert "Music has to end at eleven" in ended.text


@pytest.mark.parametrize(
    ("name", "data", "question", "place", "says"),
    [
        (
            "budget.xlsx",
            files.sheets(
                Hall=[["Item", "Price"], ["Chairs", 120]],
                Food=[["Item", "Price"], ["Wedding cake", 480]],
            ),
            "How much is the wedding cake?",
            "your file, sheet 2",
            "480",
        ),
        (
            "talk.pptx",
            files.slides(
                ("Welcome", ["Doors open at nine in the morning."], ""),
                ("Lunch", ["Lunch is served in the garden at noon."], ""),
            ),
            "Where is lunch served?",
            "your file, slide 2",
            "in the garden",
        ),
        (
            "notes.txt",
            b"Dinner is served at seven in the evening.",
            "When is dinner served?",
            "your file",
            "at seven",
        ),
    ],
)
async def test_sheets_slides_and_texts_are_named_as_such(
    market: MarketCard, name: str, data: bytes, question: str, place: str, says: str
):
    who = await member(market)
    talk = await begun(market, who)
    ended = await asked(market, talk, who, question, [await put(market, talk, who, data, name)])
    assert cited(ended)[0] == ("file", name, place)
    assert says in ended.text


async def test_a_question_about_the_whole_begins_at_its_beginning(market: MarketCard):
    who = await member(market)
    talk = await begun(market, who)
    ended = await asked(market, talk, who, "What is this?", [await put(market, talk, who)])
    assert cited(ended)[0] == ("file", "contract.pdf", "your file, page 1")
    assert "one evening" in ended.text


async def test_a_later_question_finds_it_where_it_bears_on_it_and_nothing_else_does(
    market: MarketCard, shelf: Shelf
):
    who = await member(market)
    talk = await begun(market, who)
    file = await put(market, talk, who)
    await asked(market, talk, who, "When is the deposit returned?", [file])
    later = await asked(market, talk, who, "Until what hour may there be music?")
    assert cited(later)[0] == ("file", "contract.pdf", "your file, page 3")
    other = await asked(market, talk, who, "a tap is leaking, I need a plumber")
    assert {kind for kind, _, _ in cited(other)} == {"listing"}
    hello = await asked(market, talk, who, "hello")
    assert cited(hello) == []


async def test_no_other_conversation_is_answered_from_it(market: MarketCard):
    who = await member(market)
    talk, other = await begun(market, who), await begun(market, who)
    file = await put(market, talk, who)
    await asked(market, talk, who, "When is the deposit returned?", [file])
    elsewhere = await asked(market, other, who, "When is the deposit returned?")
    assert "file" not in {kind for kind, _, _ in cited(elsewhere)}
    assert "ten working days" not in elsewhere.text


async def test_a_service_is_found_beside_what_the_file_says(market: MarketCard):
    who = await member(market)
    talk = await begun(market, who)
    data = b"The kitchen tap is leaking since Monday. The house is in Oslo."
    file = await put(market, talk, who, data, "damage.txt")
    ended = await asked(market, talk, who, "find me a plumber, a tap is leaking", [file])
    assert {kind for kind, _, _ in cited(ended)} == {"listing", "file"}


async def test_asking_anew_and_otherwise_keeps_the_file(market: MarketCard):
    who = await member(market)
    talk = await begun(market, who)
    file = await put(market, talk, who)
    await asked(market, talk, who, "When is the deposit returned?", [file])
    reply = await answering.ask_again(market, "en", talk, who)
    ended = [event async for event in reply.follow()][-1]
    assert isinstance(ended, Ended)
    assert cited(ended)[0][2] == "your file, page 2"
    _talk, reply = await answering.ask(
        market, "en", "Until what hour may there be music?", talk, who, edits=1
    )
    ended = [event async for event in reply.follow()][-1]
    assert isinstance(ended, Ended)
    assert cited(ended)[0][2] == "your file, page 3"


async def test_what_cannot_be_read_or_is_not_read_yet_is_said(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading_files, "WAITS", 0.1)
    who = await member(market)
    talk = await begun(market, who)
    locked = await put(market, talk, who, files.pdf([(11, "no")], password=True), "[1] evil.pdf")
    ended = await asked(market, talk, who, "What does it say?", [locked])
    assert "“(1) evil.pdf”" in ended.text
    assert "password" in ended.text
    assert ended.citations == ()
    slow = await put(market, talk, who, read=False)
    ended = await asked(market, talk, who, "What does it say?", [slow])
    assert "still reading “contract.pdf”" in ended.text
    await work_off()
    ended = await asked(market, talk, who, "When is the deposit returned?")
    assert cited(ended)[0][2] == "your file, page 2"


async def test_what_is_trained_on_never_cites_a_file(market: MarketCard):

    who = await member(market)
    talk = await begun(market, who)
    file = await put(market, talk, who)
    async with tenant_session(market.id) as session:
        await say(session, actors.person(market.id, who), "improvement", given=True)
    await asked(market, talk, who, "When is the deposit returned?", [file])
    await asked(market, talk, who, "a tap is leaking, I need a plumber")
    async with tenant_session(market.id) as session:
        found = await waiting(session, actors.system(market.id, "tests"))
    assert [one.asked for one in found] == ["a tap is leaking, I need a plumber"]
