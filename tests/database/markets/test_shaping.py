"""Languages, currency, modules and words: changed as asked, checked, noted, and one at a time."""

import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from app.accounts import actors
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import Conflict, NotAllowed
from app.markets.directory import MarketCard, forget_market, market_by_id
from app.markets.locales import Place, place_of, settle
from app.markets.modules import (
    KEYS,
    SwitchedOff,
    check_on,
    check_route,
    has_page,
    modules_of,
    switch_off,
)
from app.markets.shaping import NotAccepted
from app.markets.wording import LONGEST, WORDS, gaps, reword, wording_of
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")

PLACE = Place(("de", "en", "ar"), "en", "CHF", "Europe/Zurich")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def card(market: MarketCard) -> MarketCard:
    forget_market(market.id)
    found = await market_by_id(market.id)
    assert found is not None
    return found


async def test_a_market_moves_and_its_pages_know(market: MarketCard):
    editor = actors.system(market.id, "tests", Permission.SHAPE)
    async with tenant_session(market.id) as session:
        assert await settle(session, editor, PLACE, 1) == 2
        assert await place_of(session, editor) == (PLACE, 2)
    now = await card(market)
    assert (now.locales, now.default_locale) == (("de", "en", "ar"), "en")
    assert (now.currency, now.timezone) == ("CHF", "Europe/Zurich")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"locales": ()}, "locales"),
        ({"locales": ("en", "xx")}, "locales"),
        ({"locales": ("en", ["de"])}, "locales"),
        ({"default_locale": "fr"}, "default_locale"),
        ({"currency": "XXXX"}, "currency"),
        ({"currency": {"a": 1}}, "currency"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": ["UTC"]}, "timezone"),
    ],
)
async def test_a_place_that_there_is_not_is_refused(
    market: MarketCard, change: dict[str, object], field: str
):
    editor = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAccepted) as refused:
            await settle(session, editor, Place(**{**vars(PLACE), **change}), 1)  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field


async def test_a_module_that_is_off_has_no_pages_and_no_routes(market: MarketCard):
    editor = actors.system(market.id, "tests", Permission.SHAPE)
    async with tenant_session(market.id) as session:
        assert await switch_off(session, editor, ["help", "chat"], 1) == 2
        assert await modules_of(session, editor) == (["chat", "help"], 2)
    now = await card(market)
    assert not has_page(now, "chat")
    assert has_page(now, "search")
    assert has_page(now, "")
    for path in ("/api/v1/chat", "/api/v1/chat/1"):
        with pytest.raises(SwitchedOff):
            check_route(now, path)
    check_route(now, "/api/v1/chatter")
    with pytest.raises(SwitchedOff):
        check_on(now, "chat")
    async with tenant_session(market.id) as session:
        await switch_off(session, editor, [], 2)
    now = await card(market)
    assert has_page(now, "chat")
    check_route(now, "/api/v1/chat")


async def test_there_are_no_other_modules(market: MarketCard):
    editor = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        for off in (["nothing"], [{"a": 1}], [None]):
            with pytest.raises(NotAccepted):
                await switch_off(session, editor, off, 1)  # pyright: ignore[reportArgumentType]


@dataclasses.dataclass(frozen=True)
class Bare:
    """A market that does without everything it can do without."""

    switched_off: frozenset[str] = KEYS


def test_without_its_console_no_market_can_be():
    everything = Bare()
    assert has_page(everything, "admin")
    assert has_page(everything, "signin")
    check_route(everything, "/auth/signin")


async def test_own_words_are_kept_by_language_and_empty_ones_forgotten(market: MarketCard):
    editor = actors.system(market.id, "tests", Permission.SHAPE)
    ask, helping = WORDS[0], WORDS[1]
    async with tenant_session(market.id) as session:
        await reword(session, editor, {"en": {ask: " Ask  away ", helping: "Advice"}}, 1)
        await reword(session, editor, {"ru": {ask: "Спроси"}}, 2)
        await reword(session, editor, {"en": {ask: "Ask away", helping: ""}}, 3)
        wording, version = await wording_of(session, editor)
    assert (wording, version) == ({"en": {ask: "Ask away"}, "ru": {ask: "Спроси"}}, 4)
    assert (await card(market)).wording == wording


async def test_gaps_that_nothing_fills_are_refused(market: MarketCard):
    welcome = next(message for message in WORDS if gaps(message) == {"market"})
    async with tenant_session(market.id) as session:
        editor = actors.system(market.id, "tests", Permission.SHAPE)
        for message, text in (
            (welcome, "Hello from %(marcet)s"),
            (welcome, "Hello from %(market)"),
            (WORDS[0], "Ask %(market)s"),
            (WORDS[0], "Ask %()s"),
        ):
            with pytest.raises(NotAccepted) as refused:
                await reword(session, editor, {"en": {message: text}}, 1)
            assert refused.value.field == f"en.{WORDS.index(message)}"
        assert await wording_of(session, editor) == ({}, 1)
        fine = {welcome: "100 % of %(market)s", WORDS[0]: "Ask (now)"}
        await reword(session, editor, {"en": fine}, 1)
        assert (await wording_of(session, editor))[0] == {"en": fine}


async def test_only_words_that_pages_look_up_can_be_replaced(market: MarketCard):
    editor = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        await reword(session, editor, {"en": {"You are not allowed to do this.": "Go on."}}, 1)
        assert await wording_of(session, editor) == ({}, 1)
        for wanted in ({"de": {WORDS[0]: "Frag"}}, {"en": {WORDS[0]: "x" * (LONGEST + 1)}}):
            with pytest.raises(NotAccepted):
                await reword(session, editor, wanted, 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda session, actor, seen: settle(session, actor, PLACE, seen),
        lambda session, actor, seen: switch_off(session, actor, ["help"], seen),
        lambda session, actor, seen: reword(session, actor, {"en": {WORDS[0]: "Go"}}, seen),
    ],
    ids=["place", "modules", "wording"],
)
async def test_each_needs_the_right_and_the_version_that_was_seen(
    market: MarketCard, act: Callable[..., Awaitable[int]]
):
    editor = actors.system(market.id, "tests", Permission.SHAPE)
    operator = actors.system(market.id, "tests", Permission.SEE_FIGURES)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await act(session, operator, 1)
        with pytest.raises(Conflict):
            await act(session, editor, 7)
        assert await act(session, editor, 1) == 2
