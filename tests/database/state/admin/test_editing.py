"""Two admins in two tabs: what one saves, the other is shown, and nothing is lost."""

import pytest

from app.accounts.permissions import Role
from app.markets.directory import MarketCard, forget_market, market_by_id
from app.markets.wording import WORDS
from state.admin.brand import BrandState
from state.admin.entry import AdminState
from state.admin.hosts import HostsState
from state.admin.modules import ModulesState
from state.admin.place import PlaceState
from state.admin.wording import WordingState
from state.locale import LocaleState
from state.page import PageState
from tests.database.state.admin.conftest import Staffed
from tests.factories import open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


def sign(color: str, name: str) -> dict[str, str]:
    return {"color": color, "font": "onest", "name.en": name, "tagline.en": "", "name.ru": "Имя"}


async def stands(market: MarketCard) -> MarketCard:
    forget_market(market.id)
    found = await market_by_id(market.id)
    assert found is not None
    return found


async def test_a_save_shows_at_once_and_can_be_taken_back(market: MarketCard, staffed: Staffed):
    here = await staffed(market, "/en/admin/brand")
    brand = await here.of(BrandState)
    await brand.load()
    before = (brand.color, market.name)
    await brand.save(sign("#b91c1c", "Red"))
    assert (await here.of(PageState)).market_name == "Red"
    notice = await here.of(AdminState)
    assert (notice.notice, notice.undoable) == ("Saved.", True)
    await brand.undo()
    assert (brand.color, (await stands(market)).name) == before
    assert not notice.undoable


async def test_of_two_editors_the_second_decides(market: MarketCard, staffed: Staffed):
    one = await staffed(market, "/en/admin/brand")
    two = await staffed(market, "/en/admin/brand", email="bob@example.com")
    first, second = await one.of(BrandState), await two.of(BrandState)
    await first.load()
    await second.load()
    await first.save(sign("#b91c1c", "Red"))
    await second.save(sign("#0000ff", "Blue"))
    assert (await stands(market)).named("en") == "Red"
    shown = {row.name: (row.theirs, row.mine) for row in second.conflicts}
    assert shown["Colour"] == ("#b91c1c", "#0000ff")
    assert shown["Name (English)"] == ("Red", "Blue")
    await second.keep_mine()
    assert (second.conflicts, (await stands(market)).named("en")) == ([], "Blue")
    await first.save(sign("#00ff00", "Green"))
    assert first.conflicts
    await first.take_theirs()
    assert (first.conflicts, first.color) == ([], "#0000ff")
    assert (await stands(market)).named("en") == "Blue"


async def test_a_third_change_is_shown_too(market: MarketCard, staffed: Staffed):
    one = await staffed(market, "/en/admin/brand")
    two = await staffed(market, "/en/admin/brand", email="bob@example.com")
    first, second = await one.of(BrandState), await two.of(BrandState)
    await first.load()
    await second.load()
    await first.save(sign("#b91c1c", "Red"))
    await second.save(sign("#0000ff", "Blue"))
    await first.save(sign("#b91c1c", "Crimson"))
    await second.keep_mine()
    assert (await stands(market)).named("en") == "Crimson"
    assert ("Name (English)", "Crimson", "Blue") in [
        (row.name, row.theirs, row.mine) for row in second.conflicts
    ]
    await second.keep_mine()
    assert (second.conflicts, (await stands(market)).named("en")) == ([], "Blue")


async def test_editors_of_different_pages_do_not_disturb_each_other(
    market: MarketCard, staffed: Staffed
):
    one = await staffed(market, "/en/admin/brand")
    two = await staffed(market, "/en/admin/place", email="bob@example.com")
    brand, place = await one.of(BrandState), await two.of(PlaceState)
    await brand.load()
    await place.load()
    form = {"default_locale": "ru", "currency": "USD", "timezone": "UTC"}
    await place.save(form | {"speak.en": "on", "speak.ru": "on"})
    await brand.save(sign("#b91c1c", "Red"))
    now = await stands(market)
    assert brand.conflicts == []
    assert (now.named("en"), now.currency, now.default_locale) == ("Red", "USD", "ru")


