"""Models behind HTTP: OpenAI's protocol and the Hub's.

Plain answers in OpenAI's protocol are read by `wire`; tools, schemas and all of the Hub go through
pydantic-ai.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError
from openai import AsyncOpenAI
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.huggingface import HuggingFaceModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.huggingface import HuggingFaceProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition

from app.inference.calling import (
    Call,
    Called,
    CallFailed,
    ChatEvent,
    Finished,
    Text,
    ToolCall,
    Turn,
    status_failure,
)
from app.inference.gigachat import Tokens
from app.inference.targets import Target
from app.inference.transport import client, hub_may_be_private
from app.inference.wire import body_of, headers_of, is_plain, words
from app.outbound import AddressRefused

MOST_CLIENTS = 64


class Served:
    """A model at one address of its endpoint."""

    def __init__(
        self,
        target: Target,
        model: Callable[[], Model],
        *,
        refused: Callable[[], None] | None = None,
        plain: Callable[[Call], AsyncGenerator[ChatEvent]] | None = None,
        hub: AsyncInferenceClient | None = None,
    ) -> None:
        self._target, self._model, self._refused, self._hub = target, model, refused, hub
        self._plain = plain

    async def stream(self, call: Call) -> AsyncGenerator[ChatEvent]:
        """See `Chat.stream`."""
        begun = False
        plain = self._plain if is_plain(call) else None
        try:
            async with aclosing((plain or self._events)(call)) as events:
                async for event in events:
                    begun = True
                    yield event
        except CallFailed as failed:
            if failed.kind == "unauthorized" and self._refused:
                self._refused()
            raise
        except Exception as error:
            failed = failure_of(error, begun=begun)
            if failed.kind == "unauthorized" and self._refused:
                self._refused()
            raise failed from error
        finally:
            # The Hub's client lets go of its connections only when it is closed itself.
            if self._hub is not None:
                await self._hub.close()

    async def _events(self, call: Call) -> AsyncGenerator[ChatEvent]:
        hub_may_be_private.set(self._target.inside)
        async with model_request_stream(
            self._model(),
            _messages(call),
            model_settings=_settings(self._target, call),
            model_request_parameters=_parameters(self._target, call),
        ) as answer:
            async for event in answer:
                match event:
                    case PartStartEvent(part=TextPart(content=text)) if text:
                        yield Text(text)
                    case PartDeltaEvent(delta=TextPartDelta(content_delta=text)) if text:
                        yield Text(text)
                    case _:
                        continue
            whole = answer.get()
            if whole.finish_reason is None:
                raise CallFailed("cut")
            for part in whole.parts:
                if isinstance(part, ToolCallPart):
                    yield Called(
                        ToolCall(part.tool_call_id, part.tool_name, part.args_as_json_str())
                    )
            yield Finished(
                whole.usage.input_tokens, whole.usage.output_tokens, str(whole.finish_reason)
            )


_clients: dict[Any, httpx2.AsyncClient] = {}
_tokens: dict[Any, Tokens] = {}


def chat_at(target: Target, url: str, *, near: bool = False) -> Served:
    """The model at one of its endpoint's addresses; `near` refuses all that are public."""
    if target.kind.key == "hub":
        return _at_the_hub(target, url)
    told = sorted(target.told.items())
    key = (target.endpoint_id, url, target.secret, target.inside, near, *told)
    http = _clients.get(key)
    if http is None:
        if len(_clients) >= MOST_CLIENTS:
            forgotten = next(iter(_clients))
            _clients.pop(forgotten)
            _tokens.pop(forgotten, None)
        authorities = target.told.get("ca", "")
        http = client(private=target.inside, certificates=authorities, near=near)
        _clients[key] = http
    tokens = None
    if target.kind.key == "gigachat":
        tokens = _tokens.setdefault(key, Tokens(target, http))
    folder = target.told.get("folder", "")
    name = f"gpt://{folder}/{target.model}" if folder else target.model

    async def plain(call: Call) -> AsyncGenerator[ChatEvent]:
        body = body_of(target, name, call, own=_is_openais(url))
        headers = await headers_of(tokens or target.secret, folder)
        at = f"{url.rstrip('/')}/chat/completions"
        async with aclosing(words(http, at, body, headers)) as events:
            async for event in events:
                yield event

    def model() -> Model:
        sdk = AsyncOpenAI(
            base_url=url,
            # The SDK refuses an empty key, which a vLLM of one's own may well have.
            api_key=tokens or target.secret or "none",
            project=folder or None,
            http_client=http,
            max_retries=0,
        )
        provider = OpenAIProvider(openai_client=sdk)
        return OpenAIChatModel(name, provider=provider, profile=_profile(target, url))

    return Served(target, model, refused=tokens.forget if tokens else None, plain=plain)


