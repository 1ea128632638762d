"""The pages of texts: asked for, followed while they are written, cancelled, kept and changed."""

import asyncio
import dataclasses
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from limits import parse

from agents.maestro import maestro
from app.accounts.actors import system
from app.accounts.limits import LIMITS, forget_attempts
from app.accounts.permissions import Permission
from app.accounts.signing import person_of_token, sign_in, sign_up
from app.database import tenant_session
from app.inference.model import Brief
from app.markets import directory
from app.markets.directory import MarketCard
from app.markets.modules import switch_off
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.page import PageState
from state.writings.listing import WritingsState
from state.writings.opened import OpenedState
from state.writings.writing import WritingState
from tests.database.state.conftest import Tab
from tests.database.state.test_conversations import in_background
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import ROWS, listing, open_market

__all__ = ["in_background"]

pytestmark = pytest.mark.usefixtures("in_background")


@pytest.fixture
async def market(database: object) -> MarketCard:
    await forget_attempts()
    return await open_market()


async def arrived(market: MarketCard, tab: Tabs, email: str) -> tuple[Tab, UUID]:
    async with tenant_session(market.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        token = await sign_in(session, email, PASSWORD, "")
        who = await person_of_token(session, token)
    assert who is not None
    found = tab(market)
    found.visit("/en/texts", token)
    return found, who.id


async def load(page: Any, handler: str = "load") -> Declaration:
    told = Declaration()
    with declaring(told):
        await getattr(page, handler)()
    return told


@pytest.fixture
async def here(market: MarketCard, tab: Tabs) -> tuple[Tab, UUID, UUID]:
    """Ada's tab, her wedding, and a service on its shortlist."""
    found, person_id = await arrived(market, tab, "ada@example.com")
    async with tenant_session(market.id) as session:
        event = await ROWS["project"](session, person_id=person_id)
        offer = await listing(session)
        await ROWS["shortlist_entry"](
            session, person_id=person_id, listing_id=offer.id, project_id=event.id
        )
    return found, event.id, offer.id


async def written(tab: Tab, form: dict[str, Any]) -> str:
    """The id of the text that the form has written, from where it leads to."""
    page = await tab.of(WritingState)
    led = await WritingState.write.fn(page, form)
    listed = await tab.of(WritingsState)
    assert led is not None, listed.refused
    return str(led.args[0][1]).strip('"').rpartition("/")[2]


async def opened(tab: Tab, writing_id: str) -> OpenedState:
    tab.visit(f"/en/texts/{writing_id}", tab.token)
    page = await tab.of(OpenedState)
    await load(page)
    assert page.ready
    return page


async def test_a_proposal_is_asked_for_kept_and_shown(here: tuple[Tab, UUID, UUID]):
    tab, event, offer = here
    tab.visit(f"/en/events/{event}/texts", tab.token)
    listed = await tab.of(WritingsState)
    await load(listed, "load_of_event")
    assert [one.value for one in listed.services] == [str(offer)]
    assert [one.value for one in listed.subjects] == [f"event:{event}", f"listing:{offer}"]
    form = {"kind": "proposal", "event": str(event), f"service.{offer}": "on", "locale": "en"}
    made = await written(tab, form)
    page = await opened(tab, made)
    shown = page.shown
    assert (shown.kind_name, shown.composed) == ("Proposal", True)
    assert shown.made == "Composed without a model."
    assert shown.event_url == f"/en/events/{event}"
    assert [card.kind for card in shown.citations] == ["event", "listing"]
    assert (await tab.of(PageState)).crumbs[-1].name == shown.title
    await load(listed)
    assert [(one.id, one.kind) for one in listed.rows] == [(made, "proposal")]
    writing = await tab.of(WritingState)
    assert (writing.target, writing.text) == ("", "")


async def test_a_marketing_text_has_a_language_and_says_what_was_not_heeded(
    here: tuple[Tab, UUID, UUID],
):
    tab, event, _offer = here
    form = {
        "kind": "marketing",
        "subject": f"event:{event}",
        "locale": "ru",
        "length": "short",
        "channel": "post",
        "tone": "warm",
    }
    page = await opened(tab, await written(tab, form))
    assert (page.shown.language, page.shown.wished, page.shown.composed) == ("ru", True, True)
    # What is no channel, tone, language or subject is not written.
    writing, listed = await tab.of(WritingState), await tab.of(WritingsState)
    for wrong in (
        {"tone": "angry"},
        {"channel": "tv"},
        {"locale": "xx"},
        {"subject": "event:x"},
        {"subject": ""},
        {"kind": "ode"},
    ):
        assert await WritingState.write.fn(writing, form | wrong) is None
        assert listed.refused, wrong
        assert writing.target == ""
    await load(listed)
    assert (len(listed.rows), listed.refused) == (1, "")


async def test_a_text_is_changed_gone_back_to_and_deleted(here: tuple[Tab, UUID, UUID]):
    tab, event, _offer = here
    form = {"kind": "proposal", "event": str(event)}
    page = await opened(tab, await written(tab, form))
    admin, first = await tab.of(AdminState), page.shown.text
    await page.begin_editing()
    await page.save({"title": "", "text": "x", "version": "1"})
    assert (page.problem_field, page.editing) == ("title", True)
    await page.save({"title": "Ours", "text": "A hall.", "version": "1"})
    assert (page.shown.title, page.shown.text, page.editing) == ("Ours", "A hall.", False)
    assert page.shown.made == "Composed without a model, and changed by hand."
    assert admin.undoable
    await page.save({"title": "Late", "text": "Late", "version": "1"})
    assert (admin.notice_kind, page.shown.title) == ("wrong", "Ours")
    await page.go_back_to(1)
    assert (page.shown.text, page.version) == (first, 3)
    writing = await tab.of(WritingState)
    await WritingState.write.fn(writing, {"again": page.writing_id})
    assert (page.version, page.shown.made, page.refused) == (4, "Composed without a model.", "")
    assert [one.number for one in page.versions] == [4, 3, 2, 1]
    assert await page.remove() is not None
    assert (await load(page)).status == 404


async def test_what_is_cancelled_is_not_kept(
    here: tuple[Tab, UUID, UUID], monkeypatch: pytest.MonkeyPatch
):
    tab, event, _offer = here
    said = asyncio.Event()

    class Endless:
        name = "endless"

        async def stream(self, brief: Brief):
            yield "For the first hour"
            said.set()
            await asyncio.sleep(60)

    real = maestro().agents["communication"].deps
    slow = SimpleNamespace(deps=dataclasses.replace(real, model=Endless()))
    monkeypatch.setattr(
        "state.writings.writing.maestro", lambda: SimpleNamespace(agents={"communication": slow})
    )
    writing = await tab.of(WritingState)
    form = {"kind": "proposal", "event": str(event)}
    task = asyncio.create_task(WritingState.write.fn(writing, form))
    await asyncio.wait_for(said.wait(), 10)
    assert (writing.target, writing.text) == ("new", "For the first hour")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await WritingState.write.fn(writing, {})
    assert (writing.target, writing.text) == ("", "")
    listed = await tab.of(WritingsState)
    await load(listed)
    assert listed.rows == []


async def test_texts_are_counted_like_those_over_http(
    here: tuple[Tab, UUID, UUID], monkeypatch: pytest.MonkeyPatch
):
    tab, event, _offer = here
    monkeypatch.setitem(LIMITS, "texts", parse("1/minute"))
    form = {"kind": "proposal", "event": str(event)}
    await written(tab, form)
    writing, listed = await tab.of(WritingState), await tab.of(WritingsState)
    assert await WritingState.write.fn(writing, form) is None
    assert listed.refused


async def test_nobody_elses_texts_open_or_change(
    market: MarketCard, here: tuple[Tab, UUID, UUID], tab: Tabs
):
    mine, event, _offer = here
    made = await written(mine, {"kind": "proposal", "event": str(event)})
    other, _person = await arrived(market, tab, "grace@example.com")
    other.visit(f"/en/texts/{made}", other.token)
    page = await other.of(OpenedState)
    assert (await load(page)).status == 404
    assert (page.ready, page.shown.text) == (False, "")
    page.writing_id = made
    writing, hostile = await other.of(WritingState), cast("Any", {"a": 1})
    for deed in (
        page.save({"title": "Mine", "text": "Mine", "version": "1"}),
        page.save(hostile),
        page.go_back_to(1),
        page.go_back_to(hostile),
        page.remove(),
        WritingState.write.fn(writing, {"again": made}),
        WritingState.write.fn(writing, {"again": {"a": 1}}),
        WritingState.write.fn(writing, {"kind": "proposal", "event": str(event)}),
        WritingState.write.fn(writing, {"kind": "marketing", "subject": f"event:{event}"}),
        WritingState.write.fn(writing, cast("Any", ["x"])),
    ):
        await deed
    assert page.shown.text == ""
    listed = await other.of(WritingsState)
    other.visit("/en/texts", other.token)
    await load(listed)
    await listed.choose_event(str(event))
    await listed.choose_event(hostile)
    await listed.choose_kind(hostile)
    await listed.turn(hostile)
    assert (listed.rows, listed.services, listed.events) == ([], [], [])
    assert (await opened(mine, made)).version == 1


async def test_there_are_no_texts_where_the_market_answers_nobody(
    market: MarketCard, here: tuple[Tab, UUID, UUID]
):
    tab, event, _offer = here
    async with tenant_session(market.id) as session:
        await switch_off(session, system(market.id, "tests", Permission.SHAPE), ["chat"], 1)
    directory.forget()
    assert (await load(await tab.of(WritingsState))).status == 404
    tab.visit(f"/en/events/{event}/texts", tab.token)
    assert (await load(await tab.of(WritingsState), "load_of_event")).status == 404
