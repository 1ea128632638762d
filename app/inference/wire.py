"""Plain answers in OpenAI's protocol, read from the wire: words and nothing else.

What readers and programs are answered comes this way, a word at a time and many streams at once,
so that each word passes as few layers as can be (docs/performance.md says what that is worth).
Tools and schemas, where vendors differ, are left to pydantic-ai in `served`.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx2

from app.inference.calling import Call, CallFailed, ChatEvent, Finished, Text, status_failure
from app.inference.targets import Target

LONGEST_LINE = 1024 * 1024
END_SECONDS = 0.2
"""How long a server may take to end a stream whose last event has come."""
_ROLES = {"system": "system", "person": "user", "agent": "assistant"}
_THINKS, _THOUGHT = "<think>", "</think>"


def is_plain(call: Call) -> bool:
    """Whether words are all that is asked for, and all that was said before."""
    return (
        not call.tools and call.schema is None and all(turn.role in _ROLES for turn in call.turns)
    )


async def words(
    http: httpx2.AsyncClient,
    url: str,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
) -> AsyncGenerator[ChatEvent]:
    """Yield the answer as it comes, then `Finished`; raises `CallFailed` and what httpx raises."""
    tokens, reason, came = (0, 0), "", False
    thoughts = _Thoughts()
    async with http.stream("POST", url, json=body, headers=headers) as answer:
        if answer.status_code != 200:
            raise status_failure(answer.status_code, answer.headers)
        events = _events(answer.aiter_bytes())
        async for data in events:
            if data == b"[DONE]":
                # Read to its end the connection serves the next question, too.
                with suppress(TimeoutError):
                    async with asyncio.timeout(END_SECONDS):
                        async for _more in events:
                            pass
                break
            told = _read(data)
            came = True
            if "error" in told:
                raise CallFailed("broken")
            if usage := told.get("usage"):
                tokens = (_count(usage, "prompt_tokens"), _count(usage, "completion_tokens"))
            for choice in told.get("choices") or ():
                delta: dict[str, Any] = choice.get("delta") or {}
                text: str = delta.get("content") or ""
                if text and (said := thoughts.left_out(text)):
                    yield Text(said)
                reason = choice.get("finish_reason") or reason
    if not reason:
        # A stream that simply ends was cut, and half an answer is none.
        raise CallFailed("cut" if came else "garbled")
    if said := thoughts.rest():
        yield Text(said)
    yield Finished(*tokens, reason)


class _Thoughts:
    """Leaves out what a model thinks aloud before it answers."""

    def __init__(self) -> None:
        self._held: str | None = ""
        """What came while it is open whether it is a thought; None once it is known."""

    def left_out(self, text: str) -> str:
        """What of `text`, which came next, is said to the reader."""
        if self._held is None:
            return text
        self._held += text
        begun = self._held.lstrip()
        if begun.startswith(_THINKS):
            _, ended, said = begun.partition(_THOUGHT)
            if not ended:
                return ""
            self._held = None
            return said.lstrip()
        if _THINKS.startswith(begun):
            return ""
        said, self._held = self._held, None
        return said

    def rest(self) -> str:
        """What was held back, and turned out to be no thought."""
        held, self._held = self._held or "", None
        return "" if held.lstrip().startswith(_THINKS) else held


async def _events(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The data of each event; one line each, as everybody who speaks this protocol sends it."""
    held = b""
    async for chunk in chunks:
        *lines, held = (held + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()
        if len(held) > LONGEST_LINE:
            raise CallFailed("garbled")


def _read(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except ValueError as error:
        raise CallFailed("garbled") from error
    if not isinstance(told, dict):
        raise CallFailed("garbled")
    return told  # pyright: ignore[reportUnknownVariableType]


def _count(usage: Any, name: str) -> int:
    counted = usage.get(name) if isinstance(usage, dict) else 0  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return counted if isinstance(counted, int) and counted > 0 else 0


def body_of(target: Target, model: str, call: Call, *, own: bool) -> dict[str, Any]:
    """What is asked; `own` tells whether OpenAI itself is, which renamed the limit."""
    kind, profile = target.kind, call.profile
    body: dict[str, Any] = {
        "model": model,
        "stream": True,
        "messages": [{"role": _ROLES[turn.role], "content": turn.text} for turn in call.turns],
        "temperature": profile.temperature,
        "top_p": profile.top_p,
        # All but OpenAI itself know the older name of the limit, some only that.
        "max_completion_tokens" if own else "max_tokens": profile.max_tokens,
    }
    if kind.frequency_penalty:
        body["frequency_penalty"] = profile.frequency_penalty
    if kind.stream_options:
        body["stream_options"] = {"include_usage": True}
    if kind.cache_salt and call.salt:
        body["cache_salt"] = call.salt
    return body


Key = Callable[[], Awaitable[str]]


async def headers_of(key: str | Key, project: str) -> dict[str, str]:
    """What opens the endpoint."""
    opened = key if isinstance(key, str) else await key()
    told = {"accept": "text/event-stream", "accept-encoding": "identity"}
    if opened:
        told["authorization"] = f"Bearer {opened}"
    if project:
        told["openai-project"] = project
    return told
