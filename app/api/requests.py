"""What every HTTP route needs of a request: the market, the person, where it comes from.

`answering(endpoint)` makes a Starlette endpoint of a function and turns every `AppError` into
`application/problem+json` (RFC 9457) in the caller's language.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from app.accounts.signing import SESSION_COOKIE, Member, person_of_token
from app.database import tenant_session
from app.errors import AppError, NotFound, TooMany
from app.i18n import LOCALES, SOURCE, negotiate, translate
from app.markets.directory import MarketCard, bare_host, market_for_host
from app.settings import settings

LONGEST_BODY = 64 * 1024
"""Bytes of a request's body; the longest message in any script is a quarter of it."""

Endpoint = Callable[[Request], Awaitable[Response]]

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


async def market_of(request: Request) -> MarketCard:
    """The market of the request's host; raises `NotFound` when there is none."""
    market = await market_for_host(request.headers.get("host", ""))
    if market is None:
        raise NotFound("There is no market at this address.")
    return market


async def person_of(request: Request, market: MarketCard) -> Member | None:
    """Who is signed in, or None."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not token:
        return None
    async with tenant_session(market.id) as session:
        return await person_of_token(session, token)


def address_of(request: Request) -> str:
    """The caller's address; X-Forwarded-For counts only as far as our own proxies wrote it."""
    hops = settings().trusted_proxy_hops
    forwarded = [
        part.strip()
        for header in request.headers.getlist("x-forwarded-for")
        for part in header.split(",")
    ]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return request.client.host if request.client else ""


def locale_of(request: Request, told: object = None) -> str:
    """The language to answer in: the one told, else the query's, else the browser's."""
    for locale in (told, request.query_params.get("locale")):
        if isinstance(locale, str) and locale in LOCALES:
            return locale
    return negotiate(request.headers.get("accept-language", ""), LOCALES, SOURCE)


def refuse_foreign(request: Request) -> None:
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


async def json_of(request: Request) -> dict[str, Any]:
    """The body as a JSON object; raises `BadBody`."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        # Forms of other sites can send any body, but not with this type.
        raise BadBody(
            "Send JSON, with the content type application/json.",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    try:
        told = json.loads(await body_of(request))
    except (ValueError, RecursionError) as error:
        raise BadBody("The body is not JSON.", status=HTTPStatus.BAD_REQUEST) from error
    if not isinstance(told, dict):
        raise BadBody("The body must be a JSON object.")
    return cast("dict[str, Any]", told)


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
            failed = AppError(
                "Something went wrong. Please try again.",
                status=HTTPStatus.INTERNAL_SERVER_ERROR,
            )
            return problem(failed, locale_of(request))

    return answered


def problem(error: AppError, locale: str) -> Response:
    """The error as `application/problem+json`."""
    headers = {"content-language": locale, "cache-control": "no-store"}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.retry_after)
    return JSONResponse(
        {
            "type": "about:blank",
            "title": error.status.phrase,
            "status": int(error.status),
            "detail": translate(locale, error.message, **error.params),
        },
        status_code=error.status,
        headers=headers,
        media_type="application/problem+json",
    )
