"""Photos are hung in a browser, with and without its JavaScript."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from .conftest import Running
from .people import agora

pytestmark = pytest.mark.browser


def file(name: str, colour: str = "#2a7", size: tuple[int, int] = (900, 600)) -> Any:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": out.getvalue()}


@pytest.fixture(scope="module")
def ruled(running: Running) -> str:
    """A demo market whose demo member is an admin of it."""
    email, _password = running.account("berlin")
    agora(running, "person", "grant", email, "admin", "--market", "berlin")
    return "berlin"


_signed_in: dict[str, Any] = {}
"""Cookies by market: signing in once is enough, and many times in a row is refused."""


async def editor(running: Running, browser: Browser, market: str, number: int, **how: Any) -> Page:
    """The page of a listing of the market, in which photos are hung."""
    if market not in _signed_in:
        context = await browser.new_context(base_url=running.address(market))
        page = await context.new_page()
        email, password = running.account(market)
        await page.goto("/en/admin/listings")
        await page.locator("#email").fill(email)
        await page.locator("#password").fill(password)
        await page.locator("#password").press("Enter")
        await expect(page).to_have_url(running.address(market, "/en/admin/listings"))
        _signed_in[market] = await context.storage_state()
    kept = _signed_in[market]
    context = await browser.new_context(base_url=running.address(market), storage_state=kept, **how)
    page = await context.new_page()
    await page.goto("/en/admin/listings")
    links = page.locator("a[href*='/en/admin/listings/']")
    await page.goto(str(await links.nth(number).get_attribute("href")))
    return page


async def test_files_are_sent_one_by_one_and_what_is_wrong_is_said_on_the_page(
    running: Running, browser: Browser, ruled: str
):
    page = await editor(running, browser, ruled, 0)
    hung = page.locator("#photos li .photo img")
    await expect(page.locator("#photo-files")).to_be_visible()
    # The panel answers once the page is awake.
    await page.locator("h1").first.click()
    await expect(page.locator("#photos")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    files = [file("one.png"), file("small.png", size=(20, 20)), file("two.png", "#a27")]
    await page.locator("#photo-files").set_input_files(files)
    await expect(hung).to_have_count(2)
    assert len([url for url in sent if "/files/listings/" in url]) == 3
    alert = page.locator("#photos [role=alert]")
    await expect(alert).to_contain_text("small.png: A photo has at least 200 pixels a side.")
    await expect(alert.locator("li")).to_have_count(1)
    await expect(page.locator("#photos progress")).to_be_hidden()
    assert await page.locator("#photo-files").input_value() == ""


async def test_a_form_without_javascript_hangs_what_it_can(
    running: Running, browser: Browser, ruled: str
):
    page = await editor(running, browser, ruled, 1, java_script_enabled=False)
    await page.locator("#photo-files").set_input_files(
        [file("one.png"), file("none.png", size=(9, 9))]
    )
    await page.get_by_role("button", name="Add the photos").click()
    await expect(page).to_have_url(re.compile("#photos$"))
    await expect(page.locator("#photos li .photo img")).to_have_count(1)
    await expect(page.locator("#photos [role=alert]")).to_contain_text("none.png: ")
