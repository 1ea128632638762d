"""Probes of every event handler: walked from Reflex's registry, so that a new one is found."""

import asyncio
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from reflex.event import Event
from reflex.state import BaseState, State
from reflex_base.registry import RegistrationContext

import app.app as program
from app.markets.directory import MarketCard
from state.guard import Guard
from state.session import SessionState
from tests.database.state.conftest import Tab
from tests.isolation.binding import watched
from tests.isolation.forging import arguments, names_in
from tests.isolation.ledger import Ledger
from tests.isolation.world import PLUMBERS, World

KIND = "handler"
_LOOKS = 0.25
"""Seconds that a handler in the background has: those that follow something look again and again.
"""
PLACE = re.compile(r"\[+\.*(\w+)\]+")

_LOOK = "the market's look, of which no row of a person's is part"
MENDED_BY = "put a row with people's words behind it, or say why in SHOWS_NOTHING of handlers.py"
SHOWS_NOTHING = {
    "AnalyticsState.load": "figures",
    "BrandState.load": _LOOK,
    "HomeState.choose_language": "leads to another page",
    "HostsState.load": "hosts, which anybody may look up",
    "InvitationState.load": "the invitation whose secret its address holds",
    "ModulesState.load": _LOOK,
    "OpeningState.load": "an empty form",
    "OverviewState.load": "figures",
    "PageState.load_missing": "says that there is no page",
    "PlaceState.load": _LOOK,
    "PolicyState.load": "switches and days",
    "PrivacyState.load": "the same for everybody, and days",
    "SharedState.load": "what its owner shared by the link whose secret its address holds",
    "WordingState.load": _LOOK,
}
"""Handlers that load a page in which a market's people see nothing people wrote, and why.

Any other page must show theirs the canary, or who runs the platform a word of theirs, so a new page
fails here until it is said what it shows. Handlers that load no page are deeds: that none reaches
theirs is seen by its digest.
"""


@dataclass(frozen=True)
class Handled:
    """A handler: its event's name, its state, its function and the pages that it loads."""

    name: str
    state: type[BaseState]
    function: Any
    background: bool
    pages: tuple[str, ...]

    @property
    def called(self) -> str:
        """`State.method`, as people say it."""
        return f"{self.state.__name__}.{self.function.__name__}"

    @property
    def shows(self) -> bool:
        """Whether it loads a page on which people's words stand."""
        return bool(self.pages) and self.called not in SHOWS_NOTHING

    @property
    def of_platform(self) -> bool:
        """Whether it loads pages for who runs the platform, on its host alone."""
        return any(page.startswith("/[locale]/platform") for page in self.pages)

    @property
    def takes_ids(self) -> bool:
        """Whether an id reaches it: as an argument, in the path, or by what is open."""
        if self.function.__name__ == "setvar":
            # Reflex's own, which refuses to write what no page writes.
            return False
        told = len(inspect.signature(self.function).parameters) > 1
        kept = any(name.endswith("_id") for name in self.state.base_vars)
        return told or kept or any(PLACE.search(page) for page in self.pages)


class Held:
    """A state whose lock is always held, for handlers that run in the background."""

    def __init__(self, state: BaseState) -> None:
        object.__setattr__(self, "_state", state)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._state, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._state, name, value)

    async def __aenter__(self) -> "Held":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


def walked() -> list[Handled]:
    """Every handler of our states."""
    loads: dict[str, list[str]] = {}
    for route in program.app._unevaluated_pages:
        for event in Event.from_event_type(program.app.get_load_events(f"/{route}")):
            loads.setdefault(event.name, []).append(f"/{route}")
    found: list[Handled] = []
    for name, known in sorted(RegistrationContext.get().event_handlers.items()):
        state = known.states[0]
        if state.__module__.partition(".")[0] != "state":
            continue
        function = getattr(known.handler.fn, "func", known.handler.fn)
        pages = tuple(loads.get(name, ()))
        found.append(Handled(name, state, function, known.handler.is_background, pages))
    return found


async def control(world: World, ledger: Ledger, only: str = "") -> None:
    """Send the event of every page as theirs, to whom it shows what is their own."""
    for handled in walked():
        if only in ("", handled.state.__module__) and handled.shows:
            words = f"{handled.called} shows its own people nothing of theirs: {MENDED_BY}"
            ledger.control(KIND, await shows_its_own(world, handled), words)


async def probe(world: World, ledger: Ledger, only: str = "") -> None:
    """Send every event with what is theirs, as each of our people and with a stolen cookie.

    With the few values that mean something in many places: each by our owner, who may do most and
    sends ids of other tables by turns, and every other one by the rest. What is for who runs the
    platform is asked for on its host too.
    """
    for number, handled in enumerate(walked()):
        if only not in ("", handled.state.__module__):
            continue
        await world.renew()
        few, many = world.forged()[:2], list[str]()
        if handled.takes_ids:
            few, many = world.forged()[:4], world.some_ids(number)
        for turn, (who, token) in enumerate(world.tokens.items()):
            values = (*few, *many) if who == "owner" else few[(number + turn) % 2 :: 2]
            for value in values:
                for path in _paths(handled, value):
                    got = await _seen(world, handled, world.ours, token, value, path)
                    ledger.probe(KIND, got, f"{who} sent {handled.called} on {path}")
        for who, token in world.tokens.items() if handled.of_platform else ():
            for path in _paths(handled, str(world.theirs.id)):
                value = str(world.theirs.id)
                got = await _seen(world, handled, world.platform, token, value, path)
                ledger.probe(KIND, got, f"{who} sent {handled.called} to the platform")


