"""What every route and socket needs of a request: the market, who asks, where it comes from.

`answering(endpoint)` makes a Starlette endpoint of a function and turns every `AppError` into
`application/problem+json` (RFC 9457) in the caller's language.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response

from app.accounts import actors
from app.accounts.actors import Actor, Member
from app.accounts.keys.issuing import MARK, actor_of_key
from app.accounts.keys.remembering import remembered
from app.accounts.signing import SESSION_COOKIE, person_of_token
from app.accounts.tokens.bearing import member_of, refused
from app.api.problems import failed, locale_of, problem
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard, bare_host, market_for_host
from app.markets.modules import check_route
from app.settings import settings

LONGEST_BODY = 64 * 1024
"""Bytes of a request's body; the longest message in any script is a quarter of it."""

Endpoint = Callable[[Request], Awaitable[Response]]
Made = TypeVar("Made")

_log = logging.getLogger(__name__)


class BodyTooLarge(AppError):
    """More was sent than anything here takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BadBody(AppError):
    """What was sent is not of the form that the route takes."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ForeignOrigin(AppError):
    """A page of another site sent the request."""

    status = HTTPStatus.FORBIDDEN


async def market_of(request: HTTPConnection) -> MarketCard:
    """The market of the request's host.

    Raises `NotFound` when there is none, or when it does without what the address belongs to.
    """
    market = await market_for_host(request.headers.get("host", ""))
    if market is None:
        raise NotFound("There is no market at this address.")
    check_route(market, request.url.path)
    return market


async def marketplace_of(request: HTTPConnection) -> MarketCard:
    """Like `market_of`, for what the platform itself has not: a catalogue, search and chat."""
    market = await market_of(request)
    if market.is_platform:
        raise NotFound("There is no market at this address.")
    return market


async def person_of(request: HTTPConnection, market: MarketCard) -> Member | None:
    """Who is signed in, or None."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not token:
        return None
    async with tenant_session(market.id) as session:
        return await person_of_token(session, token)


async def caller_of(request: HTTPConnection, market: MarketCard) -> tuple[Actor, Member | None]:
    """Who asks and what they may do, with the person behind it, if it is one.

    The one scheme for routes, sockets and whatever else is asked over HTTP: an access token or an
    API key as `Authorization: Bearer`, else the cookie of a browser. Raises `TokenRefused` for a
    token or key that opens nothing; nobody becomes a visitor by mistake.
    """
    address = address_of(request)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        member = await person_of(request, market)
    else:
        if known := remembered(market.id, bearer.strip(), address):
            return known, None
        async with tenant_session(market.id) as session:
            if bearer.startswith(MARK):
                actor = await actor_of_key(session, bearer.strip(), address)
                member = None
            else:
                actor = None
                member = await member_of(session, bearer.strip(), settings().origin(market.host))
        if actor is not None:
            return actor, None
        if member is None:
            raise refused()
    if member is None:
        return actors.visitor(market.id, address), None
    second = market.asks_second_factor
    return actors.person(market.id, member, address=address, second_factor=second), member


async def actor_of(request: HTTPConnection, market: MarketCard) -> Actor:
    """Who asks, and what they may do."""
    return (await caller_of(request, market))[0]


def address_of(request: HTTPConnection) -> str:
    """The caller's address, as `app.api.forwarding` has found it out."""
    return request.client.host if request.client else ""


def refuse_foreign(request: HTTPConnection) -> None:
    """Raise `ForeignOrigin` when a browser says that another site's page sent this.

    Together with SameSite=Lax on the cookie this keeps other sites from acting in a person's
    name. Callers that are no browsers send neither header and have no cookie to abuse.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise ForeignOrigin("This form was sent from another site.")
    origin = request.headers.get("origin")
    if origin is not None and bare_host(urlsplit(origin).netloc) != bare_host(
        request.headers.get("host", "")
    ):
        raise ForeignOrigin("This form was sent from another site.")


async def body_of(request: Request) -> bytes:
    """The body; raises `BodyTooLarge` before more than `LONGEST_BODY` bytes were taken in."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise BodyTooLarge("The request is too large.")
    return bytes(body)


async def while_connected(request: Request, work: Awaitable[Made]) -> Made:
    """What `work` makes; it is cancelled as soon as the caller has gone away.

    For work that costs while it waits. Raises `ClientDisconnect`.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.create_task(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def answering(endpoint: Endpoint) -> Endpoint:
    """`endpoint` with its errors answered as problems."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except AppError as error:
            return problem(error, locale_of(request))
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception:
            _log.exception("%s %s failed.", request.method, request.url.path)
            return problem(failed(), locale_of(request))

    return answered
