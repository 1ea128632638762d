"""The console's listings: found, changed many at once, edited one by one; and forged events."""

from typing import Any
from uuid import uuid4

import pytest

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.catalogue.models import Listing
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.listings import AdminListingState, ListingsState
from state.page import PageState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import listing, open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def staff(market: MarketCard, tab: Tabs, path: str, *roles: Role) -> Tab:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
    here = tab(market)
    here.visit(path, token)
    return here


async def table(market: MarketCard, tab: Tabs, *roles: Role) -> tuple[Tab, ListingsState]:
    here = await staff(market, tab, "/en/admin/listings", *roles)
    page = await here.of(ListingsState)
    with declaring(Declaration()):
        await page.load()
    return here, page


async def stocked(market: MarketCard, *states: str) -> list[str]:
    async with tenant_session(market.id) as session:
        return [
            str((await listing(session, state=state, title={"en": f"Work {state}"})).id)
            for state in states
        ]


async def state_of(market: MarketCard, listing_id: str) -> str:
    async with tenant_session(market.id) as session:
        return (await session.get_one(Listing, listing_id)).state


async def test_staff_finds_by_words_and_state(market: MarketCard, tab: Tabs):
    ids = await stocked(market, "waiting", "published", "draft")
    _here, page = await table(market, tab, Role.OPERATOR)
    assert {row.id for row in page.rows} == set(ids)
    await page.search({"words": "WAITING", "order": "title"})
    assert [row.id for row in page.rows] == ids[:1]
    await page.search({"state": "draft"})
    assert [(row.id, row.state_name) for row in page.rows] == [(ids[2], "draft")]
    await page.search({"words": "100%_"})
    assert page.rows == []
    await page.seek_all()
    assert page.total == 3


async def test_ticked_listings_are_published_and_that_is_undone(market: MarketCard, tab: Tabs):
    first, second, third = await stocked(market, "waiting", "hidden", "draft")
    here, page = await table(market, tab, Role.OPERATOR)
    await page.apply({f"pick.{first}": "on", f"pick.{second}": "on", "deed": "publish"})
    assert [await state_of(market, one) for one in (first, second, third)] == [
        "published",
        "published",
        "draft",
    ]
    assert (await here.of(AdminState)).undoable
    await page.undo()
    assert [await state_of(market, one) for one in (first, second)] == ["waiting", "hidden"]


async def test_an_operator_does_not_move_listings(market: MarketCard, tab: Tabs):
    (first,) = await stocked(market, "published")
    here, page = await table(market, tab, Role.OPERATOR)
    assert not page.may_edit
    await page.apply({f"pick.{first}": "on", "deed": "recategorise", "category": "shop/florist"})
    assert (await here.of(AdminState)).notice_kind == "wrong"
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Listing, first)).category == "craft/plumber"


async def test_a_member_sees_no_table(market: MarketCard, tab: Tabs):
    await stocked(market, "draft")
    _here, page = await table(market, tab)
    assert (page.rows, page.loaded) == ([], False)


@pytest.mark.parametrize("forged", [{"a": 1}, None, ["x"], "../", 7, "\x00"])
async def test_forged_events_change_nothing(market: MarketCard, tab: Tabs, forged: Any):
    (first,) = await stocked(market, "published")
    here, page = await table(market, tab, Role.OWNER)
    for name in ("words", "state", "category", "provider", "language", "order"):
        await page.search({name: forged})
    await page.apply({f"pick.{first}": "on", "deed": forged})
    await page.apply({f"pick.{forged}": "on", "deed": "hide"})
    await page.apply({f"pick.{first}": "on", f"pick.{uuid4()}": "on", "deed": "hide"})
    await page.apply({f"pick.{first}": "on", "deed": "recategorise", "category": forged})
    assert (await here.of(AdminState)).notice_kind == "wrong"
    assert await state_of(market, first) == "published"


async def opened(here: Tab) -> AdminListingState:
    page = await here.of(AdminListingState)
    with declaring(Declaration()):
        await page.load()
    return page


def form(page: AdminListingState, **more: Any) -> dict[str, Any]:
    texts = {
        f"{name}.{one.code}": getattr(one, name)
        for one in page.texts
        for name in ("title", "description", "city")
    }
    return {**texts, **page.told, **more}


async def test_two_editors_of_one_listing_see_both_and_decide(market: MarketCard, tab: Tabs):
    (first,) = await stocked(market, "published")
    here = await staff(market, tab, f"/en/admin/listings/{first}", Role.ADMIN)
    page = await opened(here)
    async with tenant_session(market.id) as session:
        stands = await session.get_one(Listing, first)
        stands.title, stands.version = {"en": "Theirs"}, stands.version + 1
    await page.save(form(page, **{"title.en": "Mine"}))
    assert [(one.theirs, one.mine) for one in page.conflicts] == [("Theirs", "Mine")]
    await page.keep_mine()
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Listing, first)).title["en"] == "Mine"
    await page.undo()
    async with tenant_session(market.id) as session:
        assert (await session.get_one(Listing, first)).title["en"] == "Theirs"


async def test_a_field_that_cannot_stand_is_named(market: MarketCard, tab: Tabs):
    (first,) = await stocked(market, "published")
    here = await staff(market, tab, f"/en/admin/listings/{first}", Role.ADMIN)
    page = await opened(here)
    await page.save(form(page, amount="a lot"))
    assert page.problem_field == "amount"
    assert page.problem == "The price must be a number such as 49.90."
    assert (await here.of(AdminState)).notice_kind == "wrong"


@pytest.mark.parametrize("slug", ["nothing", "00000000-0000-0000-0000-000000000000"])
async def test_a_listing_that_is_none_is_not_found(market: MarketCard, tab: Tabs, slug: str):
    here = await staff(market, tab, f"/en/admin/listings/{slug}", Role.ADMIN)
    page = await opened(here)
    assert not page.ready
    assert (await here.of(PageState)).refusal != ""


async def test_another_markets_listing_is_not_found(market: MarketCard, tab: Tabs):
    other = await open_market()
    (theirs,) = await stocked(other, "published")
    here = await staff(market, tab, f"/en/admin/listings/{theirs}", Role.ADMIN)
    page = await opened(here)
    assert not page.ready
    await page.judge({"deed": "hide"})
    await page.delete()
    assert await state_of(other, theirs) == "published"
