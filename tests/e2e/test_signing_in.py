"""Every way of signing in, as a person does it in a browser."""

import asyncio
import quopri
import re
import time
import uuid

import pytest
from playwright.async_api import Browser, Page, expect
from pyotp.totp import TOTP

from tests.providers import CLIENT, honest_provider

from . import people
from .conftest import Running
from .people import PASSWORD, agora

pytestmark = pytest.mark.browser

MARKET = "berlin"


async def visit(running: Running, browser: Browser) -> Page:
    context = await browser.new_context(base_url=running.address(MARKET))
    return await context.new_page()


async def sign_up(page: Page) -> str:
    email = await people.sign_up(page, "/en/account")
    await expect(page.locator("h1")).to_have_text("Your account")
    return email


async def sign_out(page: Page) -> None:
    await page.context.clear_cookies()


async def give(page: Page, email: str, password: str) -> None:
    await page.goto("/en/signin?next=/en/account")
    await page.locator("#email").fill(email)
    await page.locator("#password").fill(password)
    await page.locator("form[action='/auth/signin'] button").click()


async def send(page: Page, action: str) -> None:
    """Press the button of a form."""
    await page.locator(f"form[action='{action}'] button").first.click()


async def test_by_password_then_by_code_then_by_recovery_code(running: Running, browser: Browser):
    page = await visit(running, browser)
    email = await sign_up(page)
    await page.locator("#second-password").fill(PASSWORD)
    await send(page, "/auth/second-step/set-up")
    totp = TOTP(await page.locator("#key").inner_text())
    await page.locator("#code").fill(totp.generate_otp(int(time.time()) // 30 - 1))
    await page.get_by_role("button").click()
    codes = await page.locator("#codes code").all_inner_texts()
    assert len(codes) == 10
    await page.locator("a.go").click()
    await expect(page.locator("#done")).to_have_text("The second step is on.")
    for code in (totp.now(), codes[0]):
        await sign_out(page)
        await give(page, email, PASSWORD)
        await expect(page.locator("h1")).to_have_text("Second step")
        await page.locator("#code").fill(code)
        await send(page, "/auth/second-step")
        await expect(page.locator("h1")).to_have_text("Your account")


async def test_who_has_not_confirmed_the_address_is_told_where_letters_matter(
    running: Running, browser: Browser
):
    page = await visit(running, browser)
    email = await sign_up(page)
    for path in ("/en/chat", "/en/office"):
        await page.goto(path)
        await expect(page.locator("#address-unconfirmed")).to_contain_text(email)
    await page.locator("#address-unconfirmed a").click()
    await expect(page.locator("#unconfirmed")).to_be_visible()


async def test_by_a_passkey_without_any_password(running: Running, browser: Browser):
    page = await visit(running, browser)
    devices = await page.context.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    await devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    await sign_up(page)
    await page.locator("#passkey-name").fill("My laptop")
    await page.locator("#passkey-password").fill(PASSWORD)
    await send(page, "/auth/passkeys/new")
    await expect(page.locator("#done")).to_contain_text("The passkey is ready")
    await expect(page.locator("#passkeys li")).to_contain_text("My laptop")
    await sign_out(page)
    await page.goto("/en/signin?next=/en/account")
    await send(page, "/auth/passkeys")
    await expect(page.locator("h1")).to_have_text("Your account")


async def test_by_a_letter_when_the_password_is_forgotten(running: Running, browser: Browser):
    page = await visit(running, browser)
    email = await sign_up(page)
    await sign_out(page)
    await page.goto("/en/forgot")
    await page.locator("#email").fill(email)
    await send(page, "/auth/forgot")
    await expect(page.locator("#done")).to_be_visible()
    await page.goto(letter(running, email, "reset"))
    await page.locator("#password").fill("a longer walk at dawn")
    await send(page, "/auth/reset")
    await expect(page.locator("#done")).to_have_text("Your new password is set. Sign in with it.")
    await give(page, email, "a longer walk at dawn")
    await expect(page.locator("h1")).to_have_text("Your account")


async def test_by_a_provider_that_an_admin_has_added(running: Running, browser: Browser):
    page = await visit(running, browser)
    email = await sign_up(page)
    await asyncio.to_thread(agora, running, "person", "grant", email, "admin", "--market", MARKET)
    name = f"Ours {uuid.uuid4().hex[:6]}"
    someone = {"sub": "grace", "email": f"{uuid.uuid4().hex}@example.com", "email_verified": True}
    with honest_provider(someone | {"name": "Grace"}) as issuer:
        await page.goto("/en/admin/sign-in")
        await page.locator("[data-kind=oidc]").click()
        form = page.locator("#way-form")
        await form.locator("#client_id").fill(CLIENT)
        await form.locator("#secret").fill("a secret")
        await form.locator("#name").fill(name)
        await form.locator("#issuer").fill(issuer)
        await form.get_by_role("button", name="Save").click()
        row = page.locator("#ways li").filter(has_text=name)
        await row.get_by_role("button", name="Test").click()
        await expect(page.locator("#notice")).to_contain_text(f"{issuer}/oauth2/authorize")
        await row.get_by_role("button", name="Switch on").click()
        await expect(row).to_contain_text("switched on")
        assert "a secret" not in await page.content()
        await sign_out(page)
        await page.goto("/en/signin?next=/en/account")
        await page.get_by_role("button", name=f"Continue with {name}").click()
        await page.get_by_role("button", name="grace").click()
        await expect(page.locator("h1")).to_have_text("Your account")
        await expect(page.locator("#name")).to_have_value("Grace")


async def test_the_next_person_in_a_tab_sees_nothing_of_the_former(
    running: Running, browser: Browser
):
    page = await visit(running, browser)
    former = await sign_up(page)
    await page.goto("/en/chat")
    await page.locator("#message").fill("My secret question about a leaking tap")
    await page.locator("#message").press("Enter")
    await expect(page.locator("[data-author=person]")).to_contain_text("secret question")
    await page.goto("/en/account")
    await page.locator("#account-menu summary").click()
    await page.locator("form[action='/auth/signout'] button").first.click()
    await page.wait_for_url(re.compile("/(en|de)$"))
    await sign_up(page)
    for path in ("/en/account", "/en/chat"):
        await page.goto(path)
        await page.locator("body").press("Tab")
        await page.wait_for_timeout(700)
        seen = await page.content()
        assert former not in seen
        assert "secret question" not in seen
    await page.go_back()
    assert former not in await page.content()


def letter(running: Running, to: str, about: str) -> str:
    """The path of the link in the newest letter to somebody, once it has been sent."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for path in sorted((running.home / "mail").glob("*.eml"), reverse=True):
            text = quopri.decodestring(path.read_bytes()).decode(errors="ignore")
            found = re.search(rf"/en/{about}\?ticket=[\w-]+", text)
            if to in text and found:
                return found.group(0)
        time.sleep(0.2)
    raise AssertionError("no such letter")
