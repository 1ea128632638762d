"""From approved replies to an adapter that a real vLLM answers with, without a restart."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from app.accounts import actors
from app.accounts.actors import system
from app.accounts.signing import sign_up
from app.cli import tree
from app.conversations import log
from app.database import tenant_session
from app.inference.models import OfferedModel
from app.inference.presets import Profile
from app.inference.served import chat_at, close_clients
from app.markets.directory import MarketCard
from app.markets.quotas import folder_of
from app.privacy.consents import say
from app.settings import settings
from app.training.approvals import approve, waiting
from tests import factories
from tests.factories import open_market
from tests.unit.inference.targets import call, target
from tests.vllm.server import KEY, ROOT, Server

pytestmark = pytest.mark.usefixtures("database")
GREEDY = Profile(0.0, 24, 1.0, 0.0)
TALKS = 64


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def places(server: Server, trainer: Path) -> None:
    """The home has what is trained with, and publishes to where the server looks."""
    assert trainer.exists()
    (settings().home / "environments").mkdir()
    (settings().home / "environments" / "train").symlink_to(ROOT / ".venvs" / "train-cpu")
    (settings().home / "adapters").symlink_to(server.adapters)


async def approve_talks(market: MarketCard) -> None:
    deed = system(market.id, "tests")
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "ada@example.com", "Ada", "a long walk at dusk", "en")
        await say(session, actors.person(market.id, member), "improvement", given=True)
        for number in range(TALKS):
            talk = await log.start(session, "en", member.id)
            asked = await log.append(session, talk, "message", {"text": f"Tap {number} leaks"})
            told = {"text": "A plumber is near you [1].", "agent": "vendor", "citations": []}
            told |= {"ending": "done", "asked": asked.seq, "model": "composer"}
            await log.append(session, talk, "reply", told)
        for reply in await waiting(session, deed, TALKS):
            await approve(session, deed, reply.id)
        at = await factories.ROWS["model_endpoint"](
            session, name="GPU", kind="vllm", urls=["http://127.0.0.1:1/v1"], inside=True
        )
        await factories.ROWS["offered_model"](session, endpoint_id=at.id, name="base", context=2048)


async def said(server: Server, name: str) -> str:
    at = target(name, kind="vllm", secret=KEY)
    events = [event async for event in chat_at(at, server.url).stream(call(profile=GREEDY))]
    await close_clients()
    return "".join(getattr(event, "text", "") for event in events)


@pytest.mark.usefixtures("places")
async def test_what_staff_approved_is_trained_published_and_answered_with(
    server: Server, market: MarketCard
):
    from app.commands import adapters  # noqa: PLC0415

    await approve_talks(market)
    recipe = adapters.Recipe(str(server.base), epochs=1, rate=5e-3, rank=8)
    await adapters._train(market, "vendor", recipe, ("GPU", "base"))
    name = f"{market.key}-vendor-1"
    assert (server.adapters / name / "measured.json").exists()
    async with tenant_session(market.id) as session:
        offered = {one.name: one for one in (await session.exec(select(OfferedModel))).all()}
    assert offered[name].adapter_of == "base"
    assert not (folder_of(market.id) / "training" / "vendor").exists()
    assert await said(server, name) != await said(server, "base")


def test_the_commands_are_there():
    told = CliRunner().invoke(tree(), ["adapters", "--help"]).output
    for name in ("prepare", "waiting", "approve", "disapprove", "train"):
        assert name in told
