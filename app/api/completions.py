"""The chat models of a market for programs that speak OpenAI's protocol.

`model` names an agent, whose chain answers; `model` of the answer is who did. Only what is listed
here is understood, and the rest is refused: a wish that nobody heeds would be worse than none. An
answer that breaks off in the middle of a stream ends with an `error` instead of `[DONE]`, for what
was sent cannot be taken back in this protocol.
"""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse

from app.api.callers import Marketplace, Program
from app.api.problems import locale_of
from app.api.requests import while_connected
from app.errors import AppError
from app.i18n import translate
from app.inference.calling import Role, Text, Turn
from app.inference.presets import PROFILES
from app.inference.relaying import MOST_TURNS, Wishes, asked_by_name, chain_named, relay
from app.inference.running import Answered, Chosen, Restarted

router = APIRouter(prefix="/v1", tags=["Models"])


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TextPart(_Strict):
    """A piece of a message."""

    type: Literal["text"]
    text: str


class ChatMessage(_Strict):
    """Something said before, or what shall be answered."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]

    def turn(self) -> Turn:
        """The message as models are given it."""
        said = self.content
        text = said if isinstance(said, str) else "".join(part.text for part in said)
        roles: dict[str, Role] = {"user": "person", "assistant": "agent"}
        return Turn(roles.get(self.role, "system"), text)


class StreamOptions(_Strict):
    """How a stream shall be."""

    include_usage: bool = False


class Completion(_Strict):
    """A question to a chain of models; the names are OpenAI's."""

    # Other names are answered as a model that is not there, as programs expect it.
    model: str = Field(
        description="The agent whose chain answers, as `/v1/models` names it.",
        json_schema_extra={"enum": list(PROFILES)},
    )
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_TURNS)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0.01, le=1)
    frequency_penalty: float | None = Field(default=None, ge=-2, le=2)
    # In JSON 1.0 is an integer, too.
    max_tokens: int | None = Field(
        default=None, ge=1, strict=False, description="The chain's limit holds, too."
    )
    max_completion_tokens: int | None = Field(default=None, ge=1, strict=False)
    n: int = Field(default=1, ge=1, le=1, strict=False)
    user: str | None = Field(
        default=None,
        max_length=200,
        description="Questions of the same user go to the same replica.",
    )

    def wishes(self) -> Wishes:
        """How the answer shall be written."""
        most = self.max_completion_tokens or self.max_tokens
        return Wishes(self.temperature, self.top_p, self.frequency_penalty, most)


class Said(BaseModel):
    """An answer's words."""

    role: Literal["assistant"]
    content: str


class Choice(BaseModel):
    """The one answer; there is never another."""

    index: Literal[0]
    message: Said
    finish_reason: Literal["stop", "length", "content_filter"]


class Usage(BaseModel):
    """What was used of the budget."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class NotAnswered(BaseModel):
    """A model of the chain that did not answer, and why."""

    model: str
    reason: str


class Completed(BaseModel):
    """A finished answer."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str = Field(description="The model that answered, and its endpoint.")
    choices: list[Choice]
    usage: Usage
    tried: list[NotAnswered] = Field(description="The models before it that did not answer.")


class Named(BaseModel):
    """A chain that can be asked."""

    id: str
    object: Literal["model"]
    created: Literal[0]
    owned_by: str


class AllNamed(BaseModel):
    """The chains that can be asked."""

    object: Literal["list"]
    data: list[Named]


_STREAM: dict[str, Any] = {
    "description": "The answer; as events where `stream` is true.",
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "description": "Chunks as OpenAI sends them, then `[DONE]`; or an `error`.",
                "properties": {"data": {"type": "string", "contentMediaType": "application/json"}},
                "required": ["data"],
            }
        }
    },
}


@router.get("/models", response_model=AllNamed, summary="List chains", operation_id="listModels")
async def models(actor: Program, market: Marketplace) -> Any:
    """The agents whose chains can be asked."""
    data = [
        {"id": agent, "object": "model", "created": 0, "owned_by": market.key}
        for agent in await asked_by_name(actor)
    ]
    return {"object": "list", "data": data}


