"""The whole path of a visitor: read, search, sign up, ask, come back."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from .conftest import Running
from .people import PASSWORD, sign_up

pytestmark = pytest.mark.browser

PLUMBER = re.compile("сантехник|труб|протечк", re.IGNORECASE)


async def _page(browser: Browser, origin: str, **options: object) -> Page:
    context = await browser.new_context(base_url=origin, **options)  # pyright: ignore[reportArgumentType]
    return await context.new_page()


async def test_kazan_is_read_and_searched_without_javascript(running: Running, browser: Browser):
    page = await _page(browser, running.address("kazan"), java_script_enabled=False, locale="ru-RU")
    await page.goto("/")
    await expect(page).to_have_url(f"{running.address('kazan')}/ru")
    await expect(page.locator("html")).to_have_attribute("lang", "ru")
    await expect(page.locator("h1")).to_have_count(1)
    await page.locator("main").get_by_role("searchbox").fill("потекла труба")
    await page.locator("main").get_by_role("searchbox").press("Enter")
    cards = page.locator("li.card h3")
    await expect(cards.first).to_be_visible()
    assert PLUMBER.search(await page.locator("li.card").first.inner_text())
    title = await cards.first.inner_text()
    await cards.first.get_by_role("link").click()
    await expect(page.locator("h1")).to_have_text(title)
    await expect(page).to_have_url(re.compile("/ru/s/"))
    # Back by the category, on to the provider and to the help: all by plain links.
    await page.get_by_role("navigation").get_by_role("link").nth(1).click()
    await page.goto("/ru/help")
    await page.locator("main li.card a").first.click()
    await expect(page).to_have_url(re.compile("/ru/help/."))
    assert len(await page.locator("article").inner_text()) > 200


async def test_the_same_need_in_english_finds_plumbers(running: Running, browser: Browser):
    page = await _page(browser, running.address("kazan"), java_script_enabled=False)
    await page.goto("/en/search?q=a+pipe+is+leaking")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    assert re.search("plumb|pipe|leak", await page.locator("li.card").first.inner_text(), re.I)


async def test_a_search_that_fits_nothing_says_so_and_helps(running: Running, browser: Browser):
    page = await _page(browser, running.address("kazan"), java_script_enabled=False)
    await page.goto("/en/search?q=" + "zxqv wrtp " * 3)
    await expect(page.locator("main").get_by_role("heading", level=2)).to_be_visible()
    assert await page.locator("main a[href^='/en/c/']").count() >= 4


async def test_a_filter_narrows_what_is_found(running: Running, browser: Browser):
    page = await _page(browser, running.address("kazan"), java_script_enabled=False)
    await page.goto("/en/c/craft-plumber")
    all_of_them = await page.locator("li.card").count()
    offered = page.locator("select[name=lang] option")
    codes = [await one.get_attribute("value") or "" for one in (await offered.all())[1:]]
    found: dict[str, int] = {}
    for code in codes:
        await page.select_option("select[name=lang]", code)
        await page.locator("main form button").first.click()
        await expect(page).to_have_url(re.compile(f"lang={code}"))
        found[code] = await page.locator("li.card").count()
    assert all(0 < number <= all_of_them for number in found.values())
    rarest = min(found, key=lambda code: found[code])
    assert found[rarest] < all_of_them
    await page.goto(f"/en/c/craft-plumber?lang={rarest}")
    name = await page.locator(f"select[name=lang] option[value={rarest}]").inner_text()
    await page.locator("li.card h3 a").first.click()
    await expect(page.locator("aside dl")).to_contain_text(name.rpartition(" (")[0])


async def test_arabic_runs_from_right_to_left(running: Running, browser: Browser):
    page = await _page(browser, running.address("berlin"), viewport={"width": 1280, "height": 800})
    await page.goto("/ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    brand = await page.locator("header a").nth(0).bounding_box()
    ask = await page.locator("header a.btn").bounding_box()
    assert brand is not None
    assert ask is not None
    assert brand["x"] > ask["x"], "the market's name stands where reading begins"
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 1280


@pytest.mark.parametrize("width", [360, 768])
async def test_nothing_sticks_out_on_a_small_screen(running: Running, browser: Browser, width: int):
    page = await _page(browser, running.address("berlin"), viewport={"width": width, "height": 800})
    for path in (
        "/de",
        "/ar",
        "/ru/c/craft-plumber",
        "/de/search?q=Rohr",
        "/ru/help",
        "/de/signin",
        "/ar/chat",
    ):
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_no_script_runs_before_the_first_input(running: Running, browser: Browser):
    page = await _page(browser, running.address("kazan"))
    asked: list[str] = []
    sockets: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: sockets.append(socket.url))
    for path in ("/ru", "/ru/c/craft-plumber", "/ru/search?q=кран", "/ru/help"):
        await page.goto(path, wait_until="networkidle")
        assert [url for url in asked if ".js" in url] == [], path
        # Who comes to the search field gets what suggests, and nothing else.
        await page.get_by_role("searchbox").first.focus()
        await page.wait_for_load_state("networkidle")
        assert {url.rpartition("/")[2] for url in asked if ".js" in url} <= {"suggest.js"}
        asked.clear()
    assert sockets == []


async def test_a_visitor_signs_up_asks_and_finds_the_answer_again(
    running: Running, browser: Browser
):
    origin = running.address("kazan")
    page = await _page(browser, origin)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    email = await sign_up(page, "/ru/chat", "Алия")

    await page.locator("#message").fill("Потекла труба на кухне, кто может прийти сегодня?")
    await page.locator("#message").press("Enter")
    answer = page.locator("[data-author=agent]").last
    cards = answer.locator("li a")
    await expect(cards.first).to_be_visible(timeout=30_000)
    await expect(page.locator("#writing")).to_have_count(0)
    text = await answer.inner_text()
    assert PLUMBER.search(text)
    assert (await cards.first.get_attribute("href") or "").startswith("/ru/")
    await expect(page).to_have_url(re.compile("/ru/chat/[0-9a-f-]{36}$"))
    # However long an answer is, the next question can be written without looking for the field.
    await expect(page.locator("#message")).to_be_in_viewport(ratio=1)

    await page.reload()
    await expect(page.locator("[data-author=person]")).to_contain_text("Потекла труба")
    await expect(page.locator("[data-author=agent] li a").first).to_be_visible()
    await cards.first.click()
    await expect(page).to_have_url(re.compile("/ru/(s|help)/"))
    assert complaints == []

    await _the_second_market_sees_none_of_it(running, page, email)


async def _the_second_market_sees_none_of_it(running: Running, page: Page, email: str) -> None:
    conversation = ""
    await page.go_back()
    found = re.search(r"/chat/([0-9a-f-]{36})", page.url)
    if found:
        conversation = found[1]
    assert conversation
    await page.goto(f"{running.address('berlin')}/ru/signin")
    await page.locator("input[name=email]").fill(email)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("main form[action^='/auth/sign'] button[type=submit]").click()
    await expect(page).to_have_url(re.compile("error="))
    await page.goto(f"{running.address('berlin')}/ru/chat/{conversation}")
    await expect(page.locator("main")).not_to_contain_text("Потекла труба")
