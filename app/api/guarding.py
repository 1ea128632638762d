"""What no request passes by, whatever its route: how much it may send, and from which pages.

`Guarded` stands around all HTTP routes, ours and Reflex'. A route that takes files names its own
limit in `ROOMY`; one that other sites' pages must post to (an answer of a sign-in provider) stands
in `FROM_ELSEWHERE` and protects itself, as by the `state` of OpenID Connect.
"""

from fnmatch import fnmatchcase

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import locale_of, problem
from app.api.requests import LONGEST_BODY, BodyTooLarge, refuse_foreign
from app.errors import AppError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ROOMY: dict[str, int] = {
    "/_upload": 32 * 1024 * 1024,
    "/_event": 1024 * 1024,
    "/v1/chat/completions": 1024 * 1024,
}
"""Bytes that addresses beginning so may be sent, where it is more than `LONGEST_BODY`.

A `*` stands for an id.
"""
FROM_ELSEWHERE = ("/auth/callback/",)
"""What addresses begin with that pages of other sites may post to."""


class _Exceeded(Exception):
    """More arrived than was announced or is allowed."""


class Guarded:
    """An application behind the two checks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        allowed = room(scope["path"])
        try:
            if scope["method"] not in SAFE and not scope["path"].startswith(FROM_ELSEWHERE):
                refuse_foreign(request)
            announced = request.headers.get("content-length", "0")
            if not announced.isdecimal() or int(announced) > allowed:
                raise _too_large()
            await self._measured(scope, receive, send, allowed)
        except AppError as error:
            await problem(error, locale_of(request))(scope, receive, send)

    async def _measured(self, scope: Scope, receive: Receive, send: Send, allowed: int) -> None:
        """Let the application answer; raises `BodyTooLarge` if it was sent too much before."""
        taken, begun, exceeded = 0, False, False

        async def receiving() -> Message:
            nonlocal taken, exceeded
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > allowed:
                exceeded = True
                raise _Exceeded
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            # Whoever catches the error answers with one of their own; ours says what happened.
            if begun or not exceeded:
                begun = True
                await send(message)

        try:
            await self.app(scope, receiving, sending)
        except Exception:
            if begun or not exceeded:
                raise
        if exceeded and not begun:
            raise _too_large()


def room(path: str) -> int:
    """How many bytes may be sent to this address."""
    return max(
        (most for start, most in ROOMY.items() if _begins(path, start)), default=LONGEST_BODY
    )


def _begins(path: str, start: str) -> bool:
    if "*" not in start:
        return path.startswith(start)
    # A star of the pattern takes slashes in, too, so the parts are counted.
    return path.count("/") == start.count("/") and fnmatchcase(path, start)


def _too_large() -> AppError:
    return BodyTooLarge("The request is too large.")
