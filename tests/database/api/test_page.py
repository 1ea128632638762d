"""The page on the API: its examples work, and its limits are those of the program."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

from app.accounts import actors, limits
from app.accounts.keys.issuing import make_key
from app.api.application import api
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser
from tests.factories import listing

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sh\n(.*?)\n```", PAGE, re.DOTALL)


async def run(client: httpx.AsyncClient, command: str, told: dict[str, str]) -> httpx.Response:
    """Do what curl would do."""
    for name, value in told.items():
        command = command.replace(f"'${name}'", value).replace(f"${name}", value)
    words = iter(shlex.split(command)[1:])
    method, url, content, headers = "GET", "", None, dict[str, str]()
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "--json":
                content, method = next(words), "POST"
                headers |= {"content-type": "application/json", "accept": "application/json"}
            case _:
                url = word
    assert "$" not in url + (content or ""), "the test has to know this variable"
    return await client.request(method, url, content=content, headers=headers)


async def test_the_examples_work(market: MarketCard, browser: Browser, shelf: object):
    async with tenant_session(market.id) as session:
        key = await make_key(session, actors.system(market.id, "test"), "page", ["market.read"])
        offer = await listing(session)
    told = {"MARKET": f"http://{market.host}", "API_KEY": key.secret, "LISTING": offer.slug}
    async with browser(market) as client:
        for example in EXAMPLES:
            answer = await run(client, example, told)
            assert answer.is_success, (example, answer.text)
            if answer.content and "access_token" in answer.json():
                told["ACCESS_TOKEN"] = answer.json()["access_token"]
                told["REFRESH_TOKEN"] = answer.json()["refresh_token"]
    assert len(EXAMPLES) == 11


def test_the_limits_are_true():
    rows = re.findall(r"^\| `(\w+)`: .* \| (\d+) a minute \|$", PAGE, re.MULTILINE)
    assert rows
    for kind, amount in rows:
        assert str(limits.LIMITS[kind]) == f"{amount} per 1 minute", kind


@pytest.mark.parametrize("path", re.findall(r"`(?:GET )?(/api/v1/chat[^`]*)`", PAGE))
def test_addresses_that_are_named_exist(path: str):
    known = {re.sub(r"{\w+}", "{id}", one) for one in api.openapi()["paths"]}
    assert path in known
