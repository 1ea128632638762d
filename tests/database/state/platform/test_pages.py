"""The platform's pages: what its owner does there, and what nobody else can."""

from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.models import Ticket
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.jobs.work import work_off
from app.markets.directory import MarketCard, market_by_id, market_by_key
from app.markets.platform import ensure_platform
from app.rendering.page import Declaration, declaring
from app.settings import settings
from state.admin.entry import AdminState
from state.admin.export import ExportState
from state.page import PageState
from state.platform.entry import PlatformState, running
from state.platform.market import PlatformMarketState
from state.platform.markets import MarketsState
from state.platform.opening import OpeningState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market

NOBODYS = "018f3c5a-0000-7000-8000-00000000beef"
"""An id that no market has; a new one each time would name the tests anew in each process."""
FORM = {"speak.en": "on", "name.en": "Oslo", "default_locale": "en", "currency": "EUR"}


@pytest.fixture
async def agora(database: object) -> MarketCard:
    return await ensure_platform()


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def entered(
    tab: Tabs, home: MarketCard, path: str, role: Role | None = Role.PLATFORM_OWNER
) -> Tab:
    """A tab on `home`'s host of somebody with the role."""
    email = f"{uuid4().hex}@example.com"
    async with tenant_session(home.id) as session:
        one = await sign_up(session, email, "Grace", PASSWORD, "en")
        if role is not None:
            await give_role(session, actors.system(home.id, "tests"), one.id, role)
        token = await sign_in(session, email, PASSWORD, "")
    here = tab(home)
    here.visit(path, token)
    return here


async def loaded(here: Tab, part: type[Any]) -> Any:
    page = await here.of(part)
    with declaring(Declaration()):
        await page.load()
    return page


async def test_the_list_shows_markets_and_finds_them(
    agora: MarketCard, market: MarketCard, tab: Tabs
):
    page = await loaded(await entered(tab, agora, "/en/platform"), MarketsState)
    assert page.total >= 1
    await page.search({"words": market.key, "state": "open"})
    assert market.key in [row.key for row in page.rows]
    await page.search({"words": market.key, "state": "suspended"})
    assert page.rows == []
    for forged in ({"words": {"a": 1}, "state": ["open"]}, None, [], "x", {"words": "\x00"}):
        await page.search(forged)
        assert page.total >= 1


@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.OWNER])
async def test_nobody_else_sees_or_does_anything(
    agora: MarketCard, market: MarketCard, tab: Tabs, role: Role | None
):
    here = await entered(tab, agora, f"/en/platform/markets/{market.id}", role)
    page = await loaded(here, PlatformMarketState)
    shown = await here.of(PageState)
    assert (shown.refusal != "", page.found, page.key) == (True, False, "")
    page.market_id = str(market.id)
    listing, opening = await here.of(MarketsState), await here.of(OpeningState)
    for deed in (
        page.suspend({}),
        page.resume(),
        page.export(),
        page.erase({"typed": market.key, "when": "now"}),
        page.save_quotas({"listings": "1"}),
        page.invite({"owner": "me@example.com"}),
        listing.search({}),
        listing.later(),
        listing.earlier(),
    ):
        with pytest.raises(NotAllowed):
            await deed
    await opening.open_market({"key": "stolen", **FORM, "timezone": "UTC"})
    assert opening.opened_id == ""
    assert await market_by_key("stolen") is None
    assert await market_by_id(market.id) == market


async def test_on_a_markets_own_host_there_is_no_platform(market: MarketCard, tab: Tabs):
    here = await entered(tab, market, f"/en/platform/markets/{market.id}", Role.PLATFORM_OWNER)
    page = await loaded(here, PlatformMarketState)
    assert (await here.of(PageState)).missing
    page.market_id = str(market.id)
    with pytest.raises(NotFound):
        await page.suspend({})
    assert (await market_by_id(market.id) or market).is_open


async def test_a_market_is_opened_with_an_invitation_for_its_owner(agora: MarketCard, tab: Tabs):
    page = await loaded(await entered(tab, agora, "/en/platform/open"), OpeningState)
    key = f"o{uuid4().hex[:8]}"
    form = {"key": key, **FORM, "timezone": "UTC", "owner": "boss@example.com"}
    for wrong, field in (
        ({"key": "O O"}, "key"),
        ({"name.en": ""}, "name.en"),
        ({"speak.en": ""}, "locales"),
        ({"default_locale": "de"}, "default_locale"),
        ({"timezone": "x"}, "timezone"),
        ({"owner": "boss"}, "owner"),
        ({"currency": {"a": 1}}, "currency"),
    ):
        await page.open_market({**form, **wrong})
        assert (page.problem_field, page.opened_id) == (field, "")
        assert page.problem
    await page.open_market(form)
    assert (page.problem, page.invited) == ("", "boss@example.com")
    assert page.opened_home.startswith(f"http://{key}.localhost")
    opened = await market_by_key(key)
    assert opened is not None
    async with tenant_session(opened.id) as session:
        (ticket,) = (await session.exec(select(Ticket))).all()
    assert (ticket.email, ticket.told["role"]) == ("boss@example.com", "owner")
    await page.open_market(form)
    assert page.problem_field == "key"


