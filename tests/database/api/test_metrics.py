"""The figures of the process: for who knows the token, and for nobody until there is one."""

import pytest

from app.markets.directory import MarketCard
from app.settings import settings
from tests.database.api.conftest import Browser

TOKEN = "the collector's own words"


@pytest.fixture
def token(market: MarketCard, monkeypatch: pytest.MonkeyPatch) -> None:
    told = settings().model_copy(update={"metrics_token": TOKEN})
    monkeypatch.setattr("app.api.metrics.settings", lambda: told)


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer x"])
async def test_without_a_token_there_are_no_figures(
    market: MarketCard, browser: Browser, shown: str
):
    async with browser(market) as client:
        assert (await client.get("/metrics", headers={"authorization": shown})).status_code == 404


@pytest.mark.usefixtures("token")
async def test_who_shows_the_token_is_told(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        for shown in ("", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}"):
            refused = await client.get("/metrics", headers={"authorization": shown})
            assert refused.status_code == 404
        told = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain; version=")
    names = {line.split("{")[0].split(" ")[0] for line in told.text.splitlines()}
    assert {"agora_pages_total", "agora_replies_running", "agora_chat_sockets"} <= names
    assert market.host not in told.text