async def shows_its_own(world: World, handled: Handled) -> bool:
    """Whether the tab of theirs, or of who runs the platform, shows a word of theirs."""
    market, token = world.theirs, world.their_token
    values = [*world.forged()[:5], PLUMBERS.slug, *world.ids()]
    if handled.of_platform:
        market, token, values = world.platform, world.platform_token, [str(world.theirs.id)]
    for value in values:
        for path in _paths(handled, value):
            if await _seen(world, handled, market, token, value, path):
                return True
    return False


async def send(
    world: World,
    called: str,
    told: dict[str, Any],
    kept: dict[str, Any] | None = None,
    token: str | None = None,
    place: str = "none",
    looks: float = _LOOKS,
) -> None:
    """Send one event as it is meant, as our owner or by `token`, with what its state holds, or by
    `State.field` what another holds.

    It is sent from the page that it loads, where `place` stands in the address. One that runs in
    the background has so many seconds.
    """
    handled = next(each for each in walked() if each.called == called)
    tab = Tab(world.ours, State(_reflex_internal_init=True))  # pyright: ignore[reportCallIssue]
    tab.visit(_paths(handled, place)[0], world.tokens["owner"] if token is None else token)
    state = await tab.of(handled.state)
    for name, value in (kept or {}).items():
        whose, _, field = name.rpartition(".")
        holder = await tab.of(_state_named(whose)) if whose else state
        setattr(holder, field, value)
    with suppress(Exception):
        async with asyncio.timeout(looks if handled.background else None):
            await _run(handled, state, told)


def _state_named(name: str) -> type[BaseState]:
    return next(each.state for each in walked() if each.state.__name__ == name)


def asked_of(world: World, module: str) -> Iterator[Callable[[], Awaitable[bool]]]:
    """The events of a module's states, and of those built on them, as our owner and a visitor."""
    found = [
        each
        for each in walked()
        if any(part.__module__ == module for part in each.state.__mro__)
        or each.function.__module__ == module
    ]
    for value in (*world.forged()[:2], *world.ids()):
        for handled in found:
            for who in ("owner", "visitor"):
                for path in _paths(handled, value):
                    yield partial(_sent, world, handled, who, value, path)


async def _sent(world: World, handled: Handled, who: str, value: str, path: str) -> bool:
    return await _seen(world, handled, world.ours, world.tokens[who], value, path)


def _paths(handled: Handled, value: str) -> list[str]:
    """The pages to send it from: those that it loads, with the value in each place."""
    if not handled.pages:
        return ["/en"]
    paths: list[str] = []
    for page in handled.pages:
        path = page.replace("[locale]", "en")
        paths.append(PLACE.sub(value, path) if PLACE.search(path) else path)
    return list(dict.fromkeys(paths))


async def _seen(
    world: World, handled: Handled, market: MarketCard, token: str, value: str, path: str
) -> bool:
    """Whether the tab shows their canary after the event, whatever its state was forged to.

    For ours it is as bad that a transaction was bound to another market than the host's.
    """
    tab = Tab(market, State(_reflex_internal_init=True))  # pyright: ignore[reportCallIssue]
    query = dict.fromkeys((*names_in(handled.state.__module__)[:40], "q"), value)
    query["q"] = "plumber on call"
    tab.visit(path, token)
    tab.root.router_data["query"] = query
    told = arguments(handled.function, value, handled.state.__module__)
    nothing: Any = None
    with watched() as bound:
        event = Event(name=handled.name, payload=told)
        if await Guard().preprocess(nothing, tab.root, event) is None:
            state = await tab.of(handled.state)
            _forge(state, value)
            # Whatever it raises, the tab gets no more than what the state holds by then.
            with suppress(Exception):
                async with asyncio.timeout(_LOOKS if handled.background else None):
                    await _run(handled, state, told)
    # What the browser is sent; of a state that nothing happened to it has what everybody has.
    shown = await tab.root._get_resolved_delta()
    if market is not world.ours:
        # Their own name in the frame is no answer to what was asked.
        shown.pop(SessionState.get_full_name(), None)
    if market is world.theirs:
        return world.canary in json.dumps(shown, default=str)
    text = json.dumps(shown, default=str)
    return world.leaks_into(text) or (market is world.ours and world.strays(bound))


def _forge(state: BaseState, value: str) -> None:
    """Put the value where the state keeps which thing is open."""
    for name in type(state).base_vars:
        if name.endswith("_id"):
            setattr(state, name, value)


async def _run(handled: Handled, state: BaseState, told: dict[str, Any]) -> None:
    done = handled.function(Held(state) if handled.background else state, **told)
    if inspect.isasyncgen(done):
        async for _ in done:
            pass
    elif inspect.isawaitable(done):
        await done
    elif inspect.isgenerator(done):
        list(done)
