"""A suspended market: pages and API answer 503, sockets are refused, and staff may take data out.

`Suspending` stands around the whole program, before the page cache. What stays open is the way in
for staff: the sign-in pages and what they are made of; then, for those who may export, the console
and its socket.
"""

import logging

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts.permissions import Permission
from app.api.problems import locale_of, problem
from app.api.requests import actor_of
from app.errors import AppError
from app.markets.closing import card_must_be_open
from app.markets.directory import MarketCard, market_for_host
from app.rendering.error_pages import error_page
from app.rendering.state import PageRequest

_OPEN = ("/healthz", "/readyz", "/assets/", "/auth/")
_FILES = (".css", ".js", ".svg", ".png", ".ico", ".woff2", ".webmanifest")
_FOR_ALL, _FOR_STAFF = {"signin"}, {"admin"}
"""Pages, by the part of their path after the language."""
_RETRY_AFTER = "3600"

_log = logging.getLogger(__name__)


class Suspending:
    """The program behind the check."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say that the market is closed."""
        if scope["type"] in {"http", "websocket"} and not _is_open_to_all(scope["path"]):
            request = HTTPConnection(scope)
            try:
                market = await market_for_host(request.headers.get("host", ""))
                if market is not None and not await _lets_in(market, request):
                    card_must_be_open(market)
            except AppError as error:
                await _refuse(error, request)(scope, receive, send)
                return
            except Exception:
                # Without a database nobody can say; the program answers with its own failure.
                _log.exception("Whether the market is open could not be read.")
        await self.app(scope, receive, send)


def _is_open_to_all(path: str) -> bool:
    return path.startswith(_OPEN) or path.endswith(_FILES) or _page(path) in _FOR_ALL


def _page(path: str) -> str:
    return next(iter(path.strip("/").split("/")[1:]), "")


async def _lets_in(market: MarketCard, request: HTTPConnection) -> bool:
    if market.is_open:
        return True
    path = request.url.path
    if not path.startswith(("/_event", "/api/", "/console/")) and _page(path) not in _FOR_STAFF:
        return False
    return (await actor_of(request, market)).may(Permission.EXPORT)


def _refuse(error: AppError, request: HTTPConnection) -> ASGIApp:
    async def refused(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        path = request.url.path
        if path.startswith(("/api/", "/_event")):
            answer = problem(error, locale_of(request))
        else:
            page = error_page(PageRequest(path, "", {}), error.status, message=error)
            answer = Response(page, error.status, media_type="text/html")
        answer.headers["retry-after"] = _RETRY_AFTER
        answer.headers["cache-control"] = "no-store"
        await answer(scope, receive, send)

    return refused