async def close_clients() -> None:
    """Close every connection to an endpoint, as a process does before it ends."""
    clients = list(_clients.values())
    _clients.clear()
    _tokens.clear()
    for http in clients:
        with suppress(RuntimeError):
            await http.aclose()


def _at_the_hub(target: Target, url: str) -> Served:
    provider = target.told.get("provider", "")
    hub = AsyncInferenceClient(
        base_url=url, api_key=target.secret, bill_to=target.told.get("bill_to") or None
    )
    name = f"{target.model}:{provider}" if provider else target.model
    model = HuggingFaceModel(
        name, provider=HuggingFaceProvider(hf_client=hub, api_key=target.secret)
    )
    return Served(target, lambda: model, hub=hub)


def _is_openais(url: str) -> bool:
    return urlsplit(url).hostname == "api.openai.com"


def _profile(target: Target, url: str) -> OpenAIModelProfile:
    own = _is_openais(url)
    profile = OpenAIModelProfile(
        supports_tools=True,
        supports_json_schema_output=True,
        # A stream that simply ends was cut, and half an answer is none.
        openai_chat_streaming_requires_finish_reason=True,
        # All but OpenAI itself know the older name of the limit, some only that.
        openai_chat_supports_max_completion_tokens=own,
        openai_supports_strict_tool_definition=own or target.kind.strict_tools,
    )
    if target.kind.strict_tools:
        # OpenAI wants every property of a strict schema required; to vLLM an optional one may
        # stay so, and schemas go there as they are.
        profile["json_schema_transformer"] = None
    return profile


def _messages(call: Call) -> list[ModelMessage]:
    messages: list[ModelMessage] = []
    for turn in call.turns:
        if turn.role == "agent":
            messages.append(ModelResponse(parts=_said(turn)))
            continue
        part: ModelRequestPart
        if turn.role == "system":
            part = SystemPromptPart(turn.text)
        elif turn.role == "tool" and turn.answers is not None:
            part = ToolReturnPart(turn.answers.name, turn.text, turn.answers.id)
        else:
            part = UserPromptPart(turn.text)
        if messages and isinstance(messages[-1], ModelRequest):
            messages[-1] = ModelRequest(parts=[*messages[-1].parts, part])
        else:
            messages.append(ModelRequest(parts=[part]))
    return messages


def _said(turn: Turn) -> list[ModelResponsePart]:
    parts: list[ModelResponsePart] = [TextPart(turn.text)] if turn.text else []
    return parts + [ToolCallPart(call.name, call.arguments, call.id) for call in turn.calls]


def _settings(target: Target, call: Call) -> OpenAIChatModelSettings:
    told = OpenAIChatModelSettings(
        temperature=call.profile.temperature,
        max_tokens=call.profile.max_tokens,
        top_p=call.profile.top_p,
    )
    if target.kind.frequency_penalty:
        told["frequency_penalty"] = call.profile.frequency_penalty
    body: dict[str, Any] = {}
    if target.kind.cache_salt and call.salt:
        body["cache_salt"] = call.salt
    if target.kind.key == "hub":
        body["stream_options"] = {"include_usage": True}
        if call.schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": dict(call.schema)},
            }
    if body:
        told["extra_body"] = body
    return told


def _parameters(target: Target, call: Call) -> ModelRequestParameters:
    tools = [
        ToolDefinition(
            name=tool.name,
            description=tool.about,
            parameters_json_schema=dict(tool.schema),
            strict=target.kind.strict_tools or None,
        )
        for tool in call.tools
    ]
    if call.schema is None or target.kind.key == "hub":
        return ModelRequestParameters(
            function_tools=tools, allow_text_output=not (tools and call.must_call)
        )
    return ModelRequestParameters(
        function_tools=tools,
        output_mode="native",
        output_object=OutputObjectDefinition(json_schema=dict(call.schema), name="answer"),
        allow_text_output=True,
    )


def failure_of(error: BaseException, *, begun: bool) -> CallFailed:
    """What went wrong, without what was asked; `begun` tells whether something was said."""
    for cause in _causes(error):
        match cause:
            case CallFailed():
                return cause
            case AddressRefused():
                return CallFailed("address")
            case HfHubHTTPError():
                return status_failure(cause.response.status_code, cause.response.headers)
            case ModelHTTPError():
                return status_failure(cause.status_code, cause.headers)
            case _:
                continue
    unreachable = isinstance(error, ModelAPIError | httpx2.TransportError | OSError)
    unreachable = unreachable and not _is_garbled(error)
    return CallFailed("cut" if begun else "unreachable" if unreachable else "garbled")


def _is_garbled(error: BaseException) -> bool:
    return any(isinstance(cause, ValueError) for cause in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
