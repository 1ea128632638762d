"""Who is behind a tab, and in which market and language they are."""

from http.cookies import CookieError, SimpleCookie
from typing import Any

import reflex as rx

from app.accounts import actors
from app.accounts.actors import Actor, Member
from app.accounts.signing import SESSION_COOKIE, person_of_token
from app.database import tenant_session
from app.errors import NotFound
from app.i18n import LOCALES
from app.markets.directory import MarketCard, market_for_host


class SessionState(rx.State):
    """The signed-in person, as every page may show them; empty for a visitor.

    The guard keeps these fields: see `state.guard`.
    """

    signed_in: rx.Field[bool] = rx.field(False)
    name: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    unconfirmed: rx.Field[bool] = rx.field(False)
    """Whether the person's address may be somebody else's: nobody opened a letter to it yet."""
    permissions: rx.Field[list[str]] = rx.field(default_factory=list)
    """What pages may show; what is done is checked where it is done."""

    _seen: str | None = None
    """Fingerprint of the market and session this tab was last seen with; None before."""


def session_token(cookie_header: str) -> str:
    """The session token in a Cookie header, or an empty string."""
    try:
        morsel = SimpleCookie(cookie_header).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


async def current_market(state: Any) -> MarketCard:
    """The market of the host that `state`'s page is on; raises `NotFound`."""
    market = await market_for_host(state.router.headers.host)
    if market is None:
        raise NotFound("There is no market at this address.")
    return market


async def current_marketplace(state: Any) -> MarketCard:
    """Like `current_market`, for what the platform itself has not: a catalogue, search and chat."""
    market = await current_market(state)
    if market.is_platform:
        raise NotFound("There is no market at this address.")
    return market


async def current_person(state: Any, market: MarketCard) -> Member | None:
    """The person signed in behind `state`, looked up now, so that a revoked session is over."""
    token = session_token(state.router.headers.cookie)
    if not token:
        return None
    async with tenant_session(market.id) as session:
        return await person_of_token(session, token)


async def current_actor(state: Any, market: MarketCard) -> Actor:
    """Who acts behind `state`, looked up now, and what they may do."""
    member = await current_person(state, market)
    address = state.router.session.client_ip
    if member is None:
        return actors.visitor(market.id, address)
    return actors.person(
        market.id, member, address=address, second_factor=market.asks_second_factor
    )


def path_parts(state: Any) -> list[str]:
    """The parts of the page's path: `/ru/chat/1` is `["ru", "chat", "1"]`."""
    return [part for part in state.router.url.path.split("/") if part]


def page_locale(state: Any, market: MarketCard) -> str:
    """The language of the page: the first part of its path, else the market's own."""
    first = next(iter(path_parts(state)), "")
    return first if first in LOCALES else market.default_locale
