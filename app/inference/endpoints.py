"""Where chat models are: endpoints, and the models and adapters that each serves."""

import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.database import TenantSession
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.inference.auditing import told_endpoint, told_model, told_prices
from app.inference.models import ModelChain, ModelEndpoint, OfferedModel
from app.inference.presets import DIMENSIONS, GIGACHAT_SCOPES, KINDS
from app.outbound import is_web_address

MOST = 50
"""Endpoints of a market, and models of an endpoint, at most."""
LONGEST_NAME = 120
LONGEST_SECRET = 8000
LONGEST_TOLD = 100_000
LONGEST_PREFIX = 300
LARGEST_CONTEXT = 10_000_000
HIGHEST_PRICE = Decimal(1_000_000)
_PLAIN = re.compile(r"[\w.:/@+-]{1,200}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class ModelRefused(AppError):
    """What was given cannot be the configuration of a model, an endpoint, a chain or a budget."""

    code = "model_refused"


@dataclass(frozen=True)
class EndpointInput:
    """What somebody gives. An empty `secret` of an endpoint that exists leaves its secret.

    `inside` and `shared` are for who runs the platform.
    """

    name: str
    kind: str
    urls: Sequence[str] = ()
    secret: str = ""
    told: Mapping[str, str] = field(default_factory=dict[str, str])
    inside: bool = False
    shared: bool = False
    enabled: bool = True


@dataclass(frozen=True)
class ModelInput:
    """What somebody gives of a model; prices per million tokens."""

    name: str
    adapter_of: str = ""
    context: int = 8192
    tools: bool = False
    json_output: bool = False
    streams: bool = True
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)
    currency: str = ""
    dimensions: int = 0
    query_prefix: str = ""
    passage_prefix: str = ""


async def all_endpoints(session: TenantSession, actor: Actor) -> list[ModelEndpoint]:
    """Every endpoint of the market itself, by name."""
    actor.must(Permission.MODELS)
    return list((await session.exec(select(ModelEndpoint).order_by(ModelEndpoint.name))).all())


async def all_models(session: TenantSession, actor: Actor) -> list[OfferedModel]:
    """Every model of the market's own endpoints, by name."""
    actor.must(Permission.MODELS)
    return list((await session.exec(select(OfferedModel).order_by(OfferedModel.name))).all())


async def add_endpoint(session: TenantSession, actor: Actor, given: EndpointInput) -> ModelEndpoint:
    """Add an endpoint; raises `ModelRefused` or `Conflict` for a name that is taken."""
    actor.must(Permission.MODELS)
    count = (await session.exec(select(func.count()).select_from(ModelEndpoint))).one()
    if count >= MOST:
        raise ModelRefused("A market may have at most %(count)s endpoints.", count=MOST)
    made = ModelEndpoint(name="", kind="")
    _fill(made, actor, given)
    await _name_is_free(session, made)
    session.add(made)
    await session.flush()
    await record(
        session, actor, "model-endpoint.added", "model_endpoint", made.id, after=told_endpoint(made)
    )
    return made


async def change_endpoint(
    session: TenantSession, actor: Actor, endpoint_id: UUID, version: int, given: EndpointInput
) -> ModelEndpoint:
    """Change an endpoint; raises as `add_endpoint`, `NotFound`, or `Conflict` when outrun."""
    actor.must(Permission.MODELS)
    found = await _endpoint(session, endpoint_id, version)
    before = told_endpoint(found)
    addresses = (found.urls, found.told.get("oauth", ""))
    held = found.secret
    _fill(found, actor, given)
    if held and not given.secret and addresses != (found.urls, found.told.get("oauth", "")):
        # Otherwise the secret could be had by pointing the endpoint at a server of one's own.
        raise ModelRefused("Give the secret again, for the address has changed.")
    await _name_is_free(session, found)
    found.version += 1
    session.add(found)
    was, now = changes(before, told_endpoint(found))
    if given.secret:
        was, now = was | {"secret": "…"}, now | {"secret": "changed"}
    await record(
        session,
        actor,
        "model-endpoint.changed",
        "model_endpoint",
        endpoint_id,
        before=was,
        after=now,
    )
    return found


