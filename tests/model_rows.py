"""Rows of chat models, their chains and what they cost, for tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.database import TenantSession
from app.inference.models import (
    ModelBudget,
    ModelChain,
    ModelEndpoint,
    ModelSpending,
    OfferedModel,
)
from tests.rows import kept, numbers


async def model_endpoint(session: TenantSession, **more: Any) -> ModelEndpoint:
    """An endpoint at an address that nobody answers at."""
    usual = {"name": f"Endpoint {next(numbers)}", "kind": "openai"}
    return await kept(
        session, ModelEndpoint, {**usual, "urls": ["https://models.example.com/v1"]}, more
    )


async def offered_model(session: TenantSession, **more: Any) -> OfferedModel:
    """A model that costs nothing, at a fresh endpoint."""
    if "endpoint_id" not in more:
        more["endpoint_id"] = (await model_endpoint(session)).id
    return await kept(session, OfferedModel, {"name": f"model-{next(numbers)}"}, more)


async def model_chain(session: TenantSession, **more: Any) -> ModelChain:
    """A chain of nothing but the composer."""
    usual = {"agent": "vendor", "temperature": 0.7, "max_tokens": 500}
    return await kept(session, ModelChain, {**usual, "top_p": 0.9, "frequency_penalty": 0.0}, more)


async def model_budget(session: TenantSession, **more: Any) -> ModelBudget:
    """A budget without limits."""
    return await kept(session, ModelBudget, {}, more)


async def model_spending(session: TenantSession, **more: Any) -> ModelSpending:
    """What nobody has used today."""
    return await kept(session, ModelSpending, {"day": datetime.now(UTC).date()}, more)


MODEL_ROWS: dict[str, Callable[..., Any]] = {
    "model_endpoint": model_endpoint,
    "offered_model": offered_model,
    "model_chain": model_chain,
    "model_budget": model_budget,
    "model_spending": model_spending,
}
"""How to make a row of each table of models."""
