"""Models for tests, made of nothing but what a test says."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from app.inference.calling import Call, Turn
from app.inference.presets import KINDS, Profile
from app.inference.targets import Target

PROFILE = Profile(0.4, 100, 0.9, 0.1)


def target(model: str = "m", *urls: str, kind: str = "openai", **more: Any) -> Target:
    usual: dict[str, Any] = {
        "endpoint_id": UUID(int=sum(model.encode())) if "endpoint_id" not in more else None,
        "endpoint": "here",
        "kind": KINDS[kind],
        "urls": urls or ("https://one.example/v1",),
        "told": {},
        "secret": "the-key",
        "inside": True,
        "shared": False,
        "model_id": uuid4(),
        "model": model,
        "context": 8192,
        "tools": True,
        "json_output": True,
        "streams": True,
        "price_in": Decimal(2),
        "price_out": Decimal(6),
        "currency": "EUR",
    }
    return Target(**{**usual, **more})


def call(**more: Any) -> Call:
    turns = (Turn("system", "Be brief."), Turn("person", "A tap leaks."))
    return Call(turns, more.pop("profile", PROFILE), **more)
