"""Signing in by another site: the way there, and the way back.

`POST /auth/with/{way}` sends the browser away with a sealed note in a cookie, and
`/auth/callback/{way}` is where the provider sends it back. Codes for the pages: `way_denied`,
`way_failed`, `way_down`, `way_email`, `way_taken`, `link_first`, `expired`.
"""

import hmac
import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits, notes
from app.accounts.actors import Actor
from app.accounts.permissions import GRANTS, Role
from app.accounts.proving import send_verification
from app.accounts.signing import Suspended
from app.accounts.ways.configuring import offered_way
from app.accounts.ways.entering import LinkFirst, NoEmail, WayTaken, enter, link
from app.accounts.ways.fetching import AddressRefused, AnswerRefused, WayDown, not_believed
from app.accounts.ways.models import SignInWay
from app.accounts.ways.visiting import Errand, callback_address, come_back, send_away
from app.api.admission import admit
from app.api.forms import (
    drop,
    field_of,
    fields_of,
    form_of,
    keep,
    local_path,
    locale_in,
    see_other,
)
from app.api.requests import actor_of, address_of, answering, market_of
from app.database import tenant_session
from app.errors import AppError, NotFound, TooMany
from app.markets.directory import MarketCard, bare_host
from app.markets.quotas import QuotaUsedUp
from app.privacy.consents import say

ERRAND_COOKIE = "agora_errand"
ERRAND_LASTS = timedelta(minutes=10)
BROUGHT_BACK = ("code", "state", "iss", "error", "device_id")
"""The parameters of a provider's answer that anything is done with."""
LONGEST_PARAMETER = 4096

_log = logging.getLogger(__name__)


async def leave(request: Request) -> Response:
    """Send the browser to the provider; with `link` the account is linked to who is signed in."""
    market, form = await form_of(request)
    locale, after = locale_in(form, market), local_path(field_of(form, "next")) or ""
    asked = f"/{locale}/account" if form.get("link") else f"/{locale}/signin"
    try:
        await limits.spend("sign_in_way", market.id, address_of(request))
        way = await _way(request, market)
        linked = await _linking(request, market) if form.get("link") else None
        host = bare_host(request.headers.get("host", ""))
        address, errand = await send_away(way, callback_address(host, way.id))
    except TooMany:
        return see_other(asked, error="too_many", next=after)
    except (WayDown, AddressRefused, AnswerRefused) as error:
        _note(error)
        return see_other(asked, error=error.code, next=after)
    told = asdict(errand) | {
        "way": str(way.id),
        "locale": locale,
        "next": after[:1000],
        "link": str(linked.person_id) if linked else "",
    }
    note = notes.write("errand", market.id, ERRAND_LASTS, told)
    answer = see_other(address)
    keep(answer, ERRAND_COOKIE, note, int(ERRAND_LASTS.total_seconds()), "/auth/callback")
    return answer


async def arrive_by_form(request: Request) -> Response:
    """The way back of providers that post: once more by GET, for now the browser sends cookies."""
    await market_of(request)
    told = _answer_of(await fields_of(request))
    return see_other(f"{request.url.path}?{urlencode(told)}")


async def arrive(request: Request) -> Response:
    """Sign in, or link, whom the provider vouches for."""
    market = await market_of(request)
    told = _answer_of(dict(request.query_params))
    try:
        note = notes.read("errand", market.id, request.cookies.get(ERRAND_COOKIE, ""))
    except notes.NoteRefused as error:
        return _returned(see_other(f"/{market.default_locale}/signin", error=error.code))
    kept = note.told
    page = f"/{kept['locale']}/{'account' if kept['link'] else 'signin'}"
    try:
        answer = await _admitted(request, market, note, told)
    except _KNOWN as error:
        _note(error)
        answer = see_other(page, error=getattr(error, "code", "way_failed"), next=kept["next"])
    return _returned(answer)


_KNOWN = (
    notes.NoteRefused,
    AddressRefused,
    AnswerRefused,
    LinkFirst,
    NoEmail,
    NotFound,
    QuotaUsedUp,
    Suspended,
    WayDown,
    WayTaken,
)


async def _admitted(
    request: Request, market: MarketCard, note: notes.Note, told: dict[str, str]
) -> Response:
    kept = note.told
    if not hmac.compare_digest(told.get("state", "").encode(), str(kept["state"]).encode()):
        raise not_believed("state")
    way = await _way(request, market)
    if str(way.id) != kept["way"]:
        raise not_believed("another way")
    async with tenant_session(market.id) as session:
        await notes.use_up(session, note)
    if "error" in told:
        code = "way_denied" if told["error"] in _DENIED else "way_failed"
        page = "account" if kept["link"] else "signin"
        return see_other(f"/{kept['locale']}/{page}", error=code, next=kept["next"])
    outsider = await come_back(way, _errand(kept), told)
    if kept["link"]:
        actor = await _linking(request, market)
        if str(actor.person_id) != kept["link"]:
            raise not_believed("another person")
        async with tenant_session(market.id) as session:
            await link(session, actor, outsider, way.name)
        return see_other(f"/{kept['locale']}/account", done="linked")
    async with tenant_session(market.id) as session:
        person_id, new = await enter(session, outsider, way.name, kept["locale"])
        if new:
            agreeing = Actor(
                market.id,
                kind="person",
                id=person_id,
                permissions=GRANTS[Role.MEMBER],
                address=address_of(request),
            )
            await say(session, agreeing, "terms", given=True)
            await send_verification(session, market, person_id)
    return await admit(request, market, person_id, ("oidc",), kept["locale"], kept["next"])


_DENIED = frozenset({"access_denied", "user_cancelled_authorize", "user_denied"})


async def _way(request: Request, market: MarketCard) -> SignInWay:
    try:
        way_id = UUID(request.path_params["way"])
    except ValueError as error:
        raise NotFound("There is no such sign-in way.") from error
    async with tenant_session(market.id) as session:
        return await offered_way(session, way_id)


async def _linking(request: Request, market: MarketCard) -> Actor:
    actor = await actor_of(request, market)
    if actor.person_id is None:
        raise NotFound("There is no such sign-in way.")
    return actor


def _errand(kept: dict[str, Any]) -> Errand:
    return Errand(kept["state"], kept["nonce"], kept["verifier"], kept["back"])


def _answer_of(told: dict[str, str]) -> dict[str, str]:
    return {
        name: told[name][:LONGEST_PARAMETER].replace("\x00", "")
        for name in BROUGHT_BACK
        if name in told
    }


def _returned(answer: Response) -> Response:
    drop(answer, ERRAND_COOKIE, "/auth/callback")
    return answer


def _note(error: AppError) -> None:
    # The reason tells an operator which check failed; it never holds what was checked.
    _log.warning("A sign-in by another site failed: %s.", getattr(error, "reason", error.message))


routes = [
    Route("/auth/with/{way}", answering(leave), methods=["POST"]),
    Route("/auth/callback/{way}", answering(arrive), methods=["GET"]),
    Route("/auth/callback/{way}", answering(arrive_by_form), methods=["POST"]),
]
