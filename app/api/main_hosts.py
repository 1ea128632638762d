"""One address for each public page: under a market's other hosts it leads to the main one.

Only pages that search engines may list are led on, and search: whoever is signed in under another
host stays where the sign-in is, and programs, sockets and the widget keep the address they were
given.
"""

import logging
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.i18n import LOCALES
from app.markets.directory import MarketCard, bare_host, market_for_host
from app.settings import settings

_PUBLIC = frozenset({"", "c", "s", "p", "help", "privacy", "search"})
"""Pages, by the part of their path after the language."""
_LOCAL = "localhost"
_KEPT = "public, max-age=3600"
"""Browsers would keep it for good, and a market may make another host the main one."""

_log = logging.getLogger(__name__)


class OnMainHost:
    """The program behind the redirect."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say under which host the page is."""
        led = self.app
        if (
            scope["type"] == "http"
            and scope["method"] in {"GET", "HEAD"}
            and is_public_page(scope["path"])
        ):
            try:
                host = HTTPConnection(scope).headers.get("host", "")
                market = await market_for_host(host)
                if market is not None and leads_on(market, host):
                    headers = {"location": _address(market, scope), "cache-control": _KEPT}
                    led = Response(status_code=301, headers=headers)
            except Exception:
                # Without a database the program answers with its own failure.
                _log.exception("The main host of a market could not be read.")
        await led(scope, receive, send)


def leads_on(market: MarketCard, host: str) -> bool:
    """Whether pages asked for under `host` are those of the market's main host.

    That is never a name of this machine: there it would be another machine's.
    """
    return (
        market.host_is_main
        and not market.is_platform
        and bare_host(host) != market.host
        and market.host.rpartition(".")[2] != _LOCAL
    )


def is_public_page(path: str) -> bool:
    """Whether a page stands at a path that visitors may see."""
    locale, _, rest = path.strip("/").partition("/")
    return not locale or (locale in LOCALES and rest.partition("/")[0] in _PUBLIC)


def _address(market: MarketCard, scope: Scope) -> str:
    """The same path and query, written as they came."""
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    # The path goes after a whole origin, so that none can name another host.
    return settings().origin(market.host) + (path.split(b"?")[0] + query).decode("latin-1")
