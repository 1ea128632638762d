"""The lab: what a question finds for whom, and sets of questions that are measured."""

import pytest

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.jobs.work import work_off
from app.knowledge import documents, questions
from app.knowledge.documents import File
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.knowledge import KnowledgeState
from state.admin.knowledge_lab import KnowledgeLabState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market

RULES = """# House rules

## Cancelling

A booking can be cancelled free of charge until six in the evening of the day before.
"""
QUESTION = "Until when can I cancel for free?"


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, *roles: Role) -> tuple[Tab, KnowledgeLabState]:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        system = actors.system(market.id, "tests")
        for role in roles:
            await give_role(session, system, member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
        await documents.take_in(session, system, File(RULES.encode(), "rules.md"), access="members")
    await work_off()
    here = tab(market)
    here.visit("/en/admin/knowledge/lab", token)
    page = await here.of(KnowledgeLabState)
    with declaring(Declaration()):
        await page.load()
    return here, page


async def test_a_question_shows_what_is_found_and_for_whom(market: MarketCard, tab: Tabs):
    _here, page = await opened(market, tab, Role.ADMIN)
    await page.ask({"question": QUESTION, "reader": "members"})
    assert [(row.access, row.given) for row in page.looked] == [("members", True)]
    await page.ask({"question": QUESTION, "reader": "public"})
    assert [(row.access, row.given) for row in page.looked] == [("members", False)]
    await page.ask({"question": "Who won the match?", "reader": "staff"})
    assert not any(row.given for row in page.looked)


async def test_a_set_is_measured_and_compared_with_the_time_before(market: MarketCard, tab: Tabs):
    _here, page = await opened(market, tab, Role.ADMIN)
    await page.make({"name": "Basics"})
    (document,) = page.documents
    await page.add(
        {"text": QUESTION, "document": document.value, "passages": "Six in the  evening"}
    )
    await page.add({"text": "Who won the match?", "document": ""})
    for note in ("before", "after"):
        await page.measure({"note": note})
        await work_off()
        if note == "before":
            await page.add({"text": QUESTION, "document": document.value, "passages": "noon"})
    await page.choose(page.open_set)
    after, before = page.measured
    assert (before.note, before.recall, before.mrr, before.precision, before.abstained) == (
        "before",
        100,
        100,
        100,
        100,
    )
    assert (after.questions, after.recall, after.precision) == (3, 50, 50)
    assert (before.change, after.change) == ("", "-50 / -50 / -50 / =")
    assert [row.went for row in page.rows] == ["right", "right", "wrong"]
    await page.drop()
    assert (page.sets, page.rows, page.measured) == ([], [], [])


async def test_a_set_without_questions_is_not_measured(market: MarketCard, tab: Tabs):
    _here, page = await opened(market, tab, Role.ADMIN)
    await page.make({"name": "Empty"})
    async with tenant_session(market.id) as session:
        keeper = actors.system(market.id, "tests")
        made = (await questions.sets_of(session, keeper))[0]
        await questions.have_measured(session, keeper, made.id)
    await work_off()
    await page.choose(page.open_set)
    assert page.measured == []


@pytest.mark.parametrize("forged", ["", "1", {"a": 1}, None, ["x"], "0" * 36])
async def test_forged_payloads_break_nothing(market: MarketCard, tab: Tabs, forged: object):
    here, page = await opened(market, tab, Role.ADMIN)
    wild: dict[str, object] = dict.fromkeys(
        ("question", "reader", "name", "text", "document", "note", "url", "web_access", "words"),
        forged,
    )
    await page.choose(forged)  # pyright: ignore[reportArgumentType]
    for deed in (page.ask(wild), page.add(wild), page.measure(wild), page.remove(forged)):  # pyright: ignore[reportArgumentType]
        await deed
    listed = await here.of(KnowledgeState)
    await listed.search(wild)
    await listed.fetch(wild)
    for deed in (listed.again, listed.stop, listed.delete):
        await deed(forged)  # pyright: ignore[reportArgumentType]
    assert (await here.of(AdminState)).notice_kind == "wrong"
    assert page.sets == []


async def test_an_operator_is_shown_nothing(market: MarketCard, tab: Tabs):
    _here, page = await opened(market, tab, Role.OPERATOR)
    assert (page.sets, page.documents, page.looked) == ([], [], [])
