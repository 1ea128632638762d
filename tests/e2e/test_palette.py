"""Everything in the workspace by a few letters, without a mouse."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from .axe import faults
from .conftest import Running
from .people import sign_up

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(running: Running, browser: Browser) -> Page:
    """The chat of somebody new who has asked one thing."""
    context = await browser.new_context(base_url=running.address("madrid"))
    page = await context.new_page()
    await sign_up(page)
    await page.locator("#message").fill("My tap is leaking")
    await page.locator("#message").press("Enter")
    await expect(page.locator("[data-author=agent]")).to_have_count(1, timeout=30_000)
    await expect(page.locator("#writing")).to_have_count(0, timeout=30_000)
    return page


async def test_a_command_is_found_by_its_letters_and_done(page: Page):
    palette, lines = page.locator("#palette"), page.locator("#palette [role=option]:visible")
    await page.keyboard.press("Control+k")
    await expect(palette).to_be_visible()
    await expect(page.locator("#palette-words")).to_be_focused()
    assert not await faults(page)
    # What only staff may open is offered to staff alone.
    await expect(page.get_by_role("option", name="Console")).to_have_count(0)
    await page.keyboard.type("new CONV")
    await expect(lines).to_have_text(["New conversation"])
    await page.keyboard.press("Enter")
    await expect(palette).to_be_hidden()
    await expect(page).to_have_url(re.compile("/en/chat$"))
    await expect(page.locator("#message")).to_be_focused()

    # Accents need not be typed, and the arrows go round.
    await page.keyboard.press("Meta+k")
    await page.keyboard.type("táp")
    await expect(lines).to_have_text(["My tap is leaking"])
    await page.locator("#palette-words").fill("your")
    await expect(lines).to_have_count(5)
    for key, place in (("ArrowUp", 4), ("ArrowDown", 0), ("ArrowDown", 1)):
        await page.keyboard.press(key)
        await expect(lines.nth(place)).to_have_attribute("aria-selected", "true")
    told = await page.locator("#palette-words").get_attribute("aria-activedescendant")
    assert told == await lines.nth(1).get_attribute("id")
    await page.locator("#palette-words").fill("leaking")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-author=agent]")).to_have_count(1)


async def test_what_does_not_fit_is_said_and_escape_changes_nothing(page: Page):
    where = page.url
    await page.locator("#conversations-side [data-palette]").click()
    await page.keyboard.type("zzz")
    await expect(page.locator("#palette-nothing")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("#palette")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#palette")).to_be_hidden()
    assert page.url == where
    await page.keyboard.press("Control+k")
    await expect(page.locator("#palette [role=option]:visible").first).to_be_visible()
    await page.keyboard.type("shortlist")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/en/shortlist$"))
