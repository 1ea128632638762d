"""Counting the public pages that people are shown, and what they search for by how often.

Robots that say so are left out, and pages that a browser fetches before anybody wants them.
"""

import re
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.analytics.counting import count
from app.api.main_hosts import is_public_page
from app.markets.directory import market_for_host

_ROBOT = re.compile(r"bot\b|bot/|crawl|spider|slurp|preview", re.IGNORECASE)


class Counted:
    """The program, and a count of what it shows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and count it where it is a page that was shown to somebody."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _by_somebody(scope):
            await self.app(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_shown(message):
                await _count(scope)
            await send(message)

        await self.app(scope, receive, counting)


async def _count(scope: Scope) -> None:
    market = await market_for_host(HTTPConnection(scope).headers.get("host", ""))
    if market is None or market.is_platform:
        return
    count(market, "page_views")
    part = scope["path"].strip("/").partition("/")[2]
    if part == "search" and parse_qs(scope["query_string"].decode("latin-1")).get("q"):
        count(market, "searches")


def _by_somebody(scope: Scope) -> bool:
    if not is_public_page(scope["path"]):
        return False
    headers = Headers(scope=scope)
    early = "prefetch" in headers.get("sec-purpose", "")
    return not early and not _ROBOT.search(headers.get("user-agent", ""))


def _is_shown(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] in {200, 304} and (message["status"] == 304 or "html" in kind)
