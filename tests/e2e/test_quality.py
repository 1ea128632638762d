"""What every page owes its readers: few bytes, enough contrast, names for what can be pressed."""

import gzip
import re

import httpx
import pytest
from playwright.async_api import Browser

from .axe import faults
from .conftest import Running

BUDGET = 40_000
"""Bytes over the wire of a public page with its style sheet, without fonts."""

PAGES = (
    ("kazan", "/ru"),
    ("kazan", "/ru/c/craft-plumber"),
    ("kazan", "/ru/search?q=кран"),
    ("berlin", "/ar"),
    ("berlin", "/ar/help"),
    ("berlin", "/de/signin"),
    ("madrid", "/es/chat"),
    ("madrid", "/es/nowhere"),
)


@pytest.mark.parametrize(("market", "path"), PAGES[:5])
async def test_a_page_is_light(running: Running, market: str, path: str):
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{running.port}",
        headers={"host": f"{market}.localhost:{running.port}"},
        timeout=30,
    ) as client:
        html = (await client.get(path)).content
        sheets = set(re.findall(r'href="(/assets/[^"]+\.css)"', html.decode()))
        styles = [(await client.get(sheet)).content for sheet in sheets]
    assert styles
    assert sum(len(gzip.compress(part)) for part in [html, *styles]) < BUDGET


@pytest.mark.parametrize(
    ("market", "path", "fonts"),
    [
        ("kazan", "/ru", ["onest-basic", "onest-cyrillic"]),
        ("berlin", "/ar", ["vazirmatn-arabic-wght-normal"]),
        ("madrid", "/fr/help", ["onest-basic"]),
    ],
)
async def test_the_fonts_of_the_pages_script_are_asked_for_at_once(
    running: Running, market: str, path: str, fonts: list[str]
):
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{running.port}",
        headers={"host": f"{market}.localhost:{running.port}"},
        timeout=30,
    ) as client:
        page = await client.get(path)
        asked = re.findall(r"<(/assets/[^>]+)>; rel=preload; as=font", page.headers["link"])
        sheets = set(re.findall(r'href="(/assets/[^"]+\.css)"', page.text))
        styles = [(await client.get(sheet)).text for sheet in sheets]
        for font in asked:
            assert (await client.get(font)).headers["content-type"] == "font/woff2"
    assert [font.removeprefix("/assets/").rpartition("-")[0] for font in asked] == fonts
    # Another address than the style sheet's would be a second download of the same.
    assert all(any(font in style for style in styles) for font in asked)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("market", "path"), PAGES)
async def test_axe_finds_nothing_to_mend(
    running: Running, browser: Browser, market: str, path: str, scheme: str
):
    context = await browser.new_context(
        base_url=running.address(market),
        color_scheme=scheme,  # pyright: ignore[reportArgumentType]
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.goto(path)
    found = await faults(page)
    assert not found, "\n".join(found[:8])
