"""An adapter is published whole, under a name of its own, and only when it is better."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from app.accounts.actors import Actor, SignInNeeded, system, visitor
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import AppError, NotAllowed, NotFound
from app.inference import endpoints
from app.inference.models import OfferedModel
from app.markets.directory import MarketCard
from app.markets.quotas import adapters_folder, adapters_of
from app.settings import settings
from app.training import publishing
from app.training.publishing import WorseThanBase, endpoint_of, publish
from app.training.running import Measured, Trained
from tests import factories
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")
BETTER = Measured(2.0, 1.5, 7.4, 4.5, better_on=5, held_out=6)


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(publishing, "adapters_folder", lambda: tmp_path / "adapters")
    return tmp_path / "adapters"


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    made = tmp_path / "made"
    made.mkdir()
    (made / "adapter_config.json").write_text("{}")
    (made / "adapter_model.safetensors").write_bytes(b"weights")
    return Trained(made, BETTER)


async def base(actor: Actor, **more: object) -> OfferedModel:
    async with tenant_session(actor.market_id) as session:
        usual = {"name": "GPU", "kind": "vllm", "urls": ["http://127.0.0.1:1/v1"], "inside": True}
        at = await factories.ROWS["model_endpoint"](session, **{**usual, **more})
        await factories.ROWS["offered_model"](session, endpoint_id=at.id, name="base", context=4096)
        return await endpoint_of(session, actor, "GPU", "base")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def offered(market: MarketCard) -> dict[str, OfferedModel]:
    async with tenant_session(market.id) as session:
        return {one.name: one for one in (await session.exec(select(OfferedModel))).all()}


async def test_a_better_adapter_is_published_and_offered(
    market: MarketCard, trained: Trained, folder: Path
):
    actor = system(market.id, "tests")
    on = await base(actor)
    first = await publish(actor, "kazan", "vendor", on, trained)
    second = await publish(actor, "kazan", "vendor", on, trained)
    assert (first, second) == ("kazan-vendor-1", "kazan-vendor-2")
    assert names(folder) == [first, second]
    assert (folder / first / "adapter_model.safetensors").read_bytes() == b"weights"
    models = await offered(market)
    assert (models[second].adapter_of, models[second].context) == ("base", 4096)
    async with tenant_session(market.id) as session:
        noted = (await session.exec(select(AuditEntry))).all()
    (entry, _) = [one for one in noted if one.action == "adapter.published"]
    assert entry.after["base_loss"] == 2.0


@pytest.mark.parametrize(
    "told",
    [
        {"adapter_loss": 2.1},
        {"adapter_loss": 2.0},
        {"adapter_loss": float("nan")},
        {"better_on": 3},
    ],
)
async def test_a_worse_one_is_not(
    market: MarketCard, trained: Trained, folder: Path, told: dict[str, float]
):
    actor = system(market.id, "tests")
    on = await base(actor)
    worse = replace(trained, measured=replace(BETTER, **told))
    with pytest.raises(WorseThanBase):
        await publish(actor, "kazan", "vendor", on, worse)
    assert names(folder) == []
    assert set(await offered(market)) == {"base"}


async def test_nothing_is_left_where_the_database_refuses(
    market: MarketCard, trained: Trained, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    actor = system(market.id, "tests")
    on = await base(actor)
    monkeypatch.setattr(endpoints, "MOST", 1)
    with pytest.raises(AppError, match="at most"):
        await publish(actor, "kazan", "vendor", on, trained)
    assert names(folder) == []
    assert set(await offered(market)) == {"base"}


async def test_what_a_process_that_died_left_half_is_hidden_and_passed_over(
    market: MarketCard, trained: Trained, folder: Path
):
    actor = system(market.id, "tests")
    on = await base(actor)
    (folder / ".kazan-vendor-1.part").mkdir(parents=True)
    assert await publish(actor, "kazan", "vendor", on, trained) == "kazan-vendor-2"


async def test_no_market_publishes_to_what_others_use(market: MarketCard):
    actor = system(market.id, "tests")
    for more in ({"shared": True}, {"kind": "openai"}):
        with pytest.raises(AppError, match="of the market's own"):
            await base(actor, name="GPU", **more)
        async with tenant_session(market.id) as session:
            for one in await endpoints.all_endpoints(session, actor):
                await endpoints.remove_endpoint(session, actor, one.id, one.version)
    await base(actor)
    other = await open_market()
    async with tenant_session(other.id) as session:
        with pytest.raises(NotFound):
            await endpoint_of(session, system(other.id, "tests"), "GPU", "base")


async def test_only_who_may_configure_models_publishes(market: MarketCard, trained: Trained):
    on = await base(system(market.id, "tests"))
    with pytest.raises((NotAllowed, SignInNeeded)):
        await publish(visitor(market.id), "kazan", "vendor", on, trained)


def test_a_markets_adapters_are_told_from_those_of_others():
    folder = adapters_folder()
    assert folder == settings().home / "adapters"
    ours = ("mine-vendor-1", "mine-finance-12", ".mine-vendor-2.part")
    for name in (*ours, "mine-east-vendor-1", "mine", "vendor", "minevendor-1"):
        (folder / name).mkdir(parents=True)
    assert {path.name for path in adapters_of("mine")} == set(ours)
    for path in folder.iterdir():
        path.rmdir()