async def remove_endpoint(
    session: TenantSession, actor: Actor, endpoint_id: UUID, version: int
) -> None:
    """Remove an endpoint with its models, also from the chains that they stand in."""
    actor.must(Permission.MODELS)
    found = await _endpoint(session, endpoint_id, version)
    query = select(OfferedModel.id).where(OfferedModel.endpoint_id == endpoint_id)
    for model_id in (await session.exec(query)).all():
        await _take_from_chains(session, model_id)
    await session.delete(found)
    await record(
        session,
        actor,
        "model-endpoint.removed",
        "model_endpoint",
        endpoint_id,
        before=told_endpoint(found),
    )


async def add_model(
    session: TenantSession, actor: Actor, endpoint_id: UUID, given: ModelInput
) -> OfferedModel:
    """Add a model to an endpoint; raises `ModelRefused`, `NotFound` or `Conflict`."""
    actor.must(Permission.MODELS)
    endpoint = await _endpoint(session, endpoint_id, None)
    query = select(OfferedModel.name).where(OfferedModel.endpoint_id == endpoint_id)
    names = (await session.exec(query)).all()
    if len(names) >= MOST:
        raise ModelRefused("An endpoint may have at most %(count)s models.", count=MOST)
    if given.name.strip() in names:
        raise Conflict("The endpoint has a model of this name already.")
    if KINDS[endpoint.kind].local and actor.kind != "system":
        raise NotAllowed("Only who runs the platform can name files of this machine.")
    if given.dimensions and not KINDS[endpoint.kind].embeds:
        raise ModelRefused("This kind of server has no vectors for search.")
    made = OfferedModel(endpoint_id=endpoint_id, name="")
    _fill_model(made, given)
    check_vectors(given)
    made.dimensions = given.dimensions
    made.query_prefix, made.passage_prefix = given.query_prefix, given.passage_prefix
    session.add(made)
    await session.flush()
    told = {"name": made.name, "endpoint": endpoint.name, "prices": told_prices(made)}
    await record(session, actor, "model.added", "offered_model", made.id, after=told)
    return made


async def change_model(
    session: TenantSession, actor: Actor, model_id: UUID, version: int, given: ModelInput
) -> OfferedModel:
    """Change a model, save for its name and its vectors, which are what it is.

    Raises as `add_model`.
    """
    actor.must(Permission.MODELS)
    found = await _model(session, model_id, version)
    before = told_model(found)
    name = found.name
    _fill_model(found, given)
    found.name = name
    found.version += 1
    session.add(found)
    was, now = changes(before, told_model(found))
    await record(session, actor, "model.changed", "offered_model", model_id, before=was, after=now)
    return found


async def remove_model(session: TenantSession, actor: Actor, model_id: UUID, version: int) -> None:
    """Remove a model, also from the chains that it stands in."""
    actor.must(Permission.MODELS)
    found = await _model(session, model_id, version)
    await _take_from_chains(session, model_id)
    await session.delete(found)
    await record(
        session, actor, "model.removed", "offered_model", model_id, before={"name": found.name}
    )


async def _take_from_chains(session: TenantSession, model_id: UUID) -> None:
    for chain in (await session.exec(select(ModelChain).with_for_update())).all():
        kept = [link for link in chain.links if link["model"] != str(model_id)]
        if kept != chain.links:
            chain.links = kept
            chain.version += 1
            session.add(chain)


