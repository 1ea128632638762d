"""An admin shapes a market in a browser, and visitors see it at once."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from .axe import faults
from .conftest import Running
from .people import agora

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ruled(running: Running) -> str:
    """A demo market whose demo member owns it."""
    email, _password = running.account("madrid")
    agora(running, "person", "grant", email, "owner", "--market", "madrid")
    return "madrid"


_signed_in: dict[str, Any] = {}
"""Cookies by market: signing in once is enough, and many times in a row is refused."""


async def entered(running: Running, browser: Browser, market: str, path: str) -> Page:
    """A page of the console, the first time reached through the sign-in form."""
    context = await browser.new_context(
        base_url=running.address(market), storage_state=_signed_in.get(market)
    )
    page = await context.new_page()
    await page.goto(path)
    if market not in _signed_in:
        email, password = running.account(market)
        await page.locator("#email").fill(email)
        await page.locator("#password").fill(password)
        await page.locator("#password").press("Enter")
    await expect(page).to_have_url(running.address(market, path))
    _signed_in[market] = await context.storage_state()
    return page


async def status_of(page: Page, address: str) -> int:
    """The status that a reader's browser gets, whose own resolver knows the markets' hosts."""
    answer = await page.goto(address)
    assert answer is not None
    return answer.status


async def test_a_new_brand_is_seen_by_visitors_and_taken_back(
    running: Running, browser: Browser, ruled: str
):
    page = await entered(running, browser, ruled, "/en/admin/brand")
    visitor = await (await browser.new_context(java_script_enabled=False)).new_page()
    await visitor.goto(running.address(ruled, "/en"))
    await expect(visitor.locator("header")).not_to_contain_text("Plaza")
    await page.locator("[id='name.en']").fill("Plaza")
    await expect(page.locator("#preview")).to_contain_text("Plaza")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#notice")).to_have_text("Saved.")
    # The visitor's page was kept by the server; the change has to throw it away.
    await visitor.reload()
    await expect(visitor.locator("header")).to_contain_text("Plaza")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("header")).not_to_contain_text("Plaza")
    await visitor.reload()
    await expect(visitor.locator("header")).not_to_contain_text("Plaza")


async def test_a_text_is_found_reworded_and_read_by_visitors(
    running: Running, browser: Browser, ruled: str
):
    page = await entered(running, browser, ruled, "/en/admin/wording")
    fields = page.locator("form input[name^='words.']")
    everything = await fields.count()
    await expect(fields.first).to_be_visible()
    await page.locator("#sought").fill("show where each answer")
    own = page.locator("form input[name^='words.']:visible")
    await expect(own).to_have_count(2)
    assert not await faults(page, ())
    await own.nth(1).fill("Say it, and %(marcet)s answers.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("%(marcet)s")
    await own.nth(1).fill("Say it, and %(market)s answers.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#notice")).to_have_text("Saved.")
    # What is hidden stays in the form.
    assert await fields.count() == everything
    visitor = await (await browser.new_context(java_script_enabled=False)).new_page()
    await visitor.goto(running.address(ruled, "/en/chat"))
    await expect(visitor.locator("#thread")).to_contain_text("Say it, and Barrio Madrid answers.")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#notice")).to_have_text("It is as it was before.")


async def test_a_logo_is_hung_and_taken_down(running: Running, browser: Browser, ruled: str):
    page = await entered(running, browser, ruled, "/en/admin/brand")
    visitor = await (await browser.new_context(java_script_enabled=False)).new_page()
    await visitor.goto(running.address(ruled, "/en"))
    picture = io.BytesIO()
    Image.new("RGBA", (320, 80), "#b91c1c").save(picture, "PNG")
    await page.locator("#logo-file").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    await page.get_by_role("button", name="Upload the logo").click()
    await expect(page.locator("header img")).to_be_visible()
    await visitor.reload()
    assert await visitor.locator("header img").evaluate("image => image.naturalWidth") == 320
    await page.get_by_role("button", name="Take down").first.click()
    await page.get_by_role("dialog").get_by_role("button", name="Take down").click()
    await expect(page.locator("header img")).to_have_count(0)


async def test_a_module_is_switched_off_and_on_again(
    running: Running, browser: Browser, ruled: str
):
    page = await entered(running, browser, ruled, "/en/admin/modules")
    visitor = await (await browser.new_context(java_script_enabled=False)).new_page()
    help_page = running.address(ruled, "/en/help")
    assert await status_of(visitor, help_page) == 200
    await page.get_by_label("The help articles of the market.").uncheck()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#notice")).to_have_text("Saved.")
    assert await status_of(visitor, help_page) == 404
    await expect(page.locator("header").get_by_role("link", name="Help")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("header").get_by_role("link", name="Help")).to_have_count(1)
    assert await status_of(visitor, help_page) == 200


async def test_an_archive_is_made_followed_and_fetched(
    running: Running, browser: Browser, ruled: str
):
    page = await entered(running, browser, ruled, "/en/admin/export")
    await page.get_by_role("button", name="Make an archive").click()
    fetch = page.get_by_role("link", name="Fetch").first
    await expect(fetch).to_be_visible(timeout=60_000)
    async with page.expect_download() as downloading:
        await fetch.click()
    with zipfile.ZipFile(await (await downloading.value).path()) as archive:
        assert {"manifest.json", "rows/listing.jsonl"} <= set(archive.namelist())
    await page.goto("/en/admin/audit")
    await expect(page.locator("table")).to_contain_text("market.exported")


CONSOLE = (
    *("", "/brand", "/place", "/hosts", "/wording", "/audit", "/people", "/policy", "/keys"),
    *("/sign-in", "/modules", "/models", "/export", "/imports", "/knowledge", "/knowledge/lab"),
)


async def test_axe_finds_nothing_to_mend_in_the_console_and_scripts_run(
    running: Running, browser: Browser, ruled: str
):
    page = await entered(running, browser, ruled, "/en/admin")
    found: list[str] = []
    # What a page may not run or load is said here, and whatever else went wrong in the browser.
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    for path in CONSOLE:
        await page.goto(f"/en/admin{path}")
        await page.wait_for_load_state("networkidle")
        found += await faults(page)
    assert not found, "\n".join(found[:8])
