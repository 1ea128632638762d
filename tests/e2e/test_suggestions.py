"""Suggestions under the search field, by the keyboard, by a press, and where there are none."""

import pytest
from playwright.async_api import Browser, Page, expect

from .axe import faults
from .conftest import Running

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(running: Running, browser: Browser) -> Page:
    """The home page of a market, with the letters of a plumber typed."""
    context = await browser.new_context(base_url=running.address("berlin"))
    page = await context.new_page()
    await page.goto("/en")
    field = page.locator("#q-hero")
    await expect(field).not_to_have_attribute("role", "combobox")
    await field.press_sequentially("plumb")
    await expect(page.locator("#q-hero-list > li").first).to_have_text("Plumber")
    return page


async def test_the_keyboard_goes_through_and_opens_what_is_chosen(page: Page):
    field, list_ = page.locator("#q-hero"), page.locator("#q-hero-list")
    await expect(field).to_have_attribute("aria-expanded", "true")
    await field.press("ArrowDown")
    await expect(field).to_have_attribute("aria-activedescendant", "q-hero-list-0")
    assert await faults(page) == []
    await field.press("ArrowUp")
    await expect(field).not_to_have_attribute("aria-activedescendant", "q-hero-list-0")
    await field.press("Escape")
    await expect(list_).to_be_hidden()
    await expect(field).to_have_value("plumb")
    await field.press("e")
    await expect(list_).to_be_visible()
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(page.locator("h1")).to_have_text("Plumber")


async def test_a_press_opens_what_is_pressed_and_one_elsewhere_closes(page: Page):
    await page.locator("h1").click()
    await expect(page.locator("#q-hero-list")).to_be_hidden()
    await page.locator("#q-hero").press("End")
    await page.locator("#q-hero").press("e")
    await page.locator("#q-hero-list > li").first.click()
    await expect(page).to_have_url(page.url.split("/en")[0] + "/en/c/craft-plumber")


async def test_enter_without_a_choice_searches_for_what_was_typed(page: Page):
    await page.locator("#q-hero").press("Enter")
    await expect(page.locator("#q-main")).to_have_value("plumb")
    assert "/en/search?q=plumb" in page.url


async def test_without_an_answer_the_form_still_searches(page: Page):
    await page.route("**/suggestions**", lambda route: route.abort())
    await page.locator("#q-hero").fill("tax return")
    await expect(page.locator("#q-hero-list")).to_be_hidden()
    await page.locator("#q-hero").press("Enter")
    await expect(page.locator("#q-main")).to_have_value("tax return")
    await expect(page.locator(".card").first).to_be_visible()