@router.post(
    "/chat/completions",
    response_model=Completed,
    responses={200: _STREAM},
    summary="Have a chain of models answer",
    operation_id="complete",
)
async def complete(request: Request, told: Completion, actor: Program) -> Any:
    """Answer by the first model of the chain that can, as OpenAI's protocol describes it."""
    chain = await chain_named(actor, told.model)
    events = relay(
        actor,
        chain,
        [message.turn() for message in told.messages],
        told.wishes(),
        sticky=told.user or "",
        taken_back=not told.stream,
    )
    if not told.stream:
        return JSONResponse(await while_connected(request, _whole(events)))
    # What fails before the first word has a status of its own.
    first = await while_connected(request, anext(events))
    with_usage = told.stream_options is not None and told.stream_options.include_usage
    return StreamingResponse(
        _chunks(first, events, locale_of(request), with_usage=with_usage),
        media_type="text/event-stream",
    )


async def _whole(
    events: AsyncGenerator[Chosen | Text | Restarted | Answered],
) -> dict[str, Any]:
    text = ""
    async with aclosing(events):
        async for event in events:
            match event:
                case Text(more):
                    text += more
                case Restarted():
                    text = ""
                case Answered():
                    message = {"role": "assistant", "content": text}
                    choice = {"index": 0, "message": message, "finish_reason": _reason(event)}
                    return {
                        **_head("chat.completion", event.target.name),
                        "choices": [choice],
                        "usage": _usage(event),
                        "tried": _tried(event),
                    }
                case _:
                    continue
    raise AssertionError("an answer ends with who gave it")


async def _chunks(
    first: Chosen | Text | Restarted | Answered,
    events: AsyncGenerator[Chosen | Text | Restarted | Answered],
    locale: str,
    *,
    with_usage: bool,
) -> AsyncGenerator[bytes]:
    """Each word as it comes, at once."""
    head = before = b""
    event: Chosen | Text | Restarted | Answered | None = first
    async with aclosing(events):
        try:
            while event is not None:
                match event:
                    case Text(text):
                        yield before + json.dumps(text).encode() + _AFTER
                    case Chosen(target):
                        head = _opened(target.name)
                        before = head + _BEFORE
                    case Answered():
                        yield head + _end(event)
                        if with_usage:
                            told = {"choices": [], "usage": _usage(event), "tried": _tried(event)}
                            yield head + json.dumps(told).encode()[1:] + b"\n\n"
                        yield b"data: [DONE]\n\n"
                    case _:
                        pass
                event = await anext(events, None)
        except AppError as error:
            told = {
                "message": translate(locale, error.message, **error.params),
                "code": getattr(error, "code", None) or int(error.status),
            }
            yield b"data: " + json.dumps({"error": told}).encode() + b"\n\n"


_BEFORE = b'"choices":[{"index":0,"finish_reason":null,"delta":{"role":"assistant","content":'
_AFTER = b"}}]}\n\n"


def _opened(model: str) -> bytes:
    """The beginning of every chunk of one answer."""
    head = json.dumps(_head("chat.completion.chunk", model))
    return b"data: " + head[:-1].encode() + b","


def _end(answered: Answered) -> bytes:
    choice: dict[str, Any] = {"index": 0, "delta": {}, "finish_reason": _reason(answered)}
    return json.dumps({"choices": [choice]}).encode()[1:] + b"\n\n"


def _head(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _reason(answered: Answered) -> str:
    return answered.reason if answered.reason in {"length", "content_filter"} else "stop"


def _usage(answered: Answered) -> dict[str, int]:
    asked, said = answered.tokens_in, answered.tokens_out
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _tried(answered: Answered) -> list[dict[str, str]]:
    return [{"model": one.model, "reason": one.reason} for one in answered.tried]
