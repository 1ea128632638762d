"""Without a network, and on paper."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import Running
from .people import sign_up

pytestmark = pytest.mark.browser

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found.push(new URL(request.url).pathname);
  return found.sort();
}"""


async def _with_worker(running: Running, browser: Browser, market: str, path: str) -> Page:
    """A page of a market whose worker is ready."""
    context = await browser.new_context(base_url=running.address(market))
    page = await context.new_page()
    await page.goto(path)
    assert (
        await page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)") == 0
    )
    await page.get_by_role("searchbox").first.focus()
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


@pytest.mark.parametrize(
    ("market", "path", "locale", "said"),
    [
        ("kazan", "/ru/c/craft-plumber", "ru", "Вы не в сети"),
        ("berlin", "/ar", "ar", "أنت غير متصل"),
        # A language that the market does not have, and a path without one.
        ("berlin", "/es/help", "de", "Sie sind offline"),
        ("berlin", "/", "de", "Sie sind offline"),
    ],
)
async def test_the_market_says_in_the_visitors_language_that_there_is_no_network(
    running: Running, browser: Browser, market: str, path: str, locale: str, said: str
):
    page = await _with_worker(running, browser, market, "/ru")
    await page.context.set_offline(True)
    await page.goto(path)
    await expect(page.locator("h1")).to_have_text(said)
    await expect(page.locator("html")).to_have_attribute("lang", locale)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 1280
    await page.context.set_offline(False)
    await page.get_by_role("link").click()
    await expect(page.locator("main#content")).to_be_visible()


async def test_nothing_that_somebody_reads_is_kept(running: Running, browser: Browser):
    page = await _with_worker(running, browser, "kazan", "/ru")
    await sign_up(page, "/ru/chat", "Алия")
    for path in ("/ru/account", "/ru/chat", "/ru/c/craft-plumber", "/icon.svg", "/ru/shortlist"):
        await page.goto(path)
    assert await page.evaluate(KEPT) == ["/offline/en", "/offline/ru"]
    await page.context.set_offline(True)
    await page.goto("/ru/account")
    await expect(page.locator("h1")).to_have_text("Вы не в сети")
    await expect(page.locator("body")).not_to_contain_text("Алия")


async def test_a_market_can_be_installed(running: Running, browser: Browser):
    page = await _with_worker(running, browser, "kazan", "/ru")
    client = await page.context.new_cdp_session(page)
    told = await client.send("Page.getAppManifest")
    assert told["errors"] == []
    found = await client.send("Page.getInstallabilityErrors")
    # Each test has a window of its own, from which nothing can be installed.
    assert [one["errorId"] for one in found["installabilityErrors"]] == ["in-incognito"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_service_prints_on_a_sheet_or_two(running: Running, browser: Browser, scheme: str):
    context = await browser.new_context(
        base_url=running.address("kazan"),
        color_scheme=scheme,  # pyright: ignore[reportArgumentType]
    )
    page = await context.new_page()
    await page.goto("/ru/c/craft-plumber")
    await page.goto(await page.locator("li.card h3 a").first.get_attribute("href") or "")
    await expect(page.locator(".printed")).to_be_hidden()
    paper = await page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
    await page.emulate_media(media="print")
    await expect(page.locator(".printed")).to_contain_text(page.url)
    for gone in (".market > header", ".market > footer", ".btn >> nth=0", "summary >> nth=0"):
        await expect(page.locator(gone)).to_be_hidden()
    for stays in ("h1", ".reading", "aside dl", "svg.sketch"):
        await expect(page.locator(stays)).to_be_visible()
    ink = await page.locator("h1").evaluate("(it) => getComputedStyle(it).color")
    assert ink == "rgb(0, 0, 0)"
