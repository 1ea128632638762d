"""robots.txt and sitemaps for each host, from a source of addresses that the app injects.

`/sitemap.xml` is an index; `/sitemaps/{section}-{depth}-{number}.xml` hold the addresses, each
with its translations (hreflang); `sitemap_files` says which stands in which. A file is written
while it is read, batch by batch, so that it takes no more memory however large the market is. What
is counted for the index is remembered for some minutes.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.i18n import nearest
from app.rendering.encodings import PASSING, chosen, compressing
from app.rendering.sending import is_named
from app.rendering.sitemap_files import MOST_ADDRESSES, MOST_BYTES, Part, Span, planned

REMEMBERED_SECONDS = 300.0
"""How long an index is not counted anew."""
_REMEMBERED_HOSTS = 500
_CHUNK = 1 << 16
"""Bytes that are packed and sent together."""

_HEADERS = {"cache-control": "public, max-age=600"}
_XML = "application/xml"
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_INDEX_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SITEMAP}>\n'
_INDEX_END = "</sitemapindex>\n"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<urlset {_SITEMAP} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_END = "</urlset>\n"
_QUOTES = {'"': "&quot;"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listed:
    """One thing that has a page: its path after the language, and the languages it is in."""

    path: str
    locales: Sequence[str]
    changed: datetime | None = None


@dataclass(frozen=True)
class Section:
    """Things of one kind, told by the first bits of their ids."""

    parts: Callable[[], Awaitable[Sequence[Part]]]
    """Counts them, in parts of `DEEPEST` bits in their order."""
    things: Callable[[UUID, UUID], AsyncGenerator[Sequence[Listed]]]
    """Those from one id to another in their order, in batches, none of them empty."""


@dataclass(frozen=True)
class Site:
    """What one host shows to search engines."""

    origin: str
    default_locale: str
    locales: Sequence[str]
    sections: Mapping[str, Section]
    """By name, in lower-case letters."""
    private_paths: Sequence[str] = ()
    """Path patterns that robots are asked to leave alone."""
    key: str = ""
    """What its index is remembered by, besides its origin: another when other things are shown."""


Sites = Callable[[str], Awaitable[Site | None]]
"""Finds the site of a Host header; None for a host that shows nothing."""


def sitemap_routes(site_of: Sites) -> list[Route]:
    """Return the routes for robots.txt and all sitemaps."""
    plans = _Plans()

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
            return _missing()
        files = await plans.of(site)
        body = "".join(
            f"<sitemap><loc>{escape(site.origin)}/sitemaps/{span.name}.xml</loc>"
            f"{_lastmod(part.changed)}</sitemap>\n"
            for span, part in files.items()
        )
        content = f"{_INDEX_HEAD}{body}{_INDEX_END}".encode()
        etag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
        if _has(request, etag):
            return Response(status_code=304, headers={**_HEADERS, "etag": etag})
        return Response(content, media_type=_XML, headers={**_HEADERS, "etag": etag})

    async def addresses(request: Request) -> Response:
        site = await site_of(_host(request))
        span = Span.named(request.path_params["name"])
        section = site.sections.get(span.section) if site and span else None
        if site is None or span is None or section is None:
            return _missing()
        headers = {**_HEADERS, "vary": "Accept-Encoding"}
        if etag := plans.etag(site, span):
            headers["etag"] = etag
            if _has(request, etag):
                return Response(status_code=304, headers=headers)
        batches = section.things(span.first, span.last)
        # The first is waited for, so that what fails or is not there has a status of its own.
        first = await anext(batches, None)
        if first is None:
            return _missing()
        encoding = chosen(request.headers.get("accept-encoding", ""), PASSING)
        if encoding:
            headers["content-encoding"] = encoding
        if request.method == "HEAD":
            await batches.aclose()
            return Response(media_type=_XML, headers=headers)
        body = compressing(encoding, _written(site, span, first, batches))
        return StreamingResponse(body, media_type=_XML, headers=headers)

    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", index),
        Route("/sitemaps/{name}.xml", addresses),
    ]


@dataclass
class _Plans:
    """The files of each site as they were counted last; counted by one for all who ask."""

    known: OrderedDict[tuple[str, str], tuple[float, dict[Span, Part]]] = field(
        default_factory=OrderedDict[tuple[str, str], tuple[float, dict[Span, Part]]]
    )
    counting: dict[tuple[str, str], asyncio.Task[dict[Span, Part]]] = field(
        default_factory=dict[tuple[str, str], asyncio.Task[dict[Span, Part]]]
    )

    def etag(self, site: Site, span: Span) -> str:
        """The validator of a file while its plan is remembered, else nothing."""
        part = self._fresh(site).get(span)
        if part is None:
            return ""
        told = f"{site.origin} {site.key} {span.name} {part}"
        return f'W/"{hashlib.blake2b(told.encode(), digest_size=12).hexdigest()}"'

    async def of(self, site: Site) -> dict[Span, Part]:
        """The files of the site, at most `REMEMBERED_SECONDS` old."""
        if found := self._fresh(site):
            return found
        key = (site.origin, site.key)
        task = self.counting.get(key)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = asyncio.create_task(self._count(key, site), name="sitemap counted")
            self.counting[key] = task
        # Who leaves must not take it from others who wait.
        return await asyncio.shield(task)

    def _fresh(self, site: Site) -> dict[Span, Part]:
        until, found = self.known.get((site.origin, site.key), (0.0, {}))
        return found if until > time.monotonic() else {}

    async def _count(self, key: tuple[str, str], site: Site) -> dict[Span, Part]:
        found: dict[Span, Part] = {}
        try:
            for name, section in site.sections.items():
                found |= planned(name, await section.parts(), lambda long: _heaviest(site, long))
        finally:
            self.counting.pop(key, None)
        self.known[key] = (time.monotonic() + REMEMBERED_SECONDS, found)
        self.known.move_to_end(key)
        while len(self.known) > _REMEMBERED_HOSTS:
            self.known.popitem(last=False)
        return found


async def _written(
    site: Site, span: Span, first: Sequence[Listed], rest: AsyncGenerator[Sequence[Listed]]
) -> AsyncGenerator[bytes]:
    """The file in pieces; it ends early rather than break the protocol's limits."""
    entries = _Entries(site)
    addresses, size = 0, len(_HEAD) + len(_END)
    waiting, waiting_size = [_HEAD.encode()], 0
    batch: Sequence[Listed] | None = first
    full = False
    while batch and not full:
        for thing in batch:
            entry = entries.of(thing).encode()
            full = addresses + len(thing.locales) > MOST_ADDRESSES or size + len(entry) > MOST_BYTES
            if full:
                _log.warning("Sitemap %s of %s is full before its end.", span.name, site.origin)
                break
            addresses, size = addresses + len(thing.locales), size + len(entry)
            waiting.append(entry)
            waiting_size += len(entry)
            if waiting_size >= _CHUNK:
                yield b"".join(waiting)
                waiting, waiting_size = [], 0
        batch = None if full else await anext(rest, None)
    await rest.aclose()
    yield b"".join([*waiting, _END.encode()])


