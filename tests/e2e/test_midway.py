"""A reload, a second tab and a killed program, in the middle of an answer.

The model is a stand-in that takes its time between sentences, so that there is a middle.
"""

import json
from collections.abc import Generator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.stand_in import Manner, StandIn, standing_in

from .conftest import Running, begin
from .people import agora, sign_up

pytestmark = pytest.mark.browser

SENTENCES = (
    "A plumber mends leaking taps at any hour [1]. ",
    "A plumber mends burst pipes [1]. ",
    "A plumber at night mends leaking taps and burst pipes [1].",
)
BEGUN, ENDED = "taps at any hour", "taps and burst pipes"
"""What stands in the first sentence alone, and in the last."""
SLOW = Manner(words=SENTENCES, between=4)
"""A sentence is shown when it is whole and its source supports it."""
LISTING = {
    "external_id": "l-1",
    "category": "craft/plumber",
    "provider": {"name": "Night Pipes"},
    "title": {"en": "Plumber at night"},
    "description": {"en": "Leaking taps and burst pipes are mended at any hour."},
}


@pytest.fixture(scope="module")
def model() -> Generator[StandIn]:
    with standing_in() as server:
        server.manners["slow"] = SLOW
        yield server


@pytest.fixture(scope="module")
def bergen(running: Running, model: StandIn, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A market with one plumber, whose answers are written by the slow model."""
    file = tmp_path_factory.mktemp("bergen") / "listings.jsonl"
    file.write_text(json.dumps(LISTING))
    told = ("--name", "Bergen", "--locales", "en", "--currency", "EUR")
    agora(running, "market", "create", "bergen", *told)
    agora(running, "import", "listings", str(file), "--market", "bergen")
    told = ("--kind", "vllm", "--url", model.url, "--inside", "--model", "slow")
    agora(running, "models", "add", "Ours", "--market", "bergen", *told)
    told = ("--first-token", "20", "--total", "60")
    agora(running, "models", "chain", "vendor", "Ours:slow", "--market", "bergen", *told)
    return "bergen"


@pytest.fixture
async def chat(running: Running, bergen: str, browser: Browser) -> Page:
    """The page of somebody new who has asked, and sees the answer being written."""
    context = await browser.new_context(base_url=running.address(bergen))
    page = await context.new_page()
    await sign_up(page)
    await page.locator("#message").fill("My tap is leaking, who comes at night?")
    await page.locator("#message").press("Enter")
    await in_the_middle(page)
    return page


async def in_the_middle(page: Page) -> None:
    """Wait until some of the answer is there, and not all of it."""
    await expect(page.locator("#writing")).to_contain_text(BEGUN, timeout=30_000)
    await expect(page.locator("#writing")).not_to_contain_text(ENDED)


async def whole(page: Page, answers: int = 1) -> None:
    """The answers have ended, each said once and to its end."""
    await expect(page.locator("#writing")).to_have_count(0, timeout=30_000)
    said = page.locator("[data-author=agent]")
    await expect(said).to_have_count(answers)
    for number in range(answers):
        text = " ".join((await said.nth(number).inner_text()).split())
        assert (text.count(BEGUN), text.count(ENDED)) == (1, 1), text


async def test_a_reload_in_the_middle_shows_the_answer_to_its_end(chat: Page):
    await chat.reload()
    await expect(chat.locator("[data-author=person]")).to_contain_text("My tap is leaking")
    await expect(chat.locator("#writing")).to_contain_text(BEGUN, timeout=30_000)
    await whole(chat)


async def test_a_second_tab_writes_along_and_what_it_asks_is_seen_in_the_first(chat: Page):
    second = await chat.context.new_page()
    await second.goto(chat.url)
    await expect(second.locator("#writing")).to_contain_text(BEGUN, timeout=30_000)
    await whole(chat)
    await whole(second)
    await second.locator("#message").fill("Find me a plumber for a leaking tap on Sunday")
    await second.locator("#message").press("Enter")
    await expect(chat.locator("[data-author=person]").last).to_contain_text("on Sunday")
    await expect(chat.locator("#writing")).to_contain_text(BEGUN, timeout=30_000)
    await whole(second, answers=2)
    await whole(chat, answers=2)


async def test_a_program_killed_in_the_middle_leaves_a_question_that_can_be_asked_again(
    running: Running, chat: Page
):
    running.process.kill()
    running.process.wait()
    again = begin(running.home, running.port)
    again.wait_for("Agora is ready", 120)
    # All tests after this one visit it, and it is stopped as the first would have been.
    running.process = again.process
    await chat.reload()
    await expect(chat.locator("[data-author=person]")).to_have_count(1)
    await expect(chat.locator("#writing")).to_have_count(0)
    # What was said before is kept where it was put down; that it is not all is said either way.
    retry = chat.get_by_role("button", name="Try again")
    await expect(retry.first).to_be_visible()
    await retry.first.click()
    await in_the_middle(chat)
    await expect(chat.locator("#writing")).to_have_count(0, timeout=30_000)
    last = chat.locator("[data-author=agent]").last
    await expect(last).to_contain_text(ENDED)
    await expect(chat.locator("[data-author=person]")).to_have_count(1)
