"""Where a service is to be had: the sketch for everybody, the streets for who opens them."""

import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from .axe import faults
from .conftest import TILES, Running

pytestmark = pytest.mark.browser

TILE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
    b'<rect width="256" height="256" fill="#cde"/></svg>'
)


async def _listing(page: Page, locale: str) -> str:
    """The path of a service that comes to people."""
    await page.goto(f"/{locale}/c/craft-plumber")
    return await page.locator("li.card h3 a").first.get_attribute("href") or ""


async def _page(running: Running, browser: Browser, market: str, **options: object) -> Page:
    context = await browser.new_context(base_url=running.address(market), **options)  # pyright: ignore[reportArgumentType]
    return await context.new_page()


async def test_the_sketch_is_read_without_javascript(running: Running, browser: Browser):
    page = await _page(running, browser, "kazan", java_script_enabled=False)
    await page.goto(await _listing(page, "ru"))
    sketch = page.get_by_role("img", name=re.compile("Схема: круг в"))
    await expect(sketch).to_be_visible()
    assert await sketch.locator("text").count() >= 2
    await expect(page.locator("figcaption")).to_contain_text("км")
    # Nothing says a place more precisely than to a kilometre.
    assert not re.search(r'"(latitude|longitude)":\s*-?\d+\.\d{3}', await page.content())


@pytest.mark.parametrize(("market", "locale"), [("berlin", "ar"), ("kazan", "ru")])
async def test_the_streets_come_when_they_are_asked_for_and_from_one_host(
    running: Running, browser: Browser, market: str, locale: str
):
    page = await _page(running, browser, market)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    async def tile(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(body=TILE, content_type="image/svg+xml")

    await page.route(re.compile("^https://"), tile)
    answer = await page.goto(await _listing(page, locale), wait_until="networkidle")
    assert answer
    assert f"blob: {TILES};" in answer.headers["content-security-policy"]
    assert asked == []
    await page.locator("summary[data-script='/streets.js']").click()
    map_ = page.locator("[data-streets] .map")
    await expect(map_.locator("img.leaflet-tile-loaded").first).to_be_visible()
    await expect(map_).to_contain_text("© OpenStreetMap contributors")
    assert asked
    assert all(url.startswith(TILES) for url in asked)
    assert await faults(page) == []
    assert complaints == []


async def test_where_no_tile_comes_the_page_says_so(running: Running, browser: Browser):
    page = await _page(running, browser, "kazan")
    await page.route(re.compile("^https://"), lambda route: route.abort())
    await page.goto(await _listing(page, "en"))
    await page.locator("summary[data-script='/streets.js']").click()
    await expect(page.locator("[data-streets]")).to_contain_text("The map does not load")
    await expect(page.locator("svg.sketch")).to_be_visible()


async def test_a_page_without_a_map_lets_no_pictures_in(running: Running, browser: Browser):
    page = await _page(running, browser, "kazan")
    answer = await page.goto("/ru")
    assert answer
    assert TILES not in answer.headers["content-security-policy"]
