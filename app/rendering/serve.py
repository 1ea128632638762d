"""Serves the built app: pages, HTTP routes and sockets on one port, in this one process."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from reflex.constants import Env
from reflex.environment import environment
from reflex.utils import prerequisites

from app.errors import AppError
from app.rendering.build import ROOT, is_built

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANY_ADDRESS = "0.0.0.0"  # noqa: S104  A market is served to the network; hosts decide what is seen.

_GOODBYE = 5
"""Seconds that open connections get when the server ends."""


def load_app(root: Path = ROOT) -> ASGIApp:
    """Return the ASGI app of the Reflex project in `root`, whose frontend must have been built.

    Changes the working directory to `root`, because that is where Reflex looks for everything.
    """
    if not is_built(root):
        raise AppError("The frontend has not been built yet; run: agora build")
    os.chdir(root)
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_CHECK_LATEST_VERSION.set(False)
    return prerequisites.get_app().app()


def serve(
    port: int,
    host: str = ANY_ADDRESS,
    root: Path = ROOT,
    ready: Callable[[], None] = lambda: None,
    behind: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> None:
    """Serve until SIGINT or SIGTERM, then close connections and return.

    `ready` is called once requests are answered; `behind` puts something before the whole program.
    Raises AppError when nothing has been built.
    """
    asyncio.run(serve_app(_announcing(behind(load_app(root)), ready), port, host))


async def serve_app(app: ASGIApp, port: int, host: str = ANY_ADDRESS) -> None:
    """Serve `app` in the running event loop until a signal."""
    server = Server(
        target=app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        # The event loop is the only place where Python runs; more threads would only wait.
        runtime_threads=1,
        blocking_threads=1,
        # An open chat holds its place as long as the tab lives; pages have a queue of their own.
        backlog=1024,
        backpressure=8192,
    )
    # A browser keeps its socket open; it must not keep the server from ending.
    server.workers_kill_timeout = _GOODBYE
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.stop)
    try:
        await server.serve()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _announcing(app: ASGIApp, ready: Callable[[], None]) -> ASGIApp:
    """Call `ready` when the app's lifespan has started."""

    async def announcing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return

        async def watching(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                ready()

        await app(scope, receive, watching)

    return announcing
