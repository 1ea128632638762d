"""What a browser loads of a listing's page before the first input, as sent."""

import asyncio
import gzip
import re
import shutil
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import async_playwright

from benchmarks.pages.alone import HOST, listing_path, read

QUIET_SECONDS = 3.0
"""How long after the page has loaded anything more would still be seen."""

# Scripts in the page that run by themselves: not data, and not those that sleep.
_RUNNING = re.compile(
    r"<script(?![^>]*\b(?:src=|type=\"(?:application|text)/))[^>]*>(.*?)</script>"
)


async def measure(port: int) -> None:
    """Load the page with an empty cache, touch nothing, and print what came."""
    origin = f"http://{HOST}:{port}"
    path = listing_path(origin)
    told = await _loaded(origin + path)
    inline = "".join(_RUNNING.findall(read(origin + path)))
    print("| what | kind | bytes with headers |")
    print("|---|---|---:|")
    for name, kind, size in sorted(told, key=lambda one: -one[2]):
        print(f"| {name} | {kind} | {size:,} |")
    print(f"| everything | | {sum(size for _, _, size in told):,} |")
    within = len(gzip.compress(inline.encode()))
    print(f"\nJavaScript within the page that runs: {within:,} bytes by themselves, gzip.")


async def _loaded(url: str) -> list[tuple[str, str, int]]:
    """Name, kind and bytes on the wire of each file, for a browser that is new to the market."""
    seen: dict[str, tuple[str, str]] = {}
    loaded: list[tuple[str, str, int]] = []

    def received(event: dict[str, Any]) -> None:
        name = urlsplit(event["response"]["url"]).path.rpartition("/")[2]
        seen[event["requestId"]] = (name, event["type"].lower())

    def finished(event: dict[str, Any]) -> None:
        if found := seen.get(event["requestId"]):
            loaded.append((found[0], found[1], round(event["encodedDataLength"])))

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page()
        listening = await page.context.new_cdp_session(page)
        listening.on("Network.responseReceived", received)
        listening.on("Network.loadingFinished", finished)
        await listening.send("Network.enable")
        await page.goto(url, wait_until="load")
        await asyncio.sleep(QUIET_SECONDS)
        await browser.close()
    return loaded
