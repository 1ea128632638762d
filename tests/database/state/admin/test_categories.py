"""Two admins name the same category: the second is shown both names and decides."""

import pytest

from app.catalogue.choices import choices
from app.catalogue.taxonomy import categories
from app.database import tenant_session
from app.markets.directory import MarketCard
from state.admin.categories import CategoriesState
from state.admin.entry import AdminState
from tests.database.state.admin.conftest import Staffed
from tests.factories import open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
def key() -> str:
    return categories()[0].key


def form(key: str, name: str, version: int, hidden: str = "no") -> dict[str, str]:
    named = {"name.en": name, "name.ru": ""}
    return named | {"category": key, "version": str(version), "hidden": hidden}


async def named(market: MarketCard, key: str) -> tuple[str, bool]:
    async with tenant_session(market.id) as session:
        decided = await choices(session)
    return decided.name(key, "en"), decided.hidden(key)


async def opened(market: MarketCard, staffed: Staffed, key: str, email: str) -> CategoriesState:
    here = await staffed(market, "/en/admin/categories", email=email)
    part = await here.of(CategoriesState)
    await part.load()
    await part.add({"category": key})
    return part


async def test_of_two_editors_the_second_decides(market: MarketCard, staffed: Staffed, key: str):
    first = await opened(market, staffed, key, "ada@example.com")
    second = await opened(market, staffed, key, "bob@example.com")
    await first.save(form(key, "Red", 0))
    await second.save(form(key, "Blue", 0, "yes"))
    assert await named(market, key) == ("Red", False)
    shown = {row.name: (row.theirs, row.mine) for row in second.conflicts}
    assert shown == {"English": ("Red", "Blue"), "State": ("shown", "hidden")}
    assert second.opened == key
    await second.keep_mine()
    assert (second.conflicts, await named(market, key)) == ([], ("Blue", True))
    await first.save(form(key, "Green", 1))
    assert first.conflicts
    await first.take_theirs()
    assert (first.conflicts, await named(market, key)) == ([], ("Blue", True))
    # What was decided is not saved by a second press.
    await first.keep_mine()
    assert await named(market, key) == ("Blue", True)


async def test_a_third_change_is_shown_too(market: MarketCard, staffed: Staffed, key: str):
    first = await opened(market, staffed, key, "ada@example.com")
    second = await opened(market, staffed, key, "bob@example.com")
    await first.save(form(key, "Red", 0))
    await second.save(form(key, "Blue", 0))
    await first.save(form(key, "Crimson", 1))
    await second.keep_mine()
    assert [row.theirs for row in second.conflicts] == ["Crimson"]
    assert await named(market, key) == ("Crimson", False)
    await second.keep_mine()
    assert await named(market, key) == ("Blue", False)


async def test_a_new_place_is_no_conflict(market: MarketCard, staffed: Staffed, key: str):
    first = await opened(market, staffed, key, "ada@example.com")
    await first.save(form(key, "Red", 0))
    second = await opened(market, staffed, key, "bob@example.com")
    other = categories()[1].key
    await first.add({"category": other})
    await first.move(other, -1)
    await first.move(other, 1)
    await second.save(form(key, "Blue", 1))
    assert (second.conflicts, await named(market, key)) == ([], ("Blue", False))
    notice = await second.get_state(AdminState)
    assert (notice.notice, notice.notice_kind) == ("Saved.", "done")
