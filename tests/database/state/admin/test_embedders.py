"""The console's part on who reads for search: chosen, followed, tried, and nobody else's to see."""

from collections.abc import AsyncGenerator, Generator

import pytest

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.inference import vector_wire
from app.inference.breaker import breaker
from app.inference.endpoints import all_models
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from app.search import wording
from state.admin.embedders import EmbeddersState
from state.admin.entry import AdminState
from state.admin.models import ModelsState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market
from tests.model_rows import model_endpoint, offered_model
from tests.stand_in import StandIn, standing_in


@pytest.fixture(scope="module")
def server() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def here(server: StandIn) -> AsyncGenerator[StandIn]:
    server.forget()
    breaker.forget()
    wording.forget()
    yield server
    await vector_wire.close_clients()


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, *roles: Role) -> Tab:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
    here = tab(market)
    here.visit("/en/admin/models", token)
    with declaring(Declaration()):
        await (await here.of(ModelsState)).load()
    return here


async def test_a_model_is_chosen_followed_and_taken_back(
    market: MarketCard, tab: Tabs, here: StandIn
):
    async with tenant_session(market.id) as session:
        at = await model_endpoint(session, name="GPU", urls=[here.url], inside=True)
        model = await offered_model(session, endpoint_id=at.id, name="e5", dimensions=384)
        await offered_model(session, endpoint_id=at.id, name="writes")
    shown = await opened(market, tab, Role.ADMIN)
    page = await shown.of(EmbeddersState)
    await EmbeddersState.follow.fn(page)
    assert (page.packaged, page.coming) == (True, "")
    assert [one.name for one in page.choices] == ["e5 (GPU)"]
    assert "e5 (GPU)" not in [one.name for one in (await shown.of(ModelsState)).choices]
    await page.choose({"reader": str(model.id)})
    assert page.coming == "e5 (GPU)"
    await page.choose({"reader": str(model.id)})
    assert (await shown.of(AdminState)).notice_kind == "wrong"
    await page.stop()
    assert page.coming == ""
    await page.choose({"reader": str(model.id)})
    await work_off()
    await EmbeddersState.follow.fn(page)
    assert (page.reads, page.packaged, page.problem) == ("e5 (GPU)", False, "")
    await page.use_packaged()
    assert page.packaged


async def test_two_texts_are_compared(market: MarketCard, tab: Tabs, here: StandIn):
    async with tenant_session(market.id) as session:
        at = await model_endpoint(session, urls=[here.url], inside=True)
        model = await offered_model(session, endpoint_id=at.id, dimensions=384)
    page = await (await opened(market, tab, Role.ADMIN)).of(EmbeddersState)
    await page.compare({"tried": str(model.id), "asked": "a tap", "text": "a tap"})
    assert page.nearness.startswith("Nearness 1.000")
    await page.compare({"tried": "none", "asked": "a tap", "text": "a tap"})
    assert page.trial_problem == "There is no such model."
    assert page.nearness == ""


async def test_a_model_is_added_with_what_stands_before_its_texts(
    market: MarketCard, tab: Tabs, here: StandIn
):
    async with tenant_session(market.id) as session:
        at = await model_endpoint(session, urls=["https://models.example.com/v1"])
    shown = await opened(market, tab, Role.ADMIN)
    form = {"endpoint": str(at.id), "model": "e5", "context": "512", "dimensions": "1024"}
    form |= {"query_prefix": "query: ", "passage_prefix": "passage: "}
    await (await shown.of(ModelsState)).add_model(form)
    async with tenant_session(market.id) as session:
        (made,) = await all_models(session, actors.system(market.id, "tests"))
    assert (made.dimensions, made.query_prefix, made.passage_prefix) == (
        1024,
        "query: ",
        "passage: ",
    )


@pytest.mark.parametrize("roles", [(), (Role.OPERATOR,)])
async def test_who_is_no_admin_sees_and_changes_nothing(
    market: MarketCard, tab: Tabs, here: StandIn, roles: tuple[Role, ...]
):
    async with tenant_session(market.id) as session:
        at = await model_endpoint(session, urls=[here.url], inside=True)
        model = await offered_model(session, endpoint_id=at.id, dimensions=384)
    page = await (await opened(market, tab, *roles)).of(EmbeddersState)
    await EmbeddersState.follow.fn(page)
    assert (page.reads, page.choices, page.loaded) == ("", [], False)
    await page.choose({"reader": str(model.id)})
    await page.compare({"tried": str(model.id), "asked": "a tap", "text": "a tap"})
    assert (page.coming, page.nearness) == ("", "")
    assert page.trial_problem
    assert here.asked == []
