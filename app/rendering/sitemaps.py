"""robots.txt and sitemaps for each host, from a source of addresses that the app injects.

`/sitemap.xml` is an index; `/sitemaps/{section}-{number}.xml` hold the addresses, each with its
translations (hreflang), at most `PER_FILE` things a file.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

PER_FILE = 2000
"""Things in one file; with six languages that is well below the limit of 50,000 addresses."""

_HEADERS = {"cache-control": "public, max-age=600"}
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NAME = re.compile(r"([a-z]+)-([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class Listed:
    """One thing that has a page: its path in each language."""

    paths: Mapping[str, str]
    changed: datetime | None = None


@dataclass(frozen=True)
class Section:
    """Things of one kind: how many there are, and a stretch of them in a stable order."""

    count: Callable[[], Awaitable[int]]
    stretch: Callable[[int, int], Awaitable[Sequence[Listed]]]
    """Called with offset and limit."""


@dataclass(frozen=True)
class Site:
    """What one host shows to search engines."""

    origin: str
    default_locale: str
    sections: Mapping[str, Section]
    """By name, in lower-case letters."""
    private_paths: Sequence[str] = ()
    """Path patterns that robots are asked to leave alone."""


Sites = Callable[[str], Awaitable[Site | None]]
"""Finds the site of a Host header; None for a host that shows nothing."""


def sitemap_routes(site_of: Sites) -> list[Route]:
    """Return the routes for robots.txt and all sitemaps."""

    async def robots(request: Request) -> Response:
        site = await site_of(_host(request))
        if site is None:
            return PlainTextResponse("User-agent: *\nDisallow: /\n", headers=_HEADERS)
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in site.private_paths)]
        text = "\n".join([*lines, "", f"Sitemap: {site.origin}/sitemap.xml", ""])
        return PlainTextResponse(text, headers=_HEADERS)

    async def index(request: Request) -> Response:
        site = await site_of(_host(request))
        if site is None:
            return PlainTextResponse("Not found", status_code=404)
        addresses = [
            f"{site.origin}/sitemaps/{name}-{number + 1}.xml"
            for name, section in site.sections.items()
            for number in range(-(-await section.count() // PER_FILE))
        ]
        body = "".join(
            f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses
        )
        return _xml(f"<sitemapindex {_SITEMAP}>\n{body}</sitemapindex>\n")

    async def addresses(request: Request) -> Response:
        site = await site_of(_host(request))
        match = _NAME.fullmatch(request.path_params["name"])
        section = site.sections.get(match[1]) if site and match else None
        if site is None or match is None or section is None:
            return PlainTextResponse("Not found", status_code=404)
        things = await section.stretch((int(match[2]) - 1) * PER_FILE, PER_FILE)
        if not things:
            return PlainTextResponse("Not found", status_code=404)
        body = "".join(element for thing in things for element in _elements(site, thing))
        namespaces = f'{_SITEMAP} xmlns:xhtml="http://www.w3.org/1999/xhtml"'
        return _xml(f"<urlset {namespaces}>\n{body}</urlset>\n")

    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", index),
        Route("/sitemaps/{name}.xml", addresses),
    ]


def alternates(origin: str, paths: Mapping[str, str], default_locale: str) -> list[dict[str, str]]:
    """The translations of a page as `page_head` wants them, `x-default` last."""
    found = [{"lang": locale, "href": origin + path} for locale, path in paths.items()]
    if default_locale in paths:
        found.append({"lang": "x-default", "href": origin + paths[default_locale]})
    return found


def _elements(site: Site, thing: Listed) -> Iterator[str]:
    translations = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(page["lang"])} '
        f"href={quoteattr(page['href'])}/>"
        for page in alternates(site.origin, thing.paths, site.default_locale)
    )
    changed = f"<lastmod>{thing.changed.date().isoformat()}</lastmod>" if thing.changed else ""
    for path in thing.paths.values():
        yield f"<url><loc>{escape(site.origin + path)}</loc>{changed}{translations}</url>\n"


def _xml(body: str) -> Response:
    return Response(_XML_HEAD + body, media_type="application/xml", headers=_HEADERS)


def _host(request: Request) -> str:
    return request.headers.get("host", "").lower()