async def told_the_reason(market: MarketCard, tab: Tabs, reason: str) -> None:
    """Its admin reads in the console why it is closed."""
    here = await entered(tab, market, "/en/admin/export", Role.ADMIN)
    await loaded(here, ExportState)
    frame = await here.of(AdminState)
    assert (frame.closed, frame.closed_because) == (True, reason)


async def test_a_market_is_suspended_limited_exported_and_erased(
    agora: MarketCard, market: MarketCard, tab: Tabs
):
    here = await entered(tab, agora, f"/en/platform/markets/{market.id}")
    page = await loaded(here, PlatformMarketState)
    said = await here.of(AdminState)
    assert (page.found, page.key, page.standing) == (True, market.key, "open")
    await page.suspend({"reason": " The invoice of May\n is unpaid. "})
    assert (page.standing, said.notice_kind) == ("suspended", "done")
    assert page.because == "The invoice of May is unpaid."
    await told_the_reason(market, tab, "The invoice of May is unpaid.")
    await page.resume()
    assert (page.standing, page.because) == ("open", "")
    await page.save_quotas({"listings": "5", "storage_bytes": "1,5", "members": "x"})
    assert page.problem_field == "members"
    await page.save_quotas({"listings": "5", "storage_bytes": "1,5", "members": None})
    assert page.quotas["storage_bytes"] == "1.5"
    limited = await market_by_id(market.id)
    assert limited is not None
    assert limited.quotas == {"listings": 5, "storage_bytes": 1_500_000}
    await page.invite({"owner": "nobody"})
    assert page.problem_field == "owner"
    await page.export()
    assert page.exporting
    await work_off()
    await page.erase({"typed": "something", "when": "now"})
    assert (page.problem_field, page.standing) == ("typed", "open")
    await page.erase({"typed": market.key, "when": ["now"]})
    assert (page.standing, page.erasing, page.archives[0].state) == ("closing", False, "done")
    assert page.erased_on
    await page.erase({"typed": market.key, "when": "now"})
    assert page.erasing
    await work_off()
    page = await loaded(here, PlatformMarketState)
    assert (page.found, page.erasing) == (False, False)
    assert {line.name: line.after for line in page.report}["market"] == 0
    assert next(line for line in page.report if line.name == "market").before == 1
    async with tenant_session(agora.id) as session:
        query = select(AuditEntry).where(AuditEntry.subject_id == str(market.id))
        noted = (await session.exec(query)).all()
    deeds = {one.action: one.actor_name for one in noted}
    assert {"market.suspended", "market.resumed", "market.quotas_set"} <= set(deeds)
    assert {"market.export_asked", "market.erasure_asked", "market.erased"} <= set(deeds)
    assert deeds["market.suspended"] == "Grace"
    assert {"key": market.key, "reason": "The invoice of May is unpaid."} in [
        one.after for one in noted
    ]


@pytest.mark.parametrize("told", ["", "x", NOBODYS, "\x00", {"a": 1}, None])
async def test_a_market_that_is_none_is_missing_and_cannot_be_acted_on(
    agora: MarketCard, tab: Tabs, told: Any
):
    here = await entered(tab, agora, "/en/platform/markets/none")
    page = await loaded(here, PlatformMarketState)
    assert (await here.of(PageState)).missing
    page.market_id = told
    await page.suspend({})
    await page.erase(told)
    await page.save_quotas({"listings": "1"})
    assert (await here.of(AdminState)).notice_kind == "wrong"
    with pytest.raises(AppError):
        await page._read(await running(page))


async def test_the_platform_itself_cannot_be_acted_on(agora: MarketCard, tab: Tabs):
    here = await entered(tab, agora, f"/en/platform/markets/{agora.id}")
    page = await loaded(here, PlatformMarketState)
    assert (await here.of(PageState)).missing
    await page.erase({"typed": agora.key, "when": "now"})
    assert (await here.of(AdminState)).notice_kind == "wrong"
    assert (await market_by_id(agora.id) or agora).is_open


async def test_without_the_owner_of_the_database_the_pages_say_so(
    agora: MarketCard, market: MarketCard, tab: Tabs, monkeypatch: pytest.MonkeyPatch
):
    here = await entered(tab, agora, f"/en/platform/markets/{market.id}")
    monkeypatch.delenv("DATABASE_OWNER_URL")
    settings.cache_clear()
    try:
        page = await loaded(here, PlatformMarketState)
        assert (page.found, (await here.of(PlatformState)).bound) == (True, True)
        await page.suspend({})
        assert "DATABASE_OWNER_URL" in (await here.of(AdminState)).notice
        opening = await here.of(OpeningState)
        await opening.open_market({"key": "unopened", **FORM, "timezone": "UTC"})
        assert "DATABASE_OWNER_URL" in (await here.of(AdminState)).notice
    finally:
        monkeypatch.undo()
        settings.cache_clear()
