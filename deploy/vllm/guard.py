"""What of vLLM's server may be reached, and by how many at a time; given to it as --middleware.

vLLM asks for its key under /v1 alone: /invocations answers questions without one, and what changes
the server (/adapters, /scale_elastic_ep) does not ask for it. Here everything asks for the key but
the health check, and what a client of chat models does not need is not there. vLLM
queues without an end, too; here whoever comes when enough are waiting is told to come later.
"""

import hmac
import json
import os

KEY = os.environ["VLLM_API_KEY"]
MOST = int(os.environ.get("MOST_REQUESTS", "256"))
"""Requests that are answered or wait at a time."""
PAUSE = os.environ.get("RETRY_AFTER", "2")
OPEN = {("GET", "/health")}
KNOWN = {
    ("GET", "/metrics"),
    ("GET", "/v1/models"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
}


class Guard:
    """An ASGI application around vLLM's."""

    def __init__(self, app):
        self._app = app
        self._running = 0

    async def __call__(self, scope, receive, send):
        """Answer, or say why not."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = (scope["method"], scope["path"])
        if asked in OPEN:
            await self._app(scope, receive, send)
        elif not _has_key(scope):
            await _refuse(send, 401, "Show the key.")
        elif asked not in KNOWN:
            await _refuse(send, 404, "There is no such thing here.")
        elif scope["method"] == "GET":
            await self._app(scope, receive, send)
        elif self._running >= MOST:
            await _refuse(
                send, 429, "Too many are being answered.", (b"retry-after", PAUSE.encode())
            )
        else:
            self._running += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._running -= 1


def _has_key(scope):
    shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    return hmac.compare_digest(shown, f"Bearer {KEY}".encode())


async def _refuse(send, status, why, *headers):
    kind = (b"content-type", b"application/json")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    body = json.dumps({"error": {"message": why, "code": status}}).encode()
    await send({"type": "http.response.body", "body": body})
