"""Asking the program over HTTP, without a server and without a client that tidies addresses."""

import asyncio
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette

from app.api.application import routes

_app = Starlette(routes=routes)


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body, and what is packed in it when it is an archive."""
        if zipfile.is_zipfile(BytesIO(self.body)):
            with zipfile.ZipFile(BytesIO(self.body)) as archive:
                return "".join(archive.read(name).decode() for name in archive.namelist())
        return self.body.decode(errors="replace")


async def answer(
    method: str,
    address: str,
    host: str,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """What the program says to a request; `address` is sent as it stands, dots and all."""
    path, _, query = address.partition("?")
    told = {"host": host, "x-forwarded-host": "theirs", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
        "client": ("192.0.2.7", 5000),
        "server": (host, 80),
    }
    got = Answer()
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            # Who asked stays until the answer has ended: a file is not sent to somebody who left.
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            got.body += message.get("body", b"")

    try:
        await _app(scope, receive, send)
    except Exception:
        # Starlette has answered 500 by then; what it said is what they got.
        got.status = got.status or 500
    return got