async def test_what_is_refused_stands_beside_its_field(market: MarketCard, staffed: Staffed):
    here = await staffed(market, "/ru/admin/brand")
    brand = await here.of(BrandState)
    await brand.load()
    await brand.save(sign("#b91c1c", ""))
    assert brand.problem_field == "name.en"
    assert brand.problem == "Площадке нужно название на основном языке."
    assert (await stands(market)).version == 1


async def test_the_preview_says_how_well_a_colour_reads_and_saves_nothing(
    market: MarketCard, staffed: Staffed
):
    here = await staffed(market, "/en/admin/brand")
    brand = await here.of(BrandState)
    await brand.load()
    await brand.try_color("#ffff00")
    await brand.try_text("en", "name", "Yellow")
    light, dark = brand.verdicts
    assert (light.moved, dark.moved) == (True, False)
    assert brand.tried_name == "Yellow"
    assert brand.light["--brand"] == "#ffff00"
    assert (await stands(market)).version == 1


async def test_modules_and_words_reach_every_page(market: MarketCard, staffed: Staffed):
    here = await staffed(market, "/en/admin/modules")
    modules = await here.of(ModulesState)
    await modules.load()
    await modules.save({f"module.{one.key}": "on" for one in modules.switches if one.key != "help"})
    assert (await here.of(PageState)).switched_off == ["help"]
    words = await here.of(WordingState)
    await words.load()
    await words.save({"words.0": "Ask away"})
    assert (await here.of(LocaleState)).wording == {WORDS[0]: "Ask away"}
    await words.undo()
    assert (await here.of(LocaleState)).wording == {}
    # What is looked for is shown, and the rest stays in the form.
    await words.seek("MAESTRO reasons")
    shown = [one for group in words.groups for one in group.phrases if not one.hidden]
    assert [WORDS[one.place] for one in shown] == [
        "Not quite it? Tell Maestro more, and get an answer with reasons."
    ]
    assert sum(len(group.phrases) for group in words.groups) == len(WORDS)
    assert [group.hidden for group in words.groups].count(False) == 1
    await words.seek("no such words")
    assert words.none_found
    await words.seek("")
    assert not any(group.hidden for group in words.groups)


async def test_a_domain_is_claimed_checked_and_removed(
    market: MarketCard, staffed: Staffed, monkeypatch: pytest.MonkeyPatch
):
    name = f"{market.key}.shop.example"
    here = await staffed(market, "/en/admin/hosts")
    hosts = await here.of(HostsState)
    await hosts.load()
    await hosts.add({"host": "not a domain"})
    assert hosts.problem
    await hosts.add({"host": name})
    assert (hosts.problem, hosts.rows[1].record) == ("", f"_agora.{name}")
    answers: list[list[str]] = [[], [hosts.rows[1].proof]]

    async def stubbed(asked: str) -> list[str]:
        assert asked == f"_agora.{name}"
        return answers.pop(0)

    monkeypatch.setattr("app.markets.hosts.txt_records", stubbed)
    notice = await here.of(AdminState)
    for kind in ("wrong", "done"):
        async for _step in hosts.check(name):
            assert hosts.checking == name
        assert notice.notice_kind == kind
    await hosts.make_main(name)
    await hosts.remove(market.host)
    assert notice.notice_kind == "wrong"
    assert [(row.host, row.main) for row in hosts.rows] == [(name, True), (market.host, False)]


async def test_an_operator_may_neither_see_nor_save(market: MarketCard, staffed: Staffed):
    here = await staffed(market, "/en/admin/brand", Role.OPERATOR)
    for part in (BrandState, PlaceState, ModulesState, WordingState, HostsState):
        state = await here.of(part)
        await state.load()
        assert (await here.of(PageState)).refusal
    # The page was not shown, but anybody can send its event.
    brand = await here.of(BrandState)
    await brand.save(sign("#b91c1c", "Red"))
    assert (await here.of(AdminState)).notice_kind == "wrong"
    assert (await stands(market)).version == 1
