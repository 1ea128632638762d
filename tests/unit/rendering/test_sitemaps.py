"""robots.txt and sitemaps as a search engine reads them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

import httpx
import pytest
from starlette.applications import Starlette

from app.rendering.sitemaps import PER_FILE, Listed, Section, Site, sitemap_routes

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
THINGS = [
    Listed(
        {"ru": f"/ru/s/{number}?a=1&b", "en": f"/en/s/{number}?a=1&b"},
        datetime(2026, 3, 1, tzinfo=UTC),
    )
    for number in range(PER_FILE + 1)
]


async def _count() -> int:
    return len(THINGS)


async def _stretch(offset: int, limit: int) -> Sequence[Listed]:
    return THINGS[offset : offset + limit]


async def _site(host: str) -> Site | None:
    if host != "kazan.localhost":
        return None
    return Site(
        "http://kazan.localhost",
        "ru",
        {"services": Section(_count, _stretch)},
        ["/api/", "/*/chat"],
    )


@pytest.fixture
def client() -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=sitemap_routes(_site)))
    return httpx.AsyncClient(transport=transport, base_url="http://kazan.localhost")


async def _read(client: httpx.AsyncClient, path: str) -> ElementTree.Element:
    answer = await client.get(path)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.text)  # noqa: S314  The text is our own.


async def test_the_index_leads_to_every_address_and_each_to_its_translations(
    client: httpx.AsyncClient,
):
    index = await _read(client, "/sitemap.xml")
    files = [element.text for element in index.findall("s:sitemap/s:loc", NAMES)]
    assert len(files) == 2
    found: dict[str, dict[str, str]] = {}
    for file in files:
        assert file is not None
        for url in (await _read(client, file)).findall("s:url", NAMES):
            address = url.findtext("s:loc", namespaces=NAMES)
            assert address is not None
            assert url.findtext("s:lastmod", namespaces=NAMES) == "2026-03-01"
            links = url.findall("x:link", NAMES)
            found[address] = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
    assert len(found) == 2 * len(THINGS)
    for address, translations in found.items():
        assert address in translations.values()
        assert translations["x-default"] == translations["ru"]
        assert all(found[other] == translations for other in translations.values())


async def test_robots_are_led_to_the_sitemap_and_away_from_workspaces(client: httpx.AsyncClient):
    text = (await client.get("/robots.txt")).text
    assert "Disallow: /api/\nDisallow: /*/chat\n" in text
    assert "Sitemap: http://kazan.localhost/sitemap.xml" in text


async def test_a_host_without_a_market_shows_nothing(client: httpx.AsyncClient):
    host = {"host": "unknown.localhost"}
    assert "Disallow: /\n" in (await client.get("/robots.txt", headers=host)).text
    assert (await client.get("/sitemap.xml", headers=host)).status_code == 404
    assert (await client.get("/sitemaps/services-1.xml", headers=host)).status_code == 404


@pytest.mark.parametrize("name", ["services-3", "services-0", "others-1", "services", "-1"])
async def test_files_that_do_not_exist_are_not_found(client: httpx.AsyncClient, name: str):
    assert (await client.get(f"/sitemaps/{name}.xml")).status_code == 404
