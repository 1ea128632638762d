"""The console's page of chat models: what admins do there, what nobody sees, what is refused."""

from collections.abc import AsyncGenerator, Generator
from typing import Any

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.errors import NotAllowed
from app.inference.breaker import breaker
from app.inference.models import ModelEndpoint
from app.inference.served import close_clients
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.model_trial import ModelTrialState
from state.admin.models import ModelsState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market
from tests.model_rows import model_endpoint, offered_model
from tests.stand_in import Manner, StandIn, standing_in

KEY = "sk-never-shown"


@pytest.fixture(scope="module")
def server() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def here(server: StandIn) -> AsyncGenerator[StandIn]:
    server.forget()
    breaker.forget()
    yield server
    await close_clients()


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def opened(market: MarketCard, tab: Tabs, *roles: Role) -> tuple[Tab, ModelsState]:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        for role in roles:
            await give_role(session, actors.system(market.id, "tests"), member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
    here = tab(market)
    here.visit("/en/admin/models", token)
    page = await here.of(ModelsState)
    with declaring(Declaration()):
        await page.load()
    return here, page


def given(**more: str) -> dict[str, Any]:
    usual = {"preset": "openai", "name": "Theirs", "secret": KEY, "urls": ""}
    return {**usual, **more}


async def notice(tab: Tab) -> str:
    return (await tab.of(AdminState)).notice_kind


async def test_a_vendor_is_added_with_its_models_and_its_key_is_in_no_var(
    market: MarketCard, tab: Tabs
):
    here, page = await opened(market, tab, Role.ADMIN)
    await page.add_endpoint(given())
    (row,) = page.endpoints
    assert (row.name, row.addresses, row.has_key) == ("Theirs", "https://api.openai.com/v1", True)
    assert [one.name for one in page.models] == ["gpt-4.1-mini"]
    assert KEY not in str(here.root.dict())
    assert KEY not in str(here.root.get_delta())


async def test_an_address_inside_is_refused(market: MarketCard, tab: Tabs):
    here, page = await opened(market, tab, Role.ADMIN)
    await page.add_endpoint(given(preset="vllm", urls="http://10.0.0.7/v1"))
    assert await notice(here) == "wrong"
    assert page.endpoints == []


async def test_a_chain_is_set_in_order_and_given_back(market: MarketCard, tab: Tabs):
    async with tenant_session(market.id) as session:
        first, second = await offered_model(session), await offered_model(session)
    here, page = await opened(market, tab, Role.ADMIN)
    form = {"place-0": str(second.id), "place-1": str(first.id), "first_token": "2,5"}
    form |= {"total": "30", "temperature": "0.2", "max_tokens": "400"}
    form |= {"top_p": "1", "frequency_penalty": "0"}
    await page.save_chain("vendor", 0, form)
    assert await notice(here) == "done"
    row = next(one for one in page.chains if one.agent == "vendor")
    assert row.places[:3] == [str(second.id), str(first.id), ""]
    assert (row.first_token, row.max_tokens, row.own) == ("2.5", "400", True)
    # Somebody who saw it before this change is told so.
    await page.save_chain("vendor", 0, form)
    assert await notice(here) == "wrong"
    await page.unset_chain("vendor", row.version)
    assert not next(one for one in page.chains if one.agent == "vendor").own


async def test_a_budget_is_set_and_taken_away(market: MarketCard, tab: Tabs):
    _here, page = await opened(market, tab, Role.ADMIN)
    await page.save_limits({"market_tokens": "5000", "person_money": "0,50"})
    assert page.limits["market_tokens"] == "5000"
    assert page.limits["person_money"] == "0.5"
    await page.save_limits({})
    assert page.limits["market_tokens"] == ""


async def test_a_trial_shows_words_time_tokens_and_price(
    market: MarketCard, tab: Tabs, here: StandIn
):
    async with tenant_session(market.id) as session:
        at = await model_endpoint(session, urls=[here.url], inside=True)
        model = await offered_model(session, endpoint_id=at.id, name="m")
    page, _ = await opened(market, tab, Role.ADMIN)
    trial = await page.of(ModelTrialState)
    await ModelTrialState.ask.fn(trial, {"model": str(model.id), "question": "A tap leaks"})
    assert trial.text == "A plumber is near you [1]."
    assert "11 asked, 7 said" in trial.figures
    here.manners["m"] = Manner(status=401)
    await ModelTrialState.ask.fn(trial, {"model": str(model.id), "question": "A tap leaks"})
    assert trial.problem == "The endpoint refuses the key."
    assert not trial.busy


@pytest.mark.parametrize("roles", [(), (Role.OPERATOR,)])
async def test_who_is_no_admin_sees_and_changes_nothing(
    market: MarketCard, tab: Tabs, roles: tuple[Role, ...]
):
    async with tenant_session(market.id) as session:
        model = await offered_model(session)
    here, page = await opened(market, tab, *roles)
    assert (page.endpoints, page.models, page.loaded) == ([], [], False)
    try:
        await page.add_endpoint(given())
    except NotAllowed:
        pass
    else:
        assert await notice(here) == "wrong"
    trial = await here.of(ModelTrialState)
    await ModelTrialState.ask.fn(trial, {"model": str(model.id), "question": "Hello"})
    assert trial.problem
    async with tenant_session(market.id) as session:
        assert len((await session.exec(select(ModelEndpoint))).all()) == 1
    assert page.endpoints == []


@pytest.mark.parametrize("forged", ["", "1", {"a": 1}, None, ["x"], -5, float("nan")])
async def test_forged_payloads_change_nothing_and_break_nothing(
    market: MarketCard, tab: Tabs, forged: Any
):
    here, page = await opened(market, tab, Role.ADMIN)
    wild: dict[str, Any] = dict.fromkeys(
        ("preset", "name", "urls", "secret", "model", "question"), forged
    )
    for deed in (
        page.add_endpoint(wild),
        page.add_endpoint(forged),
        page.add_model(wild),
        page.remove_model(forged, forged),
        page.remove_endpoint(forged, forged),
        page.switch_endpoint(forged, forged, forged),
        page.change_key(forged, forged, forged),
        page.save_chain(forged, forged, forged),
        page.unset_chain(forged, forged),
    ):
        await deed
        assert await notice(here) == "wrong"
    trial = await here.of(ModelTrialState)
    await ModelTrialState.ask.fn(trial, forged)
    assert trial.problem
    assert page.endpoints == []
