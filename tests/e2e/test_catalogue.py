"""A member's first offer on its way to the public, and an admin's work with many listings."""

import json
import time
import uuid

import pytest
from playwright.async_api import Browser, Page, expect

from .axe import faults
from .conftest import Running
from .people import agora, sign_up

pytestmark = pytest.mark.browser
MARKET = "berlin"


@pytest.fixture(scope="module")
def ruled(running: Running) -> str:
    """A demo market whose demo member is an admin."""
    email, _password = running.account(MARKET)
    agora(running, "person", "grant", email, "admin", "--market", MARKET)
    return MARKET


async def staff(running: Running, browser: Browser, path: str) -> Page:
    """A page of the console, as the admin has it open."""
    context = await browser.new_context(base_url=running.address(MARKET))
    page = await context.new_page()
    await page.goto(path)
    email, password = running.account(MARKET)
    await page.locator("#email").fill(email)
    await page.locator("#password").fill(password)
    await page.locator("#password").press("Enter")
    await expect(page).to_have_url(running.address(MARKET, path))
    return page


async def newcomer(running: Running, browser: Browser, path: str) -> Page:
    """A page as somebody has it open who has signed up a moment ago."""
    context = await browser.new_context(base_url=running.address(MARKET))
    page = await context.new_page()
    await sign_up(page, path, "Ada Reed")
    return page


async def test_a_first_offer_reaches_the_public_when_the_admin_says_so(
    running: Running, browser: Browser, ruled: str
):
    title = f"Harpsichord lessons {uuid.uuid4().hex[:6]}"
    office = await newcomer(running, browser, "/en/office")
    await office.locator("#title").fill(title)
    await office.locator("#category").select_option("service/music_teacher")
    await office.locator("#city").fill("Berlin")
    await office.locator("#description").fill(
        "Harpsichords, spinets and clavichords taught at home, for beginners too."
    )
    await office.locator("#amount").fill("90")
    await office.get_by_role("button", name="Send").click()
    await expect(office.get_by_text("waiting for approval")).to_be_visible()

    page = await staff(running, browser, "/en/admin/listings")
    await page.goto("/en/admin/listings?state=waiting")
    await page.get_by_label(title).check()
    await page.locator("#deed").select_option("publish")
    await page.get_by_role("button", name="Do it").click()
    await expect(page.locator("#notice")).to_contain_text("1")
    published = time.monotonic()

    visitor = await (await browser.new_context(base_url=running.address(MARKET))).new_page()
    found = visitor.locator("li.card h3", has_text=title)
    while not await found.count():
        assert time.monotonic() - published < 20, "search has not found it in 20 seconds"
        await visitor.goto("/en/search?q=harpsichord+lessons")
    await found.first.get_by_role("link").click()
    await expect(visitor.locator("h1")).to_have_text(title)

    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#notice")).to_contain_text("before")
    answer = await visitor.goto(visitor.url)
    assert answer is not None
    assert answer.status == 404


async def test_a_file_is_read_through_before_anything_changes(
    running: Running, browser: Browser, ruled: str
):
    number = uuid.uuid4().hex[:8]
    row = {
        "external_id": f"e2e-{number}",
        "category": "craft/plumber",
        "provider": {"name": "Ada Pipes"},
        "title": {"en": f"Pipes {number}"},
        "description": {"en": "All of them."},
    }
    bad = row | {"external_id": "bad", "category": "craft/nothing"}
    rows = "".join(json.dumps(one) + "\n" for one in (row, bad)).encode()
    page = await staff(running, browser, "/en/admin/imports")
    await page.locator("#import-file").set_input_files(
        {"name": f"{number}.jsonl", "mimeType": "application/jsonl", "buffer": rows}
    )
    await page.get_by_role("button", name="Read it through").click()
    file = page.locator("section", has=page.get_by_role("heading", name=number))
    await expect(file.get_by_text("not loaded yet")).to_be_visible(timeout=20_000)
    await file.get_by_text("Bad rows, which are left out").click()
    await expect(file.get_by_text("Line 2")).to_be_visible()
    await file.get_by_role("button", name="Load", exact=True).first.click()
    await file.locator("dialog").get_by_role("button", name="Load", exact=True).click()
    await expect(file.get_by_text("loaded", exact=True)).to_be_visible(timeout=30_000)
    await page.goto("/en/admin/listings")
    await page.locator("#words").fill(number)
    await page.get_by_role("button", name="Find").click()
    await expect(page.get_by_role("link", name=f"Pipes {number}")).to_be_visible()


@pytest.mark.parametrize("path", ["listings", "providers", "categories", "imports", "articles/new"])
async def test_axe_finds_nothing_to_mend(running: Running, browser: Browser, ruled: str, path: str):
    page = await staff(running, browser, f"/en/admin/{path}")
    await page.wait_for_load_state("networkidle")
    found = await faults(page)
    assert not found, "\n".join(found[:8])


async def test_axe_finds_nothing_to_mend_in_the_office(running: Running, browser: Browser):
    page = await newcomer(running, browser, "/en/office")
    await page.wait_for_load_state("networkidle")
    assert not await faults(page)