def _fill(endpoint: ModelEndpoint, actor: Actor, given: EndpointInput) -> None:
    kind = KINDS.get(given.kind)
    if kind is None:
        raise ModelRefused("There is no such kind of endpoint.")
    if actor.kind != "system" and (
        kind.local or given.inside != endpoint.inside or given.shared != endpoint.shared
    ):
        raise NotAllowed("Only who runs the platform can do this.")
    name = " ".join(given.name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise ModelRefused("Give the endpoint a name of at most %(count)s characters.", count=120)
    urls = [url.strip().rstrip("/") for url in given.urls if url.strip()] or (
        [kind.url] if kind.url else []
    )
    if not kind.local:
        _check_addresses(urls, plain=given.inside)
    secret = given.secret.strip()
    if len(secret) > LONGEST_SECRET or not secret.isascii() or not secret.isprintable():
        raise ModelRefused("This cannot be a key of the endpoint.")
    if secret:
        endpoint.secret = secret
    if kind.needs_secret and not endpoint.secret:
        raise ModelRefused("This kind of endpoint needs a key.")
    endpoint.name, endpoint.kind, endpoint.urls = name, kind.key, [] if kind.local else urls
    endpoint.told = _checked_told(kind.key, given)
    endpoint.inside, endpoint.shared = given.inside, given.shared
    endpoint.enabled = given.enabled


def _check_addresses(urls: Sequence[str], *, plain: bool) -> None:
    if not urls or len(urls) > MOST or len(set(urls)) < len(urls):
        raise ModelRefused("Give the address of the endpoint, or one per replica.")
    if not all(is_web_address(url, plain=plain) for url in urls):
        raise ModelRefused("Give the address of the endpoint as https://…, without a password.")


def _checked_told(kind: str, given: EndpointInput) -> dict[str, Any]:
    told = {
        key: str(given.told[key]).strip()
        for key in KINDS[kind].asks
        if str(given.told.get(key, "")).strip()
    }
    if sum(map(len, told.values())) > LONGEST_TOLD:
        raise ModelRefused("This is too long.")
    if certificates := told.get("ca"):
        try:
            ssl.create_default_context(cadata=certificates)
        except (ssl.SSLError, ValueError) as error:
            raise ModelRefused("This is no certificate in PEM form.") from error
    if told.get("scope", GIGACHAT_SCOPES[0]) not in GIGACHAT_SCOPES:
        raise ModelRefused("GigaChat knows no such scope.")
    if "oauth" in told and not is_web_address(told["oauth"], plain=given.inside):
        raise ModelRefused("Give the address of the endpoint as https://…, without a password.")
    for key in ("folder", "provider", "bill_to"):
        if key in told and not _PLAIN.fullmatch(told[key]):
            raise ModelRefused("This name has signs that no such name has.")
    if kind == "yandexgpt" and "folder" not in told:
        raise ModelRefused("YandexGPT needs the id of the folder.")
    return told


def _fill_model(model: OfferedModel, given: ModelInput) -> None:
    name, base = given.name.strip(), given.adapter_of.strip()
    if not _PLAIN.fullmatch(name) or (base and not _PLAIN.fullmatch(base)):
        raise ModelRefused("This name has signs that no such name has.")
    if not 256 <= given.context <= LARGEST_CONTEXT:
        raise ModelRefused("The context has at least 256 tokens.")
    prices = (given.price_in, given.price_out)
    if not all(price.is_finite() and 0 <= price <= HIGHEST_PRICE for price in prices):
        raise ModelRefused("A price is a number that is not below 0.")
    if any(prices) and not _CURRENCY.fullmatch(given.currency):
        raise ModelRefused("Say in which currency the prices are, such as EUR.")
    model.name, model.adapter_of, model.context = name, base, given.context
    model.tools, model.json_output, model.streams = given.tools, given.json_output, given.streams
    model.price_in, model.price_out = prices
    model.currency = given.currency if any(prices) else ""


def check_vectors(given: ModelInput) -> None:
    """Raise `ModelRefused` where this cannot be a model that makes vectors, nor one that writes."""
    if given.dimensions not in (0, *DIMENSIONS):
        sizes = ", ".join(map(str, DIMENSIONS))
        raise ModelRefused("A vector has %(sizes)s numbers.", sizes=sizes)
    prefixes = (given.query_prefix, given.passage_prefix)
    if any(len(one) > LONGEST_PREFIX or not one.isprintable() for one in prefixes):
        raise ModelRefused("What stands before a text has at most %(count)s characters.", count=300)


async def _name_is_free(session: TenantSession, endpoint: ModelEndpoint) -> None:
    query = select(ModelEndpoint.id).where(
        ModelEndpoint.name == endpoint.name, col(ModelEndpoint.id) != endpoint.id
    )
    with session.no_autoflush:
        if (await session.exec(query)).first() is not None:
            raise Conflict("Another endpoint has this name.")


async def _endpoint(
    session: TenantSession, endpoint_id: UUID, version: int | None
) -> ModelEndpoint:
    found = await session.get(ModelEndpoint, endpoint_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such endpoint.")
    if version is not None and found.version != version:
        raise Conflict("Somebody else changed this while you were editing.")
    return found


async def _model(session: TenantSession, model_id: UUID, version: int) -> OfferedModel:
    found = await session.get(OfferedModel, model_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such model.")
    if found.version != version:
        raise Conflict("Somebody else changed this while you were editing.")
    return found
