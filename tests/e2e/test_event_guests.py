"""A guest list on a phone: pasted, answered by keyboard, ticked off at the door, taken back."""

import re

import pytest
from playwright.async_api import Browser, expect

from .axe import faults
from .conftest import Running
from .people import sign_up

pytestmark = pytest.mark.browser


async def test_guests_are_pasted_answered_and_ticked_off_on_a_phone(
    running: Running, browser: Browser
):
    context = await browser.new_context(
        base_url=running.address("kazan"),
        locale="ru-RU",
        viewport={"width": 390, "height": 844},
        has_touch=True,
    )
    page = await context.new_page()
    await sign_up(page, "/ru/events", "Ада")
    await page.wait_for_load_state("networkidle")
    await page.select_option("#kind", "birthday")
    await page.fill("#guests", "5")
    await page.locator("main form button[type=submit]").last.click()
    await expect(page).to_have_url(re.compile(r"/ru/events/[0-9a-f-]{36}$"))
    await page.locator("nav.event-parts a[href$='/guests']").click()
    await expect(page.locator("#new-guest")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await page.locator("details summary").last.click()
    await page.fill("#lines", "Анна Петрова\nСемья Соколовых +3")
    await page.locator("#paste button[type=submit]").click()
    rows = page.locator("#guests > li")
    await expect(rows).to_have_count(2)
    # The list of answers is the browser's own, so a letter is enough.
    first = rows.nth(0).locator("select")
    await first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#guest-figures dd").nth(1)).to_have_text("1")
    assert not await faults(page)
    await page.locator("#door").click()
    await expect(page.locator("#guests.guest-door")).to_be_visible()
    button = rows.nth(1).locator(".guest-came")
    box = await button.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    await button.tap()
    await expect(button).to_have_attribute("aria-pressed", "true")
    await expect(button).to_contain_text("4")
    await page.locator(".admin-notice .link").click()
    await expect(button).to_have_attribute("aria-pressed", "false")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    assert not await faults(page)
    await context.close()
