"""Who runs the platform opens a market in a browser, closes it, takes its data out, erases it."""

import zipfile

import pytest
from playwright.async_api import Browser, Page, expect

from .axe import faults
from .conftest import Running
from .people import agora

pytestmark = pytest.mark.browser


async def status_of(page: Page, address: str) -> int:
    answer = await page.goto(address)
    assert answer is not None
    return answer.status


async def test_a_market_lives_and_dies_by_the_pages_of_the_platform(
    running: Running, browser: Browser
):
    said = agora(running, "platform", "owner", "grace@example.com")
    page = await (await browser.new_context()).new_page()
    await page.goto(next(word for word in said.split() if "ticket=" in word))
    await page.locator("#name").fill("Grace")
    await page.locator("#password").fill("a long walk at dusk")
    await page.locator("#password").press("Enter")
    await expect(page.locator("h1")).to_have_text("Markets")
    assert not await faults(page, ())

    await page.locator("main a.btn", has_text="Open a market").click()
    await page.locator("#key").fill("Os lo")
    await page.locator("[id='name.en']").fill("Oslo")
    await page.get_by_role("button", name="Open the market").click()
    await expect(page.locator("#key-problem")).to_be_visible()
    await page.locator("#key").fill("oslo")
    await page.locator("#owner").fill("boss@example.com")
    await page.get_by_role("button", name="Open the market").click()
    await expect(page.locator("#opened")).to_contain_text("boss@example.com")
    assert not await faults(page, ())
    visitor = await (await browser.new_context()).new_page()
    home = running.address("oslo", "/en")
    assert await status_of(visitor, home) == 200

    await page.get_by_role("link", name="Figures and quotas").click()
    await expect(page.locator("h1")).to_have_text("Oslo")
    assert not await faults(page, ())
    await page.locator("#suspend summary").click()
    await page.locator("#reason").fill("The invoice of May is unpaid.")
    await page.get_by_role("button", name="Suspend this market").click()
    await expect(page.locator("#notice")).to_have_text("The market is suspended.")
    await expect(page.locator("#because")).to_contain_text("The invoice of May is unpaid.")
    assert not await faults(page, ())
    assert await status_of(visitor, home) == 503
    await page.get_by_role("button", name="Resume the market").click()
    await page.get_by_role("dialog").get_by_role("button", name="Open it").click()
    await expect(page.locator("#notice")).to_have_text("The market is open again.")
    assert await status_of(visitor, home) == 200

    await page.get_by_role("button", name="Make an archive").click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Fetch").click(timeout=30_000)
    with zipfile.ZipFile(await (await download.value).path()) as archive:
        assert b"oslo" in archive.read("rows/market.jsonl")

    await page.locator("#typed").fill("oslo")
    await page.get_by_label("At once").check()
    await page.get_by_role("button", name="Erase the market").click()
    await expect(page.locator("#report")).to_contain_text("market_host", timeout=30_000)
    assert await status_of(visitor, home) == 404
