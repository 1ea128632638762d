"""`agora models`, as an operator uses it, in this process so that the Hub can be stood in for."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner, Result

from app.cli import tree
from app.database import close_engines, tenant_session
from app.errors import AppError, NotFound
from app.inference import weights
from app.inference.chains import chain_of
from app.inference.models import ModelEndpoint, OfferedModel
from app.inference.weights import weights_of
from app.markets.directory import MarketCard
from tests.factories import open_market
from tests.hub_stand_in import CONTENT, NAME, Hub, standing_in_for_the_hub
from tests.stand_in import Manner, StandIn, standing_in

Agora = Callable[..., Awaitable[Result]]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def agora(market: MarketCard, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Agora]:
    """Run a command in a thread, whose event loop is its own."""
    monkeypatch.setenv("COLUMNS", "300")

    async def run(*words: str, told: str | None = None) -> Result:
        await close_engines()
        command = ["models", *words]
        return await asyncio.to_thread(CliRunner().invoke, tree(command), command, input=told)

    yield run
    await close_engines()


@pytest.fixture(scope="module")
def here() -> Generator[StandIn]:
    with standing_in() as server:
        yield server


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    with standing_in_for_the_hub(monkeypatch) as server:
        yield server


def said(result: Result) -> str:
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


async def added(agora: Agora, market: MarketCard, here: StandIn, *more: str) -> None:
    told = ("--kind", "vllm", "--url", here.url, "--inside", "--model", "base", "--model", "small")
    said(await agora("add", "Ours", "--market", market.key, *told, *more))


async def test_the_known_vendors_are_listed_with_where_they_are_documented(agora: Agora):
    words = said(await agora("presets"))
    for known in ("gigachat", "yandexgpt", "t-pro", "cotype", "openai", "developers.sber.ru"):
        assert known in words


async def test_a_preset_brings_its_address_and_models_and_the_key_is_kept_sealed(
    agora: Agora, market: MarketCard, tmp_path: Path
):
    (tmp_path / "key").write_text("s3cret-key\n")
    told = ("--preset", "gigachat", "--scope", "GIGACHAT_API_B2B", "--market", market.key)
    words = said(await agora("add", "Giga", *told, "--key-from", str(tmp_path / "key")))
    assert "GigaChat-2-Max" in words
    assert "s3cret" not in words
    async with tenant_session(market.id) as session:
        endpoint = (await session.exec(select(ModelEndpoint))).one()
        assert endpoint.secret == "s3cret-key"
        assert endpoint.urls == ["https://gigachat.devices.sberbank.ru/api/v1"]
        kept = await session.scalar(text("select secret from model_endpoint"))
        assert "s3cret" not in kept
    assert "s3cret" not in said(await agora("list", "--market", market.key))


async def test_a_key_can_come_by_the_input(agora: Agora, market: MarketCard):
    told = ("--url", "https://models.example.com/v1", "--market", market.key, "--key-from", "-")
    said(await agora("add", "Theirs", *told, told="piped-key\n"))
    async with tenant_session(market.id) as session:
        assert (await session.exec(select(ModelEndpoint))).one().secret == "piped-key"


async def test_models_are_added_priced_chained_listed_and_removed(
    agora: Agora, market: MarketCard, here: StandIn
):
    prices = ("--price-in", "2", "--price-out", "6.5", "--currency", "EUR", "--context", "32768")
    await added(agora, market, here, *prices)
    adapter = ("--model", "planning", "--adapter-of", "base")
    said(await agora("add", "Ours", "--market", market.key, *adapter))
    chain = ("chain", "vendor", "Ours:planning", "Ours:base", "--market", market.key)
    words = said(await agora(*chain, "--first-token", "3", "--total", "30", "--hedge", "1.5"))
    assert "vendor: planning (Ours) → base (Ours) → composer" in words
    async with tenant_session(market.id) as session:
        found = await chain_of(session, "vendor")
        models = {one.name: one for one in (await session.exec(select(OfferedModel))).all()}
    assert (found.first_token_seconds, found.total_seconds, found.hedge_seconds) == (3, 30, 1.5)
    assert models["planning"].adapter_of == "base"
    listed = said(await agora("list", "--market", market.key))
    assert "Ours:base" in listed
    assert "2 / 6.5 EUR" in listed
    assert "vendor: planning (Ours) → base (Ours) → composer" in listed
    assert "finance: composer" in listed
    said(await agora("remove", "Ours:planning", "--market", market.key))
    assert "vendor: base (Ours) → composer" in said(await agora("list", "--market", market.key))
    said(await agora("remove", "Ours", "--market", market.key))
    assert "No endpoint yet" in said(await agora("list", "--market", market.key))


async def test_a_chain_without_models_is_hedged_never_and_answered_by_the_composer(
    agora: Agora, market: MarketCard, here: StandIn
):
    await added(agora, market, here)
    said(await agora("chain", "vendor", "Ours:base", "--market", market.key))
    async with tenant_session(market.id) as session:
        assert (await chain_of(session, "vendor")).hedge_seconds == 0
    words = said(await agora("chain", "vendor", "--market", market.key))
    assert words.strip().endswith("vendor: composer")


async def test_a_model_is_tried_and_its_time_tokens_and_price_are_told(
    agora: Agora, market: MarketCard, here: StandIn
):
    await added(agora, market, here, "--price-in", "1000", "--currency", "EUR")
    here.forget()
    words = said(await agora("test", "Ours:base", "What is a tap?", "--market", market.key))
    assert "A plumber is near you [1]." in words
    assert "tokens 11 + 7, price 0.011" in words
    assert here.asked[0]["messages"][-1]["content"] == "What is a tap?"
    here.manners["base"] = Manner(status=401)
    refused = await agora("test", "Ours:base", "--market", market.key)
    assert str(refused.exception) == "The endpoint refuses the key."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "X", "--preset", "nobody"), "There is no such preset"),
        (("add", "X", "--url", "ftp://example.com"), "address"),
        (("add", "X", "--url", "https://example.com", "--price-in", "much"), "price"),
        (("test", "Ours:nothing"), "There is no such model."),
        (("remove", "Ours:nothing"), "There is no such model."),
        (("chain", "vendor", "Ours:nothing"), "There is no such model."),
        (("chain", "nobody"), "There is no such agent."),
        (("chain", "vendor", "--first-token", "90"), "first word"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_said_in_a_sentence(
    agora: Agora, market: MarketCard, words: tuple[str, ...], says: str
):
    refused = await agora(*words, "--market", market.key)
    assert isinstance(refused.exception, AppError)
    assert says in str(refused.exception)


async def test_another_markets_models_are_not_to_be_had(
    agora: Agora, market: MarketCard, here: StandIn
):
    await added(agora, await open_market(), here)
    refused = await agora("chain", "vendor", "Ours:base", "--market", market.key)
    assert isinstance(refused.exception, NotFound)


async def test_weights_are_fetched_with_progress_and_gone_on_with(
    agora: Agora, market: MarketCard, hub: Hub
):
    hub.breaks_after = len(CONTENT) // 3
    words = said(await agora("fetch", NAME + "@told", "--market", market.key))
    path = weights_of(NAME + "@told")
    assert path.read_bytes() == CONTENT
    assert words.strip().endswith(str(path))
    assert f"{len(CONTENT)}/{len(CONTENT)}" in words
    assert [int(one.removeprefix("bytes=").split("-")[0] or 0) > 0 for one in hub.ranges] == [
        False,
        True,
    ]
    asked = len(hub.ranges)
    said(await agora("fetch", NAME + "@told", "--market", market.key))
    assert len(hub.ranges) == asked


async def test_weights_with_another_hash_are_refused_and_leave_nothing(
    agora: Agora, market: MarketCard, hub: Hub, monkeypatch: pytest.MonkeyPatch
):
    from app.jobs.work import _Kind, _kinds  # noqa: PLC0415

    hub.digest = "0" * 64
    once = {**_kinds, "weights.fetch": _Kind(weights.fetch, attempts=1)}
    monkeypatch.setattr("app.jobs.work._kinds", once)
    refused = await agora("fetch", NAME + "@spoilt", "--market", market.key)
    assert str(refused.exception) == "The weights that came are not those that the Hub has."
    with pytest.raises(AppError):
        weights_of(NAME + "@spoilt")
    assert not list((weights.settings().home / "weights").rglob("spoilt/*.gguf"))
