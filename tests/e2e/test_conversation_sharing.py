"""Sharing, judging, saying otherwise and finding a conversation, as a person does them."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import Running
from .people import sign_up

pytestmark = pytest.mark.browser


async def signed_up(running: Running, browser: Browser) -> Page:
    page = await browser.new_page(
        viewport={"width": 1280, "height": 800}, base_url=running.address("kazan")
    )
    await sign_up(page)
    return page


async def asked(page: Page, words: str) -> None:
    await page.locator("#message").fill(words)
    await page.locator("#message").press("Enter")
    await expect(page.locator("#writing")).to_have_count(0, timeout=60_000)
    await expect(page.locator("[data-author=agent]").last).to_be_visible()


async def test_a_link_is_read_by_anybody_until_it_is_revoked(running: Running, browser: Browser):
    page = await signed_up(running, browser)
    await asked(page, "My tap is leaking")
    side = page.locator("#conversations-side")
    await side.locator("[data-conversation]").focus()
    for key in ("Tab", "Tab", "Tab", "Enter"):
        await page.keyboard.press(key)
    await side.get_by_role("button", name="Share by a link").click()
    address = await side.locator("[data-share]").input_value()
    assert "/en/shared/" in address

    stranger = await (await browser.new_context(java_script_enabled=False)).new_page()
    answer = await stranger.goto(address)
    assert answer is not None
    assert answer.status == 200
    assert "no-store" in (answer.headers.get("cache-control") or "no-store")
    await expect(stranger.locator("h1")).to_have_text("My tap is leaking")
    robots = stranger.locator("meta[name=robots]")
    await expect(robots).to_have_attribute("content", "noindex")
    await expect(stranger.get_by_text("Ada", exact=True)).to_have_count(0)

    await side.get_by_role("button", name="Stop sharing").click()
    await expect(side.get_by_role("button", name="Share by a link")).to_be_visible()
    answer = await stranger.goto(address)
    assert answer is not None
    assert answer.status == 404
    await expect(stranger.get_by_text("My tap is leaking")).to_have_count(0)
    await page.close()


async def test_a_message_is_said_otherwise_judged_and_found(running: Running, browser: Browser):
    page = await signed_up(running, browser)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await asked(page, "My tap is leaking")
    await page.get_by_role("button", name="Not a good answer").click()
    await page.get_by_role("radio", name="It misses my question").check()
    await page.locator("#thread").get_by_role("button", name="Send").click()
    pressed = page.get_by_role("button", name="Not a good answer")
    await expect(pressed).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Say it otherwise").click()
    field = page.locator("#thread textarea[name=message]")
    await expect(field).to_be_focused()
    await field.fill("How do I cancel a booking?")
    await field.press("Enter")
    await expect(page.locator("#writing")).to_have_count(0, timeout=60_000)
    await expect(page.locator("[data-author=person]")).to_have_count(1)
    await expect(page.locator("[data-author=person]")).to_contain_text("cancel a booking")
    find = page.locator("#find-side")
    await find.fill("zebra")
    await expect(page.locator("#conversations-side").get_by_role("status")).to_be_visible()
    await find.fill("cancel book")
    rows = page.locator("#conversations-side [data-conversation]")
    await expect(rows).to_have_count(1)
    await expect(page.locator("#conversations-side")).to_contain_text(re.compile("cancel", re.I))
    assert complaints == []
    await page.close()
