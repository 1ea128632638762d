"""One socket as a program sees it: frames in, events out, and never more than it can carry."""

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.api.sockets.events import Event
from app.api.sockets.frames import LARGEST, CloseCode

SLOW_AFTER = 10.0
"""Seconds that a sending may take before its reader is given up."""
LAST_WORD = 5.0
"""Seconds in which a reader who was given up may still take the reason."""
FRAMES_AT_ONCE = 40
FRAMES_A_SECOND = 4.0
"""How many frames a client may send in a burst, and all the time."""


class Ended(Exception):
    """The socket is over."""

    def __init__(self, code: CloseCode) -> None:
        super().__init__(code.name)
        self.code = code


class Connection:
    """A socket that was accepted.

    Sending waits until the network has taken what was sent before, so nothing piles up here: the
    log and the reply hold what is still to be said. `overdue` tells of a reader that takes nothing.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.heard_at = self.pinged_at = time.monotonic()
        self._ended: asyncio.Future[CloseCode] = asyncio.get_running_loop().create_future()
        self._turn = asyncio.Lock()
        self._sending_since: float | None = None
        self._room, self._counted_at = float(FRAMES_AT_ONCE), time.monotonic()

    @property
    def overdue(self) -> bool:
        """Whether a sending has taken too long."""
        since = self._sending_since
        return since is not None and time.monotonic() - since > SLOW_AFTER

    def end(self, code: CloseCode) -> None:
        """Say why the socket is to be closed; the first reason counts."""
        if not self._ended.done():
            self._ended.set_result(code)

    async def ended(self) -> CloseCode:
        """Wait until the socket is to be closed, and return why."""
        return await asyncio.shield(self._ended)

    async def send(self, event: Event, **more: Any) -> None:
        """Send an event, with fields that its model need not check once more."""
        told = event.model_dump(mode="json") | more
        await self.send_json(told)

    async def send_json(self, told: dict[str, Any]) -> None:
        """Send what is known to be an event's form."""
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        async with self._turn:
            if self._ended.done():
                return
            self._sending_since = time.monotonic()
            try:
                await self.websocket.send_text(text)
            except (WebSocketDisconnect, RuntimeError, OSError):
                # Starlette and the servers name a peer that is gone in different ways.
                self.end(CloseCode.NORMAL)
            finally:
                self._sending_since = None

    async def receive(self) -> str:
        """The next frame's text; raises `Ended`."""
        message = await self.websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise Ended(CloseCode.NORMAL)
        self.heard_at = time.monotonic()
        text = message.get("text")
        if text is None:
            raise Ended(CloseCode.NO_TEXT)
        if len(text) > LARGEST or len(text.encode()) > LARGEST:
            raise Ended(CloseCode.TOO_LARGE)
        self._count()
        return text

    async def close(self, code: CloseCode) -> None:
        """Close the socket; one that takes nothing is left to the server to cut."""
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
            async with asyncio.timeout(LAST_WORD):
                async with self._turn:
                    if self.websocket.client_state is not WebSocketState.DISCONNECTED:
                        await self.websocket.close(int(code))

    def _count(self) -> None:
        now = time.monotonic()
        earned = (now - self._counted_at) * FRAMES_A_SECOND
        self._room, self._counted_at = min(FRAMES_AT_ONCE, self._room + earned), now
        if self._room < 1:
            raise Ended(CloseCode.TOO_MANY)
        self._room -= 1
