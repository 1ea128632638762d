"""Who may send which event: a signed-in person any, a visitor those marked `visitors_may`."""

import hashlib
from urllib.parse import quote

import reflex as rx
from reflex.app import App
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.registry import RegistrationContext

from app.accounts import actors
from app.accounts.actors import Member
from app.accounts.permissions import Permission
from app.markets.directory import MarketCard, market_for_host
from app.rendering import ssr
from state.access import is_marked
from state.session import SessionState, current_person, page_locale, session_token

FRAMEWORK_EVENTS = frozenset(
    {
        "hydrate",
        "hydrate_and_load",
        "on_load_internal",
        "set_is_hydrated",
        "update_vars_internal",
        "handle_frontend_exception",
    }
)
"""Reflex's own events that every page needs. `setvar`, which writes any var, is not among them."""


def is_open(event_name: str) -> bool:
    """Whether visitors may send this event."""
    known = RegistrationContext.get().event_handlers.get(event_name)
    if known is None:
        return False
    handler = getattr(known.handler.fn, "func", known.handler.fn)
    if is_marked(handler):
        return True
    of_reflex = known.states[0].__module__.partition(".")[0] == "reflex"
    return of_reflex and event_name.rpartition(".")[2] in FRAMEWORK_EVENTS


class Guard(Middleware):
    """Refuses events that need a person, and never shows one person another's state."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Refuse the event with a redirect to the sign-in page, or let it pass with None."""
        market = await market_for_host(state.router.headers.host)
        person = await current_person(state, market) if market else None
        await self._recognise(state, market, person)
        if _is_closed_to(market, person) and not ssr.active:
            # A tab that was open when the market was suspended; loaded anew, the page says so.
            closed = rx.call_script("location.reload()")
            return StateUpdate(events=Event.from_event_type(closed))
        if person is not None or is_open(event.name):
            return None
        locale = page_locale(state, market) if market else "en"
        url = state.router.url
        back = quote((url.path or "/") + (f"?{url.query}" if url.query else ""), safe="/")
        refusal = rx.redirect(f"/{locale}/signin?next={back}")
        return StateUpdate(events=Event.from_event_type(refusal))

    async def _recognise(
        self, state: BaseState, market: MarketCard | None, person: Member | None
    ) -> None:
        """Keep `SessionState` true, after emptying the tab's state if the person is another.

        The tab's token opens its whole state, and it survives a sign-out: without this the next
        person in the same tab would see what the former one had open.
        """
        seen = _fingerprint(state, market, person)
        session = await state.get_state(SessionState)
        if session._seen is not None and session._seen != seen:
            state._get_root_state().reset()
            session = await state.get_state(SessionState)
        session._seen = seen
        shown = (person is not None, person.name if person else "", person.email if person else "")
        if (session.signed_in, session.name, session.email) != shown:
            session.signed_in, session.name, session.email = shown
        unconfirmed = person is not None and not person.verified
        if session.unconfirmed != unconfirmed:
            session.unconfirmed = unconfirmed
        may = sorted(_permissions(market, person))
        if session.permissions != may:
            session.permissions = may


def _is_closed_to(market: MarketCard | None, person: Member | None) -> bool:
    """Whether the market is suspended, and the person none who may take its data out."""
    if market is None or market.is_open:
        return False
    return Permission.EXPORT not in _permissions(market, person)


def _permissions(market: MarketCard | None, person: Member | None) -> frozenset[str]:
    if market is None or person is None:
        return frozenset()
    second = market.asks_second_factor
    return frozenset(actors.person(market.id, person, second_factor=second).permissions)


def _fingerprint(state: BaseState, market: MarketCard | None, person: Member | None) -> str:
    if market is None:
        return ""
    told = f"{market.id}:{person.id if person else ''}"
    # The token too: the same person signed in anew is a new session.
    token = session_token(state.router.headers.cookie) if person else ""
    return hashlib.sha256(f"{told}:{token}".encode()).hexdigest()
