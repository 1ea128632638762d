"""Sends a page: which encoding, which headers, and whether the client has it already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rendering.cache import Page
from app.rendering.policies import CLOSED, FIXED, STRICT_TRANSPORT

if TYPE_CHECKING:
    from starlette.types import Scope, Send


async def send_page(page: Page, scope: Scope, send: Send) -> None:
    """Answer a GET or HEAD request with `page`; 304 where `If-None-Match` names it."""
    asked = dict[bytes, bytes](scope["headers"])
    headers = {"content-security-policy": CLOSED, **FIXED, **page.headers}
    if scope.get("scheme") == "https":
        headers["strict-transport-security"] = STRICT_TRANSPORT
    varying = headers.get("vary", "")
    headers["vary"] = f"{varying}, Accept-Encoding" if varying else "Accept-Encoding"
    status, body = page.status, b""
    if page.lifetime:
        headers["etag"] = page.etag
        if status == 200 and is_named(asked.get(b"if-none-match", b""), page.etag.encode()):
            status = 304
    if "location" not in headers and status != 304:
        headers["content-type"] = "text/html; charset=utf-8"
        encoding, body = page.body(asked.get(b"accept-encoding", b"").decode("latin-1"))
        if encoding:
            headers["content-encoding"] = encoding
        headers["content-length"] = str(len(body))
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def is_named(told: bytes, etag: bytes) -> bool:
    """Whether an If-None-Match header names `etag` or anything at all (RFC 9110, 13.1.2)."""
    names = [name.strip() for name in told.split(b",")]
    return b"*" in names or any(
        name.removeprefix(b"W/") == etag.removeprefix(b"W/") for name in names
    )
