"""What a call needs to know: a model at an endpoint, and the chain that it stands in."""

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from app.inference.models import ModelEndpoint, OfferedModel
from app.inference.presets import KINDS, MILLION, Kind, Profile


@dataclass(frozen=True)
class Link:
    """A step of a chain as it is configured; `shared` says that the model is the platform's."""

    model_id: UUID
    shared: bool = False


@dataclass(frozen=True)
class Target:
    """A model at an endpoint."""

    endpoint_id: UUID
    endpoint: str
    kind: Kind
    urls: tuple[str, ...]
    told: dict[str, str] = field(hash=False)
    secret: str = field(repr=False)
    inside: bool
    shared: bool
    model_id: UUID
    model: str
    context: int
    tools: bool
    json_output: bool
    streams: bool
    price_in: Decimal
    price_out: Decimal
    currency: str
    dimensions: int = 0
    query_prefix: str = ""
    passage_prefix: str = ""

    @property
    def name(self) -> str:
        """What people read: the model at its endpoint."""
        return f"{self.model} ({self.endpoint})"

    def costs(self, tokens_in: int, tokens_out: int) -> Decimal:
        """The price of so many tokens, in `currency`."""
        return (self.price_in * tokens_in + self.price_out * tokens_out) / MILLION


@dataclass(frozen=True)
class Chain:
    """Who answers for an agent; after the last link comes the composer."""

    agent: str
    links: tuple[Target, ...]
    profile: Profile
    first_token_seconds: float = 8.0
    total_seconds: float = 60.0
    hedge_seconds: float = 0.0


def target_of(endpoint: ModelEndpoint, model: OfferedModel) -> Target:
    """A row of each, put together."""
    return Target(
        endpoint_id=endpoint.id,
        endpoint=endpoint.name,
        kind=KINDS[endpoint.kind],
        urls=tuple(endpoint.urls),
        told={key: str(value) for key, value in endpoint.told.items()},
        secret=endpoint.secret or "",
        inside=endpoint.inside,
        shared=endpoint.shared,
        model_id=model.id,
        model=model.name,
        context=model.context,
        tools=model.tools,
        json_output=model.json_output,
        streams=model.streams,
        price_in=model.price_in,
        price_out=model.price_out,
        currency=model.currency,
        dimensions=model.dimensions,
        query_prefix=model.query_prefix,
        passage_prefix=model.passage_prefix,
    )
