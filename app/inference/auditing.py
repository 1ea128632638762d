"""What the log of changes is told of endpoints and models."""

from typing import Any

from app.inference.models import ModelEndpoint, OfferedModel


def told_endpoint(endpoint: ModelEndpoint) -> dict[str, Any]:
    """An endpoint, without its key and its certificates."""
    told = {key: value for key, value in endpoint.told.items() if key != "ca"}
    return {
        "name": endpoint.name,
        "kind": endpoint.kind,
        "urls": list(endpoint.urls),
        "inside": endpoint.inside,
        "shared": endpoint.shared,
        "enabled": endpoint.enabled,
        **told,
    }


def told_model(model: OfferedModel) -> dict[str, Any]:
    """A model, save for its name."""
    return {
        "context": model.context,
        "adapter_of": model.adapter_of,
        "tools": model.tools,
        "json_output": model.json_output,
        "streams": model.streams,
        "dimensions": model.dimensions,
        "prices": told_prices(model),
    }


def told_prices(model: OfferedModel) -> str:
    """What a million tokens cost, asked and said."""
    return f"{model.price_in} / {model.price_out} {model.currency}".strip()
