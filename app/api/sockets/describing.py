"""The description of the sockets in AsyncAPI 3, made from the models of their frames."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.accounts.signing import SESSION_COOKIE
from app.api.sockets.events import SERVER_EVENTS
from app.api.sockets.frames import CLIENT_FRAMES, LARGEST, MEANINGS

ADDRESS = "/ws/chat"
_DESCRIPTION = """\
One conversation over one socket. Send `init` first; `ready` and `history` answer it, and from then
on everything that happens in the conversation is sent as it happens, whichever device did it. An
event with an `id` says how far you are: come back with the last one as `last_event_id` of `init`
(or in `resume`), and you get the rest, nothing twice. The socket may be cut at any time: the reply
goes on.
"""
_SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": (
            "An access token of `/api/auth/login`, or an API key, in the header `Authorization`."
            " A browser, which can send no header, offers the subprotocols `agora.chat.v1` and"
            " `bearer.` with the token after the dot."
        ),
    },
    "session": {
        "type": "httpApiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "The cookie of a browser that is signed in, from the market's own pages.",
    },
}


@cache
def asyncapi() -> dict[str, Any]:
    """The document."""
    models = [*CLIENT_FRAMES, *SERVER_EVENTS]
    schemas = _schemas(models)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Agora chat", "version": "1", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "market": {
                "host": "{market}",
                "protocol": "wss",
                "description": "Every market has its own; `ws` where the market has no TLS.",
                "variables": {"market": {"description": "The host of the market."}},
                "security": [
                    {"$ref": f"#/components/securitySchemes/{name}"} for name in _SECURITY
                ],
            }
        },
        "channels": {
            "chat": {
                "address": ADDRESS,
                "messages": {
                    _name(model): {"$ref": f"#/components/messages/{_name(model)}"}
                    for model in models
                },
                "bindings": {"ws": {"method": "GET"}},
                "x-largest-frame": LARGEST,
                "x-close-codes": {str(int(code)): said for code, said in MEANINGS.items()},
            }
        },
        "operations": {
            "toServer": _operation("receive", "What a client sends.", CLIENT_FRAMES),
            "toClient": _operation("send", "What the server sends.", SERVER_EVENTS),
        },
        "components": {
            "messages": {_name(model): _message(model) for model in models},
            "schemas": schemas,
            "securitySchemes": _SECURITY,
        },
    }


def _schemas(models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    _, told = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    return told["$defs"]


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def _message(model: type[BaseModel]) -> dict[str, Any]:
    kind = model.model_fields["type"].annotation
    (name,) = getattr(kind, "__args__", ("",))
    return {
        "name": name,
        "summary": (model.__doc__ or "").partition("\n")[0],
        "payload": {"$ref": f"#/components/schemas/{_name(model)}"},
    }


def _operation(action: str, summary: str, models: Sequence[type[BaseModel]]) -> dict[str, Any]:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": "#/channels/chat"},
        "messages": [{"$ref": f"#/channels/chat/messages/{_name(model)}"} for model in models],
    }
