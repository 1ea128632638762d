"""Every address of every demo market, in every language, as a search engine reads it."""

import asyncio
import re
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from .conftest import Running
from .reading import Read, read

MARKETS = {"kazan": ("ru", "en"), "berlin": ("de", "en", "ru", "ar"), "madrid": ("es", "en", "fr")}
_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_AT_ONCE = 6
TYPES = {
    "c": {"ItemList", "BreadcrumbList"},
    "s": {"Service", "BreadcrumbList"},
    "p": {"LocalBusiness", "ItemList", "BreadcrumbList"},
    "help": {"BreadcrumbList"},
    "privacy": {"BreadcrumbList"},
    "": {"Organization", "WebSite"},
}


@pytest.mark.parametrize("market", MARKETS)
async def test_every_address_of_a_market_reads_well(running: Running, market: str):
    async with _client(running, market) as client:
        listed = await addresses(client, running.address(market))
        pages = await crawl(client, running.address(market), listed)
    assert len(listed) == len(set(listed))
    # 300 listings, 40 categories and 20 articles at least, in each language.
    assert len(listed) > 360 * len(MARKETS[market])
    problems = [
        f"{address}: {problem}"
        for address, page in pages.items()
        for problem in faults(running.address(market), MARKETS[market], address, page, pages)
    ]
    assert not problems, "\n".join(problems[:20]) + f"\n{len(problems)} in all"


async def test_titles_and_descriptions_differ_within_a_language(running: Running):
    async with _client(running, "kazan") as client:
        listed = await addresses(client, running.address("kazan"))
        chosen = [one for one in listed if "/ru/c/" in one or "/ru/help" in one]
        pages = await crawl(client, running.address("kazan"), chosen)
    for texts in (
        [page.titles[0] for page in pages.values()],
        [page.description for page in pages.values()],
    ):
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "path",
    [
        "/ru/c/no-such-kind",
        "/ru/c/craft-plumber?page=99",
        "/ru/s/no-such-service",
        "/ru/p/nobody",
        "/ru/help/no-such-article",
        "/de",
        "/xx",
        "/ru/no/such/page",
    ],
)
async def test_what_does_not_exist_is_a_404_that_helps(running: Running, path: str):
    async with _client(running, "kazan") as client:
        answer = await client.get(path)
    page = read(answer.text)
    assert answer.status_code == 404
    assert page.robots == "noindex"
    assert (page.canonicals, page.alternates) == ([], {})
    assert (len(page.titles), len(page.headings)) == (1, 1)
    assert any(link in ("/ru", "/en") for link in page.links)


async def test_an_unknown_host_is_a_404(running: Running):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as client:
        for path in ("/", "/en", "/en/search?q=plumber", "/sitemap.xml"):
            answer = await client.get(path, headers={"host": "stranger.example"})
            assert answer.status_code == 404, path


async def test_the_root_leads_to_the_visitors_language(running: Running):
    async with _client(running, "berlin") as client:
        for header, path in (("ar,en;q=0.5", "/ar"), ("fr", "/de"), ("ru-RU,ru;q=0.9", "/ru")):
            answer = await client.get("/", headers={"accept-language": header})
            assert (answer.status_code, answer.headers["location"]) == (302, path)


async def test_pages_that_are_not_for_search_engines_say_so(running: Running):
    async with _client(running, "kazan") as client:
        robots = (await client.get("/robots.txt")).text
        for path in ("/ru/search?q=сантехник", "/ru/signin", "/ru/signup"):
            page = read((await client.get(path)).text)
            assert page.robots == "noindex", path
    assert f"Sitemap: {running.address('kazan')}/sitemap.xml" in robots
    assert "Disallow: /*/chat" in robots


async def addresses(client: httpx.AsyncClient, origin: str) -> list[str]:
    """Every address in the market's sitemaps."""
    index = await client.get("/sitemap.xml")
    found: list[str] = []
    for file in _locations(index.text):
        assert file.startswith(origin)
        found += _locations((await client.get(file.removeprefix(origin))).text)
    return found


async def crawl(client: httpx.AsyncClient, origin: str, listed: list[str]) -> dict[str, Read]:
    """Read every page; each must answer 200 and be HTML."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(address: str) -> tuple[str, Read]:
        assert address.startswith(origin)
        async with places:
            answer = await client.get(address.removeprefix(origin))
        assert answer.status_code == 200, address
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return address, read(answer.text)

    return dict(await asyncio.gather(*(one(address) for address in listed)))


def faults(
    origin: str, locales: tuple[str, ...], address: str, page: Read, pages: dict[str, Read]
) -> list[str]:
    """What is wrong with a page, in words."""
    locale, _, path = address.removeprefix(f"{origin}/").partition("/")
    wanted = TYPES[path.partition("/")[0]]
    direction = "rtl" if locale == "ar" else "ltr"
    unfilled = re.search(r"%\(|undefined|\[object", page.titles[0] + page.description)
    checks = {
        f"canonical {page.canonicals}": page.canonicals == [address],
        f"titles {page.titles}": len(page.titles) == 1 and page.titles[0].strip() != "",
        f"headings {page.headings}": len(page.headings) == 1,
        f"description of {len(page.description)} signs": 20 <= len(page.description) <= 320,
        f"robots {page.robots}": page.robots == "",
        f"lang {page.lang}, dir {page.direction}": (page.lang, page.direction)
        == (locale, direction),
        f"an unfilled text: {page.titles} / {page.description}": unfilled is None,
        f"structured data {kinds(page)}": wanted <= set(kinds(page)),
    }
    found = [problem for problem, well in checks.items() if not well]
    return found + _translation_faults(locales, locale, address, page, pages)


def _translation_faults(
    locales: tuple[str, ...], locale: str, address: str, page: Read, pages: dict[str, Read]
) -> list[str]:
    alternates = page.alternates
    offered = [code for code in locales if code in alternates]
    # What people wrote may be there in some languages only; our own pages are in all of them.
    written = "/s/" in address or "/help/" in address
    known = set(offered) if written else set(locales)
    checks = {
        f"alternates {sorted(alternates)}": set(alternates) == {*known, "x-default"},
        "is not among its own alternates": alternates.get(locale) == address,
        "x-default is not the first of the market's languages that it is in": bool(offered)
        and alternates.get("x-default") == alternates[offered[0]],
    }
    found = [problem for problem, well in checks.items() if not well]
    for code, other in alternates.items():
        if other not in pages:
            found.append(f"alternate {other} is not in the sitemap")
        elif pages[other].alternates != alternates:
            found.append(f"alternate {code} does not answer in kind")
    return found


def kinds(page: Read) -> list[str]:
    """The types of the things that the structured data describes."""
    things: list[Any] = []
    for document in page.structured:
        assert document["@context"] == "https://schema.org"
        things += document.get("@graph", [document])
    return [thing["@type"] for thing in things]


def _client(running: Running, market: str) -> httpx.AsyncClient:
    """A client for one market, which it names as the host; it follows no redirects."""
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{running.port}",
        headers={"host": f"{market}.localhost:{running.port}"},
        timeout=30,
    )


def _locations(xml: str) -> list[str]:
    # The sitemap is our own, so nothing hostile is parsed.
    return [found.text or "" for found in ElementTree.fromstring(xml).iter(_LOC)]  # noqa: S314
