"""Naming and deleting a conversation with the keyboard alone."""

import pytest
from playwright.async_api import Browser, expect

from .conftest import Running
from .people import sign_up

pytestmark = pytest.mark.browser


async def test_a_conversation_is_named_and_deleted_from_the_keyboard(
    running: Running, browser: Browser
):
    page = await browser.new_page(
        viewport={"width": 1280, "height": 800}, base_url=running.address("kazan")
    )
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await sign_up(page)
    await page.locator("#message").fill("My tap is leaking")
    await page.locator("#message").press("Enter")
    rows = page.locator("#conversations-side [data-conversation]")
    await expect(rows).to_have_text("My tap is leaking")
    await expect(page.locator("#writing")).to_have_count(0, timeout=30_000)

    await rows.focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    field = page.locator("#conversations-side input[name=title]")
    await expect(field).to_be_focused()
    await field.fill("The kitchen")
    await page.keyboard.press("Enter")
    await expect(rows).to_have_text("The kitchen")
    await expect(rows).to_be_focused()

    for key in ("Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(field).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(rows).to_be_focused()

    for key in ("Tab", "Tab", "Enter"):
        await page.keyboard.press(key)
    keep = page.get_by_role("button", name="Keep", exact=True).first
    await expect(keep).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(rows).to_be_focused()
    for key in ("Tab", "Tab", "Enter", "Shift+Tab"):
        await page.keyboard.press(key)
        await page.wait_for_timeout(300)
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(0)
    await expect(page).to_have_url(running.address("kazan", "/en/chat"))
    assert complaints == []
    await page.close()
