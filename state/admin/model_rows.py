"""Endpoints, models and chains as the console shows them."""

import dataclasses
from decimal import Decimal

from app.i18n import N_, translate
from app.inference.metrics import counts
from app.inference.models import ModelChain, ModelEndpoint, OfferedModel
from app.inference.presets import KINDS
from app.inference.targets import Chain, Target

LONGEST_CHAIN_SHOWN = 4
AGENTS = {
    "maestro": N_("Everything else"),
    "planning": N_("Plans"),
    "finance": N_("Questions of money"),
    "vendor": N_("Finding services"),
    "communication": N_("Questions about the market"),
    "analytics": N_("Figures"),
}
"""What each agent answers, in plain words."""


@dataclasses.dataclass(frozen=True)
class EndpointRow:
    """An endpoint as the page shows it; `has_key` is all that is told of its key."""

    id: str
    name: str
    kind: str
    addresses: str
    has_key: bool
    enabled: bool
    version: int


@dataclasses.dataclass(frozen=True)
class ModelRow:
    """A model as the page shows it."""

    id: str
    name: str
    endpoint: str
    context: str
    price: str
    answers: str
    version: int
    own: bool


@dataclasses.dataclass(frozen=True)
class ChainRow:
    """Who answers for an agent: the models in their places, and how it writes."""

    agent: str
    name: str
    line: str
    places: list[str]
    """Ids of models, as many as may be chosen; empty where there is none."""
    first_token: str
    total: str
    temperature: str
    max_tokens: str
    top_p: str
    frequency_penalty: str
    version: int
    own: bool


def endpoint_row(row: ModelEndpoint) -> EndpointRow:
    """An endpoint, without its key."""
    return EndpointRow(
        id=str(row.id),
        name=row.name,
        kind=KINDS[row.kind].name,
        addresses=" ".join(row.urls),
        has_key=bool(row.secret),
        enabled=row.enabled,
        version=row.version,
    )


def model_row(row: OfferedModel, endpoint: str) -> ModelRow:
    """A model of the market's own."""
    return ModelRow(
        id=str(row.id),
        name=row.name,
        endpoint=endpoint,
        context=str(row.context),
        price=_price(row.price_in, row.price_out, row.currency),
        answers=_answers(f"{row.name} ({endpoint})"),
        version=row.version,
        own=True,
    )


def shared_row(one: Target) -> ModelRow:
    """A model that the platform shares."""
    return ModelRow(
        id=str(one.model_id),
        name=one.model,
        endpoint=one.endpoint,
        context=str(one.context),
        price=_price(one.price_in, one.price_out, one.currency),
        answers=_answers(one.name),
        version=0,
        own=False,
    )


def _price(price_in: Decimal, price_out: Decimal, currency: str) -> str:
    if not currency:
        return "0"
    return f"{price_in.normalize():f} / {price_out.normalize():f} {currency}"


def _answers(name: str) -> str:
    told = counts.of_model(name)
    return f"{told['answers']} / {told['errors']}"


def chain_row(locale: str, agent: str, chain: Chain, own: ModelChain | None) -> ChainRow:
    """Who answers for an agent; `own` is None where the platform decides."""
    ids = [str(link.model_id) for link in chain.links][:LONGEST_CHAIN_SHOWN]
    return ChainRow(
        agent=agent,
        name=translate(locale, AGENTS.get(agent, agent)),
        line=" → ".join(
            [*(link.name for link in chain.links), translate(locale, "composer (no model)")]
        ),
        places=ids + [""] * (LONGEST_CHAIN_SHOWN - len(ids)),
        first_token=f"{chain.first_token_seconds:g}",
        total=f"{chain.total_seconds:g}",
        temperature=f"{chain.profile.temperature:g}",
        max_tokens=str(chain.profile.max_tokens),
        top_p=f"{chain.profile.top_p:g}",
        frequency_penalty=f"{chain.profile.frequency_penalty:g}",
        version=own.version if own else 0,
        own=own is not None,
    )
