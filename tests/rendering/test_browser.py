"""Pages in a browser: no script before the first input, nothing lost by that input."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from .conftest import Shop

pytestmark = pytest.mark.browser


class Watched:
    """A page with what it asked for and said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.scripts: list[str] = []
        self.sockets: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self.sockets.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )

    def _asked(self, url: str) -> None:
        if url.endswith(".js"):
            self.scripts.append(url)


async def _open(browser: Browser, shop: Shop, path: str, **options: bool) -> Watched:
    context = await browser.new_context(base_url=shop.url, **options)  # pyright: ignore[reportArgumentType]
    await context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    watched = Watched(await context.new_page())
    await watched.page.goto(path)
    await watched.page.wait_for_timeout(300)
    return watched


async def test_the_first_click_wakes_the_page_and_is_played_again(browser: Browser, shop: Shop):
    seen = await _open(browser, shop, "/en/item/lamp")
    assert (seen.scripts, seen.sockets) == ([], [])
    await seen.page.click("#count")
    await expect(seen.page.locator("#count")).to_have_text("1")
    await expect(seen.page.locator("#title")).to_have_text("Item lamp <b>&</b>")
    assert len(seen.sockets) == 1
    await seen.page.click("#count")
    await expect(seen.page.locator("#count")).to_have_text("2")
    assert seen.complaints == []


async def test_a_key_wakes_the_page_and_the_socket_still_waits(browser: Browser, shop: Shop):
    seen = await _open(browser, shop, "/en/item/lamp")
    await seen.page.keyboard.press("PageDown")
    await seen.page.wait_for_function("window.__reactRouterDataRouter !== undefined")
    await seen.page.wait_for_timeout(300)
    assert seen.scripts
    assert seen.sockets == []
    assert seen.complaints == []


@pytest.mark.parametrize("path", ["/en/item/lamp", "/en/item/live", "/en/item/plain"])
async def test_links_and_forms_are_the_browsers_own(browser: Browser, shop: Shop, path: str):
    for selector, ends_at in (
        ("#next", "/en/item/next"),
        ("#search", "/search?q="),
        ("#post", "/en/item/after"),
    ):
        seen = await _open(browser, shop, path)
        await seen.page.click(selector)
        await seen.page.wait_for_url(f"**{ends_at}")
        assert seen.complaints == []


async def test_a_live_page_is_hydrated_at_once(browser: Browser, shop: Shop):
    seen = await _open(browser, shop, "/ar/item/live")
    await seen.page.click("#count")
    await expect(seen.page.locator("#count")).to_have_text("1")
    assert len(seen.sockets) == 1
    assert await seen.page.get_attribute("html", "dir") == "rtl"
    assert seen.complaints == []


async def _before_its_scripts(browser: Browser, shop: Shop) -> tuple[Page, asyncio.Event]:
    """A live page whose scripts come when the event is set."""
    context = await browser.new_context(base_url=shop.url)
    page = await context.new_page()
    arrives = asyncio.Event()

    async def late(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await page.route(re.compile(r"\.js$"), late)
    await page.goto("/en/item/live", wait_until="commit")
    return page, arrives


async def test_a_click_before_a_live_page_is_awake_is_played_again(browser: Browser, shop: Shop):
    page, arrives = await _before_its_scripts(browser, shop)
    await page.click("#count")
    arrives.set()
    await expect(page.locator("#count")).to_have_text("1")
    await page.context.close()


async def test_what_is_sent_by_enter_before_a_live_page_is_awake_is_sent_once(
    browser: Browser, shop: Shop
):
    page, arrives = await _before_its_scripts(browser, shop)
    words = page.locator("#words")
    await words.fill("one line")
    await words.press("Shift+Enter")
    await words.press_sequentially("and another")
    await words.press("Enter")
    await expect(words).to_have_value("one line\nand another")
    arrives.set()
    await expect(page.locator("#visitor")).to_have_text("one line\nand another")
    await page.context.close()


async def test_everything_is_there_without_javascript(browser: Browser, shop: Shop):
    seen = await _open(browser, shop, "/en/item/lamp", java_script_enabled=False)
    await expect(seen.page.locator("#title")).to_have_text("Item lamp <b>&</b>")
    await seen.page.fill("#q", "tap")
    await seen.page.click("#search")
    await expect(seen.page.locator("body")).to_have_text("found tap")


async def test_navigating_inside_a_waiting_page_opens_the_socket(browser: Browser, shop: Shop):
    seen = await _open(browser, shop, "/en/item/lamp")
    await seen.page.keyboard.press("PageDown")
    await seen.page.wait_for_function("window.__reactRouterDataRouter !== undefined")
    await seen.page.wait_for_timeout(300)
    assert seen.sockets == []
    await seen.page.click("#inside")
    await expect(seen.page.locator("#title")).to_have_text("Item inside <b>&</b>")
    assert len(seen.sockets) == 1
    assert seen.complaints == []
