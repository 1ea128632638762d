"""The ASGI layer: answers GET and HEAD of page routes with server-rendered HTML.

Everything else (static files, HTTP routes, sockets, other methods) goes on to the app.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from reflex.app import App
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match

from app.errors import AppError
from app.rendering import measuring
from app.rendering.cache import Page, PageCache
from app.rendering.cache import pages as shared_pages
from app.rendering.error_pages import error_page
from app.rendering.policies import content_security_policy
from app.rendering.pool import RendererPool
from app.rendering.renderer import Renderer
from app.rendering.sending import send_page
from app.rendering.state import PageRequest, StateLoader, diff_json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

_LOAD_TIMEOUT = 5.0
_QUEUE_TIMEOUT = 5.0
# At most this many pages are made at once; the next ones wait, and past the queue's end a
# visitor is asked to come back rather than left to wait.
_CONCURRENT = 24
_QUEUE = 200
_BUILT_FILES = "/assets/"


class Overloaded(Exception):
    """More pages are asked for than can be made; the queue is full."""


class PageService:
    """Renders the pages of one app from one built frontend."""

    def __init__(
        self,
        app: App,
        web: Path,
        routes: Iterable[BaseRoute] = (),
        pages: PageCache = shared_pages,
        renderers: int = 1,
    ) -> None:
        """Serve `app` built in the folder `web`; `routes` are HTTP routes that go before pages.

        `renderers` pages at most are rendered in the same moment.
        """
        client = web / "build" / "client"
        bundle = web / "build" / "server" / "index.js"
        self._built = bundle.is_file()
        self._files = {
            "/" + file.relative_to(client).as_posix()
            for file in (client.rglob("*") if client.is_dir() else ())
            if file.is_file()
        }
        self._routes = [route for route in routes if getattr(route, "name", "") != "frontend"]
        self._loader = StateLoader(app)
        self._renderer = RendererPool(
            [Renderer(web / "renderer.mjs", bundle) for _ in range(renderers)]
        )
        self._pages = pages
        self._public_routes: set[str] = set()
        self._places = asyncio.Semaphore(_CONCURRENT)
        self._waiting = 0

    @asynccontextmanager
    async def lifespan(self) -> AsyncGenerator[None]:
        """Keep the renderer running while the server does."""
        renewing: asyncio.Task[None] | None = None
        if self._built:
            await self._renderer.start()
            renewing = asyncio.create_task(self._renderer.renewing(), name="renderers renewed")
        try:
            yield
        finally:
            if renewing is not None:
                renewing.cancel()
                await asyncio.gather(renewing, return_exceptions=True)
            await self._renderer.stop()

    def wrap(self, inner: ASGIApp) -> ASGIApp:
        """Return an ASGI app that answers pages itself and leaves the rest to `inner`."""

        async def pages(scope: Scope, receive: Receive, send: Send) -> None:
            if _from_elsewhere(scope):
                await _refuse(scope, receive, send)
                return
            if not self._is_page(scope):
                await inner(scope, receive, _lasting(scope, send))
                return
            request = _request(scope)
            try:
                page = _trailing_slash(request) or await self._answer(request)
            except AppError as error:
                page = _refusal(request, error)
            except (Overloaded, TimeoutError) as error:
                page = _failure(request, 503, error)
            except Exception as error:
                page = _failure(request, 500, error)
            await send_page(page, scope, send)

        return pages

    def _is_page(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        path: str = scope["path"]
        if path in self._files or path.startswith(_BUILT_FILES) or not self._built:
            return False
        return not any(route.matches(scope)[0] != Match.NONE for route in self._routes)

    async def _answer(self, request: PageRequest) -> Page:
        key = request.key
        if page := self._pages.fresh(key):
            measuring.KEPT.inc()
            return page
        route = self._loader.route(request.path)
        if route not in self._public_routes:
            page, public = await self._make(request)
            if not public or route is None:
                measuring.OWN.inc()
                return page
            self._public_routes.add(route)
        # Pages of this route may be shared. This one still has to say so itself, in a load that
        # knows nothing of the visitor; otherwise it is made for this visitor alone.
        shared = await self._pages.shared(key, lambda: self._anonymous(request))
        (measuring.SHARED if shared else measuring.OWN).inc()
        return shared or (await self._make(request))[0]

    async def _anonymous(self, request: PageRequest) -> Page | None:
        # In which encoding it is kept first is all that depends on who asks.
        accepted = request.headers.get("accept-encoding", "")
        page, public = await self._make(request.anonymous(), shared=True, accepted=accepted)
        return page if public else None

    async def _make(
        self, request: PageRequest, *, shared: bool = False, accepted: str = ""
    ) -> tuple[Page, bool]:
        """Return the page and whether it declared itself public."""
        if self._waiting >= _QUEUE:
            raise Overloaded
        self._waiting += 1
        try:
            with measuring.QUEUED.time():
                async with asyncio.timeout(_QUEUE_TIMEOUT):
                    await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._render(request, shared, accepted)
        finally:
            self._places.release()

    async def _render(self, request: PageRequest, shared: bool, accepted: str) -> tuple[Page, bool]:
        with measuring.LOADED.time():
            async with asyncio.timeout(_LOAD_TIMEOUT):
                declaration, differences = await self._loader.load(request)
        headers = dict(declaration.headers)
        lifetime = declaration.lifetime if shared and declaration.is_public else 0
        headers.setdefault("cache-control", "no-cache" if lifetime else "private, no-store")
        if declaration.location is not None:
            headers["location"] = declaration.location
            return Page.of(declaration.status, headers, b"", 0), False
        head = json.dumps({"url": f"http://localhost{request.target}"})
        page = json.dumps({"hydrate": declaration.hydrate})
        message = f'{head[:-1]},"page":{page[:-1]},"state":{diff_json(differences)}}}}}'
        with measuring.RENDERED.time():
            html = await self._renderer.render(message.encode())
        with measuring.PACKED.time():
            policy = content_security_policy(html, declaration.pictures)
            headers["content-security-policy"] = policy
            things = declaration.things
            made = Page.of(declaration.status, headers, html, lifetime, things, accepted)
        return made, declaration.is_public


def _from_elsewhere(scope: Scope) -> bool:
    """Whether a page of another origin opens one of our sockets.

    A browser sends cookies with a socket that any page opens; only the origin tells.
    """
    if scope["type"] != "websocket" and not (
        scope["type"] == "http" and scope["path"].startswith("/_event")
    ):
        return False
    headers = dict[bytes, bytes](scope["headers"])
    origin = headers.get(b"origin")
    if origin is None:
        return False
    scheme, _, page = origin.lower().partition(b"://")
    # Where visitors come by TLS, a page that did not may have been written by anybody on its way.
    unsafe = scope.get("scheme") in {"https", "wss"} and scheme != b"https"
    return unsafe or page != headers.get(b"host", b"").lower()


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("Forbidden", status_code=403)(scope, receive, send)


def _lasting(scope: Scope, send: Send) -> Send:
    """Let browsers keep built files for good: their names change with their content."""
    if scope["type"] != "http" or not scope["path"].startswith(_BUILT_FILES):
        return send

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            kept = (b"cache-control", b"public, max-age=31536000, immutable")
            message["headers"] = [*message["headers"], kept]
        await send(message)

    return sending


def _request(scope: Scope) -> PageRequest:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    client = scope.get("client")
    return PageRequest(
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        scheme=scope.get("scheme", "http"),
        client=client[0] if client else "",
    )


def _trailing_slash(request: PageRequest) -> Page | None:
    """One address per page: `/en/` goes to `/en`, and `//` leads nowhere."""
    path = request.path
    if "//" in path or "\\" in path:
        return Page.of(404, {}, error_page(request, 404), 0)
    if path == "/" or not path.endswith("/"):
        return None
    target = PageRequest(path.rstrip("/"), request.query, {}).target
    return Page.of(308, {"location": target}, b"", 0)


def _refusal(request: PageRequest, error: AppError) -> Page:
    """What a load handler did not catch, in the words that the error has for the visitor."""
    body = error_page(request, error.status, message=error)
    return Page.of(error.status, {"cache-control": "private, no-store"}, body, 0)


def _failure(request: PageRequest, status: int, error: Exception) -> Page:
    measuring.FAILED.inc()
    number = secrets.token_hex(4)
    logger.error(
        "Page %s on %s could not be made (error %s).",
        request.path,
        request.host,
        number,
        exc_info=error,
    )
    headers = {"cache-control": "no-store"}
    if status == 503:
        headers["retry-after"] = "5"
    return Page.of(status, headers, error_page(request, status, number), 0)
