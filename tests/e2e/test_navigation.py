"""Going from page to page is the browser's own way, on pages that sleep or are awake."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import Running

pytestmark = pytest.mark.browser

CATEGORY = "/en/c/craft-plumber"


async def _watched(browser: Browser, origin: str) -> tuple[Page, list[str]]:
    """A page low enough to scroll, and the sockets that it opens."""
    context = await browser.new_context(base_url=origin, viewport={"width": 390, "height": 500})
    page = await context.new_page()
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    return page, sockets


async def _wake(page: Page) -> None:
    """Start the page's JavaScript as somebody does who scrolls by a key."""
    await page.keyboard.press("End")
    await page.wait_for_function("window.__reactRouterDataRouter !== undefined")


@pytest.mark.parametrize("awake", [False, True], ids=["asleep", "awake"])
async def test_back_and_forward_find_the_place_and_the_title_and_open_no_socket(
    running: Running, browser: Browser, awake: bool
):
    page, sockets = await _watched(browser, running.address("kazan"))
    await page.goto(CATEGORY)
    if awake:
        await _wake(page)
    title = await page.title()
    last = page.locator("li.card h3 a").last
    chosen = await last.inner_text()
    await last.scroll_into_view_if_needed()
    depth = await page.evaluate("scrollY")
    assert depth > 200
    await last.click()
    await expect(page).to_have_url(re.compile("/en/s/"))
    await expect(page.locator("h1")).to_have_text(chosen)
    await expect(page).to_have_title(re.compile(re.escape(chosen)))
    assert await page.evaluate("scrollY") == 0
    # Who goes on by the keyboard begins at the top, where a page begins.
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    await page.go_back()
    await expect(page).to_have_url(re.compile(f"{CATEGORY}$"))
    await expect(page).to_have_title(title)
    await page.wait_for_function("depth => Math.abs(scrollY - depth) < 3", arg=depth)
    await page.go_forward()
    await expect(page.locator("h1")).to_have_text(chosen)
    assert sockets == []
