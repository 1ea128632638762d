"""A stand-in for servers that speak OpenAI's protocol: it answers as a test tells it to.

It is no model. Each model's name has a `Manner`, and what was asked is kept for the test to see.
"""

import asyncio
import json
import socket
import threading
import time
import zlib
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

WORDS = ("A plumber ", "is near you ", "[1].")


@dataclass
class Manner:
    """How a model answers. `cut_after` ends the connection after so many words."""

    words: tuple[str, ...] = WORDS
    status: int = 200
    before: float = 0.0
    between: float = 0.0
    cut_after: int | None = None
    ends_politely: bool = True
    """Whether a reason to end and `[DONE]` are sent."""
    garbage: bool = False
    headers: dict[str, str] = field(default_factory=dict[str, str])
    usage: tuple[int, int] | None = (11, 7)
    tool: tuple[str, str] | None = None
    says: Callable[[dict[str, Any]], tuple[str, ...]] | None = None
    """Its words, made of what it was asked."""
    calls: Callable[[dict[str, Any]], tuple[str, str]] | None = None
    """The tool that it wishes for, made of what it was asked."""
    dimensions: int = 384
    """How many numbers its vectors have; all the same number where below 0."""
    times: int = -1
    """How often, before it answers well; always when below 0."""


@dataclass
class StandIn:
    """The server: `url` is its address, `asked` the bodies and `headers` the headers it got."""

    url: str = ""
    manners: dict[str, Manner] = field(default_factory=dict[str, Manner])
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    left: int = 0
    """Streams whose reader went away."""
    tokens: int = 0
    """Access tokens handed out, as GigaChat does."""
    refused_token: str = ""

    def forget(self) -> None:
        self.manners.clear()
        self.asked.clear()
        self.headers.clear()
        self.left = self.tokens = 0
        self.refused_token = ""

    def manner(self, model: str) -> Manner:
        told = self.manners.get(model, Manner())
        if told.times == 0:
            return Manner()
        told.times -= told.times > 0
        return told

    async def chat(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        if self.refused_token and request.headers["authorization"].endswith(self.refused_token):
            return JSONResponse({"error": {"message": "expired"}}, 401)
        told = _made(self.manner(body["model"]), body)
        if told.status != 200:
            await asyncio.sleep(told.before)
            message = {"error": {"message": "as told", "type": "told"}}
            return JSONResponse(message, told.status, headers=told.headers)
        if not body.get("stream"):
            return JSONResponse(self._whole(body, told))
        return StreamingResponse(self._stream(body, told), media_type="text/event-stream")

    def _whole(self, body: dict[str, Any], told: Manner) -> dict[str, Any]:
        message = {"role": "assistant", "content": "".join(told.words)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"]} | {
            "choices": [choice],
            "usage": _usage(told),
        }

    async def _stream(self, body: dict[str, Any], told: Manner) -> AsyncIterator[bytes]:
        def chunk(delta: dict[str, Any], reason: str | None = None, **more: Any) -> bytes:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            told = {"id": "1", "object": "chat.completion.chunk", "created": 1}
            told |= {"model": body["model"], "choices": [choice], **more}
            return f"data: {json.dumps(told)}\n\n".encode()

        try:
            await asyncio.sleep(told.before)
            if told.garbage:
                yield b"data: {not json\n\n"
                return
            if told.tool:
                function = {"name": told.tool[0], "arguments": told.tool[1]}
                call = {"index": 0, "id": "call-1", "type": "function", "function": function}
                yield chunk({"role": "assistant", "tool_calls": [call]})
                yield chunk({}, "tool_calls")
                yield b"data: [DONE]\n\n"
                return
            for number, word in enumerate(told.words):
                if number == told.cut_after:
                    if told.ends_politely:
                        raise ConnectionResetError
                    return
                yield chunk({"role": "assistant", "content": word})
                await asyncio.sleep(told.between)
            yield chunk({}, "stop")
            if told.usage:
                usage = {"choices": [], "usage": _usage(told), "model": body["model"]}
                usage |= {"id": "1", "object": "chat.completion.chunk", "created": 1}
                yield f"data: {json.dumps(usage)}\n\n".encode()
            yield b"data: [DONE]\n\n"
        except (asyncio.CancelledError, GeneratorExit):
            self.left += 1
            raise

    async def embeddings(self, request: Request) -> Response:
        """Vectors of letters in threes: no meaning, but what is alike is near."""
        body = await request.json()
        self.asked.append(body)
        self.headers.append(dict(request.headers))
        told = self.manner(body["model"])
        await asyncio.sleep(told.before)
        if told.status != 200:
            return JSONResponse({"error": {"message": "as told"}}, told.status)
        if told.garbage:
            return Response("{not json", media_type="application/json")
        data = [
            {"object": "embedding", "index": place, "embedding": letters(text, told.dimensions)}
            for place, text in enumerate(body["input"])
        ]
        usage = {"prompt_tokens": 7 * len(data), "total_tokens": 7 * len(data)}
        # The order is the index's, not that of the list.
        answer = {"object": "list", "model": body["model"], "data": data[::-1]}
        return JSONResponse(answer | {"usage": usage if told.usage else None})

    async def oauth(self, request: Request) -> Response:
        form = await request.form()
        if request.headers["authorization"] != "Basic the-key" or not request.headers.get("rquid"):
            return JSONResponse({"code": 4, "message": "no"}, 401)
        if form.get("scope") != "GIGACHAT_API_B2B":
            return JSONResponse({"code": 5, "message": "no"}, 400)
        self.tokens += 1
        until = int((time.time() + 1800) * 1000)
        return JSONResponse({"access_token": f"token-{self.tokens}", "expires_at": until})


def _made(told: Manner, body: dict[str, Any]) -> Manner:
    words = told.says(body) if told.says else told.words
    return replace(told, words=words, tool=told.calls(body) if told.calls else told.tool)


def letters(text: str, size: int) -> list[float]:
    """How often each three letters in a row stand in a text, each somewhere in the vector."""
    if size < 0:
        return [1.0] * -size
    vector = [0.02] * size
    told = f"  {text.rpartition(': ')[2].casefold()}  "
    for place in range(len(told) - 2):
        vector[zlib.crc32(told[place : place + 3].encode()) % size] += 1.0
    return vector


def _usage(told: Manner) -> dict[str, int] | None:
    if told.usage is None:
        return None
    asked, said = told.usage
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


@contextmanager
def standing_in() -> Generator[StandIn]:
    """The stand-in, serving from a thread of its own."""
    here = StandIn()
    app = Starlette(
        routes=[
            Route("/v1/chat/completions", here.chat, methods=["POST"]),
            Route("/v1/embeddings", here.embeddings, methods=["POST"]),
            Route("/oauth", here.oauth, methods=["POST"]),
        ]
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        here.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        told = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none")
        server = uvicorn.Server(told)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield here
        server.should_exit = server.force_exit = True
        thread.join(10)