class _Entries:
    """Writes the addresses of things, with what is the same for all of them made once."""

    def __init__(self, site: Site) -> None:
        self._default = site.default_locale
        starts = {code: escape(f"{site.origin}/{code}", _QUOTES) for code in site.locales}
        self._address = {code: f"<url><loc>{start}" for code, start in starts.items()}
        self._link = {code: _link(code, start) for code, start in starts.items()}
        self._other = {code: _link("x-default", start) for code, start in starts.items()}

    def of(self, thing: Listed) -> str:
        """One address for each language, each with all of the others."""
        path = escape(thing.path, _QUOTES)
        links = "".join([f'{self._link[code]}{path}"/>' for code in thing.locales])
        default = nearest(self._default, thing.locales)
        other = f'{self._other[default]}{path}"/>' if default else ""
        rest = f"{path}</loc>{_lastmod(thing.changed)}{links}{other}</url>\n"
        return "".join([self._address[code] + rest for code in thing.locales])


def _heaviest(site: Site, longest: int) -> int:
    """The bytes that an address takes at most, where the longest path has that length."""
    code = max((*site.locales, "x-default"), key=len)
    start = f"{site.origin}/{code}"
    link = len(_link(code, start)) + longest + len('"/>')
    around = len("<url><loc></loc></url>\n") + len(_lastmod(datetime.now(UTC)))
    return around + len(start) + longest + (len(site.locales) + 1) * link


def _link(code: str, start: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{code}" href="{start}'


def _lastmod(changed: datetime | None) -> str:
    if changed is None:
        return ""
    return f"<lastmod>{changed.astimezone(UTC).isoformat(timespec='seconds')}</lastmod>"


def _missing() -> Response:
    return PlainTextResponse("Not found", status_code=404)


def _has(request: Request, etag: str) -> bool:
    return is_named(request.headers.get("if-none-match", "").encode(), etag.encode())


def _host(request: Request) -> str:
    return request.headers.get("host", "").lower()
