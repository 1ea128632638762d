"""Searching near where one is."""

import re

import pytest
from playwright.async_api import Browser, expect

from .conftest import Running

pytestmark = pytest.mark.browser


async def test_a_search_near_me_keeps_the_place_until_it_is_taken_away(
    running: Running, browser: Browser
):
    context = await browser.new_context(
        base_url=running.address("berlin"),
        geolocation={"latitude": 52.50049, "longitude": 13.40049},
        permissions=["geolocation"],
    )
    page = await context.new_page()
    await page.goto("/en/search?q=plumber")
    everywhere = await page.locator("li.card").count()
    await page.get_by_role("button", name="Near me").click()
    await expect(page).to_have_url(re.compile(r"near=52\.500%2C13\.400%2C5"))
    await expect(page.locator("li.card").first).to_be_visible()
    assert await page.locator("li.card").count() < everywhere

    await page.locator("summary", has_text="Filters").click()
    await page.select_option("select[name=near]", label="Within 10 km of you")
    await page.locator("main form button", has_text="Show").click()
    await expect(page).to_have_url(re.compile(r"near=52\.5%2C13\.4%2C10"))
    await page.get_by_role("link", name="Within 10 km of you").click()
    await expect(page.locator("li.card")).to_have_count(everywhere)


async def test_who_does_not_tell_where_they_are_is_told_so(running: Running, browser: Browser):
    context = await browser.new_context(base_url=running.address("berlin"), permissions=[])
    page = await context.new_page()
    await page.goto("/en/search?q=leaking+tap")
    await page.get_by_role("button", name="Near me").click()
    await expect(page.locator("#near-refused")).to_be_visible()
