"""A wedding planned from one sentence, and a deed that was refused."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import Running
from .people import sign_up

pytestmark = pytest.mark.browser

WEDDING = "свадьба на 80 гостей 12 июня, бюджет полмиллиона"


async def _signed_in(browser: Browser, running: Running) -> Page:
    """Somebody new in Kazan, who reads Russian."""
    context = await browser.new_context(base_url=running.address("kazan"), locale="ru-RU")
    page = await context.new_page()
    await sign_up(page, "/ru/chat", "Ада")
    return page


async def _ask(page: Page, text: str) -> None:
    await page.goto("/ru/chat")
    # A page that loads for longer than its grace shows an empty conversation once more.
    await page.wait_for_load_state("networkidle")
    await _say(page, text)


async def _say(page: Page, text: str) -> None:
    answers = page.locator("[data-author=agent]")
    before = await answers.count()
    await page.fill("#message", text)
    await page.press("#message", "Enter")
    await expect(answers).to_have_count(before + 1, timeout=60_000)
    await expect(page.locator("#writing")).to_have_count(0, timeout=60_000)


async def test_a_wedding_from_one_sentence_to_plan_budget_and_three_vendors(
    running: Running, browser: Browser
):
    page = await _signed_in(browser, running)
    await _ask(page, WEDDING)
    answer = page.locator("[data-author=agent]").last
    await expect(answer).to_contain_text("80 гостей")
    await expect(answer.locator("[data-block=plan] li").first).to_be_visible()
    await expect(answer.locator("[data-block=tasks]")).to_contain_text("Составить список гостей")
    budget = answer.locator("[data-block=budget]")
    await expect(budget).to_contain_text("500\xa0000\xa0₽")
    compared = answer.locator("[data-block=comparison] tbody tr")
    await expect(compared).to_have_count(3)
    # What was understood can be put right, and the answer follows.
    await expect(page.locator("[data-slot=guests]")).to_contain_text("80")
    await page.locator("[data-slot=guests] button").click()
    await page.fill("#slot-value", "100")
    await page.locator("#slots form button[type=submit]").click()
    await expect(page.locator("[data-slot=guests]")).to_contain_text("100", timeout=60_000)
    await expect(page.locator("[data-author=agent]").last).to_contain_text("100 гостей")
    # Who worked on it, and with what, is told on request.
    await page.locator("[data-author=agent]").last.locator("[aria-controls=how]").click()
    await expect(page.locator("#how ol").first.locator("li")).to_have_count(3)
    # The plan is kept as an event, with its budget; without JavaScript the answer reads the same.
    await page.locator("[data-block=budget] a").last.click()
    await expect(page).to_have_url(re.compile(r"/ru/events/[0-9a-f-]+/budget"))


async def test_who_refuses_has_sent_nothing(running: Running, browser: Browser):
    page = await _signed_in(browser, running)
    await _ask(page, "нужен фотограф на свадьбу")
    await _say(page, "запроси у этих двух цены")
    card = page.locator("[data-approval]")
    await expect(card).to_have_attribute("data-state", "waiting")
    await card.get_by_role("button", name="Отклонить").click()
    await expect(card).to_have_attribute("data-state", "refused")
    await page.goto("/ru/shortlist")
    await expect(page.locator("main h1")).to_be_visible()
    await expect(page.locator("[data-quote]")).to_have_count(0)


async def test_the_answer_is_whole_without_javascript(running: Running, browser: Browser):
    page = await _signed_in(browser, running)
    await _ask(page, WEDDING)
    where = page.url
    cookies = await page.context.cookies()
    plain = await browser.new_context(java_script_enabled=False, locale="ru-RU")
    await plain.add_cookies(cookies)  # pyright: ignore[reportArgumentType]
    reader = await plain.new_page()
    await reader.goto(where)
    await expect(reader.locator("[data-block=comparison] tbody tr")).to_have_count(3)
    await expect(reader.locator("[data-block=budget] svg").first).to_be_visible()
