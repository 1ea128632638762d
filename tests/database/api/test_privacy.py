"""A person takes their data out, and erases the account, by plain forms."""

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app.accounts.models import Person
from app.accounts.signing import SESSION_COOKIE, sign_in, sign_up
from app.api.privacy import routes
from app.conversations import log
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.privacy.consents import standing
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")
PASSWORD = "a long walk at dusk"


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def browser(market: MarketCard, name: str = "ada") -> httpx.AsyncClient:
    """A browser in which `name` is signed in and has said something."""
    email = f"{name}@example.com"
    async with tenant_session(market.id) as session:
        member = await sign_up(session, email, name.title(), PASSWORD, "en")
        talk = await log.start(session, "en", member.id)
        await log.append(session, talk, "message", {"text": f"the secret of {name}"})
        token = await sign_in(session, email, PASSWORD, "")
    return client(market, token)


def client(market: MarketCard, token: str = "") -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Starlette(routes=routes)),
        base_url=f"http://{market.host}",
        cookies={SESSION_COOKIE: token} if token else None,
    )


async def people(market: MarketCard) -> list[str]:
    async with tenant_session(market.id) as session:
        return sorted((await session.exec(select(Person.name))).all())


async def test_the_file_holds_ones_own_data_and_nobody_elses(market: MarketCard):
    ada, _grace = await browser(market), await browser(market, "grace")
    answer = await ada.get("/auth/data.json")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert "the secret of ada" in answer.text
    assert "grace" not in answer.text.lower()


async def test_visitors_and_people_of_another_market_get_no_file(market: MarketCard):
    ada = await browser(market)
    assert (await client(market).get("/auth/data.json")).status_code == 401
    elsewhere = await open_market()
    foreign = client(elsewhere, ada.cookies[SESSION_COOKIE])
    assert (await foreign.get("/auth/data.json")).status_code == 401


async def test_an_account_is_erased_after_its_address_was_typed(market: MarketCard):
    ada = await browser(market)
    answer = await ada.post("/auth/erase", data={"email": "eve@example.com", "locale": "ru"})
    assert answer.headers["location"] == "/ru/account/data?error=confirm"
    assert await people(market) == ["Ada"]
    answer = await ada.post("/auth/erase", data={"email": " ADA@example.com", "locale": "ru"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ru")
    assert await people(market) == []
    assert (await ada.get("/auth/data.json")).status_code == 401


async def test_another_sites_form_erases_nothing(market: MarketCard):
    ada = await browser(market)
    for headers in ({"origin": "http://evil.test"}, {"sec-fetch-site": "cross-site"}):
        answer = await ada.post("/auth/erase", data={"email": "ada@example.com"}, headers=headers)
        assert answer.status_code == 403
    assert await people(market) == ["Ada"]


async def test_a_consent_is_given_and_taken_back(market: MarketCard):
    ada = await browser(market)
    for given in (True, False):
        answer = await ada.post(
            "/auth/consent", data={"kind": "improvement", "given": "yes" if given else "no"}
        )
        assert answer.headers["location"] == "/en/account/data"
        async with tenant_session(market.id) as session:
            person = (await session.exec(select(Person))).one()
            held = {one.kind: one.given for one in await standing(session, person.id)}
        assert held["improvement"] is given
    assert (await client(market).post("/auth/consent", data={"kind": "x"})).status_code == 401
