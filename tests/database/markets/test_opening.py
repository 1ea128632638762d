"""Opening a market, and finding it by host and key."""

import pytest

from app.database import platform_session
from app.errors import AppError
from app.markets.directory import all_markets, forget, market_by_key, market_for_host
from app.markets.models import MarketHost
from app.markets.opening import MarketExists, create_market
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


async def test_a_market_answers_on_its_default_host_with_or_without_a_port():
    opened = await open_market("tartu", locales=["ru", "en"], currency="RUB")
    assert opened.host == "tartu.localhost"
    assert await market_for_host("tartu.localhost") == opened
    assert await market_for_host("TARTU.localhost:8000") == opened
    assert await market_by_key("tartu") == opened
    assert opened.default_locale == "ru"
    assert opened in await all_markets()


async def test_an_unknown_host_opens_nothing():
    assert await market_for_host("nowhere.example") is None
    assert await market_for_host("") is None
    assert await market_for_host("' or 1=1 --") is None


async def test_a_second_host_opens_the_same_market():
    opened = await open_market()
    async with platform_session(opened.id) as session:
        session.add(MarketHost(host=f"www.{opened.key}.example", tenant_id=opened.id))
    forget()
    found = await market_for_host(f"www.{opened.key}.example")
    assert found is not None
    assert (found.id, found.host) == (opened.id, opened.host)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"key": "Кazan"}, "key"),
        ({"key": "x"}, "key"),
        ({"key": "a b"}, "key"),
        ({"host": "bad host"}, "host"),
        ({"locales": []}, "Languages"),
        ({"locales": ["en", "tlh"]}, "tlh"),
        ({"currency": "RUR?"}, "RUR?"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
async def test_a_market_is_refused_with_the_reason(wrong: dict[str, object], says: str):
    asked = {"key": "fine", "name": {"en": "Fine"}, "locales": ["en"], "currency": "EUR"}
    with pytest.raises(AppError, match=says.replace("?", r"\?")):
        await create_market(**{**asked, **wrong})  # pyright: ignore[reportArgumentType]
    assert await market_by_key("fine") is None


async def test_a_key_or_host_is_taken_once_and_nothing_half_done_is_left():
    opened = await open_market()
    with pytest.raises(MarketExists):
        await open_market(opened.key, host="other.example")
    with pytest.raises(MarketExists):
        await open_market("another", host=opened.host)
    assert await market_by_key("another") is None
    assert await market_for_host("other.example") is None
