"""What every answer of the API has: headers that keep it out of caches and frames and tell where
the caller's limits stand, and a body even when something fails."""

import logging
from collections.abc import Iterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.accounts.counting import Count
from app.accounts.limits import spent
from app.api.problems import failed, locale_of, problem

SECURITY = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

_log = logging.getLogger(__name__)


class Answered:
    """Middleware inside the API: adds the headers, and turns a mistake into a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False
        counts: dict[str, Count] = {}
        token = spent.set(counts)

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                given = {name.lower() for name, _ in message["headers"]}
                added = [pair for pair in SECURITY if pair[0] not in given]
                added += list(limit_headers(counts))
                message["headers"] = [*message["headers"], *added]
            await send(message)

        request = Request(scope)
        try:
            await self.app(scope, receive, sending)
        except ClientDisconnect:
            if not begun:
                await Response(status_code=400)(scope, receive, sending)
        except Exception:
            _log.exception("%s %s failed.", request.method, request.url.path)
            if begun:
                raise
            await problem(failed(), locale_of(request))(scope, receive, sending)
        finally:
            spent.reset(token)


def limit_headers(counts: dict[str, Count]) -> Iterator[tuple[bytes, bytes]]:
    """Where the caller's limits stand: the IETF's draft, and the older names of the tightest."""
    if not counts:
        return
    policies = [f'"{name}";q={count.limit};w={count.window}' for name, count in counts.items()]
    states = [f'"{name}";r={count.remaining};t={count.resets_in}' for name, count in counts.items()]
    tightest = min(counts.values(), key=lambda count: (count.allowed, count.remaining))
    for name, value in (
        ("ratelimit-policy", ", ".join(policies)),
        ("ratelimit", ", ".join(states)),
        ("x-ratelimit-limit", str(tightest.limit)),
        ("x-ratelimit-remaining", str(tightest.remaining)),
        ("x-ratelimit-reset", str(tightest.resets_in)),
    ):
        yield name.encode(), value.encode()
