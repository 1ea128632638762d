"""robots.txt and sitemaps as a search engine reads them."""

import gzip
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

import httpx
import pytest
import zstandard
from starlette.applications import Starlette

from app.rendering import sitemap_files, sitemaps
from app.rendering.sitemap_files import Part, counted, place_of
from app.rendering.sitemaps import Listed, Section, Site, sitemap_routes

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
CHANGED = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
THINGS = [
    *(Listed(f'/s/{number}?a="1"&b', ("ru", "en"), CHANGED) for number in range(900)),
    *(Listed(f"/s/en-{number}", ("en",), CHANGED) for number in range(50)),
]
BATCH = 40


class Shown:
    """What the host of the tests shows, and how often it was counted and read."""

    def __init__(self) -> None:
        self.things = list(THINGS)
        self.key = ""
        self.counted = 0
        self.read = 0

    async def parts(self) -> list[Part]:
        self.counted += 1
        return counted(
            (place_of(one.path), Part(0, len(one.locales), len(one.path), one.changed))
            for one in self.things
        )

    async def stretch(self, first: UUID, last: UUID) -> AsyncGenerator[Sequence[Listed]]:
        self.read += 1
        places = sorted((place_of(one.path), one.path, one) for one in self.things)
        found = [one for place, _path, one in places if first <= place <= last]
        for start in range(0, len(found), BATCH):
            yield found[start : start + BATCH]

    async def site(self, host: str) -> Site | None:
        if host != "kazan.localhost":
            return None
        return Site(
            "http://kazan.localhost",
            "ru",
            ("ru", "en"),
            {"services": Section(self.parts, self.stretch)},
            ["/api/", "/*/chat"],
            self.key,
        )


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    # So few that this market needs several files.
    monkeypatch.setattr(sitemap_files, "MOST_ADDRESSES", 1000)
    return Shown()


@pytest.fixture
def client(shown: Shown) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=sitemap_routes(shown.site)))
    return httpx.AsyncClient(transport=transport, base_url="http://kazan.localhost")


async def _read(client: httpx.AsyncClient, path: str) -> ElementTree.Element:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    return ElementTree.fromstring(answer.text)  # noqa: S314  The text is our own.


async def _files(client: httpx.AsyncClient) -> list[str]:
    index = await _read(client, "/sitemap.xml")
    return [element.text or "" for element in index.findall("s:sitemap/s:loc", NAMES)]


async def test_the_index_leads_to_every_address_and_each_to_its_translations(
    client: httpx.AsyncClient,
):
    index = await _read(client, "/sitemap.xml")
    changed = {one.text for one in index.findall("s:sitemap/s:lastmod", NAMES)}
    assert changed == {"2026-03-01T08:30:00+00:00"}
    files = await _files(client)
    assert len(files) == 4
    found: dict[str, dict[str, str]] = {}
    for file in files:
        for url in (await _read(client, file)).findall("s:url", NAMES):
            address = url.findtext("s:loc", namespaces=NAMES)
            assert address is not None
            assert address not in found
            assert url.findtext("s:lastmod", namespaces=NAMES) == "2026-03-01T08:30:00+00:00"
            links = url.findall("x:link", NAMES)
            found[address] = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
    assert len(found) == 2 * 900 + 50
    for address, translations in found.items():
        assert address in translations.values()
        assert all(found[other] == translations for other in translations.values())
    both = found['http://kazan.localhost/ru/s/1?a="1"&b']
    assert both == {
        "ru": 'http://kazan.localhost/ru/s/1?a="1"&b',
        "en": 'http://kazan.localhost/en/s/1?a="1"&b',
        "x-default": 'http://kazan.localhost/ru/s/1?a="1"&b',
    }


async def test_what_is_in_one_language_is_listed_in_that_alone(client: httpx.AsyncClient):
    found = "".join([(await client.get(file)).text for file in await _files(client)])
    assert "/ru/s/en-7<" not in found
    entry = next(line for line in found.splitlines() if "/en/s/en-7<" in line)
    assert entry.count("<xhtml:link") == 2
    assert 'hreflang="x-default" href="http://kazan.localhost/en/s/en-7"' in entry


async def test_a_file_keeps_its_things_when_others_come_and_go(
    client: httpx.AsyncClient, shown: Shown
):
    files = await _files(client)
    before = {file: (await client.get(file)).text for file in files}
    gone, come = shown.things.pop(5), Listed("/s/new", ("ru", "en"), CHANGED)
    shown.things.append(come)
    after = {file: (await client.get(file)).text for file in files}
    differ = [file for file in files if before[file] != after[file]]
    assert 1 <= len(differ) <= 2
    for path in (gone.path.partition("?")[0] + "?", "/s/new<"):
        assert any(path in before[file] + after[file] for file in differ)
    unchanged = next(file for file in files if file not in differ)
    assert before[unchanged] == after[unchanged]


async def test_the_index_is_counted_once_for_all_who_ask_until_it_is_old_or_other(
    client: httpx.AsyncClient, shown: Shown, monkeypatch: pytest.MonkeyPatch
):
    first = await client.get("/sitemap.xml")
    again = await client.get("/sitemap.xml", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text, shown.counted) == (304, "", 1)
    shown.key = "another"
    await client.get("/sitemap.xml")
    assert shown.counted == 2
    monkeypatch.setattr(sitemaps, "REMEMBERED_SECONDS", -1)
    shown.key = "a third"
    await client.get("/sitemap.xml")
    await client.get("/sitemap.xml")
    assert shown.counted == 4


async def test_a_file_that_the_reader_has_is_not_read_again(
    client: httpx.AsyncClient, shown: Shown
):
    (file, *_more) = await _files(client)
    etag = (await client.get(file)).headers["etag"]
    assert shown.read == 1
    answer = await client.get(file, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content, shown.read) == (304, b"", 1)
    # Something in the file was changed, and the index counted anew.
    place = sitemap_files.Span.named(file.rpartition("/")[2].removesuffix(".xml"))
    assert place
    number = next(
        number
        for number, one in enumerate(shown.things)
        if place.first <= place_of(one.path) <= place.last
    )
    thing = shown.things[number]
    later = datetime(2026, 4, 1, tzinfo=UTC)
    shown.things[number] = Listed(thing.path, thing.locales, later)
    shown.key = "changed"
    await client.get("/sitemap.xml")
    answer = await client.get(file, headers={"if-none-match": etag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != etag


@pytest.mark.parametrize("encoding", ["gzip", "zstd", ""])
async def test_a_file_is_packed_while_it_is_written(client: httpx.AsyncClient, encoding: str):
    (file, *_more) = await _files(client)
    plain = (await client.get(file, headers={"accept-encoding": "identity"})).content
    async with client.stream("GET", file, headers={"accept-encoding": encoding}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers.get("content-encoding", "") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    unpack = {
        "gzip": gzip.decompress,
        "zstd": lambda told: zstandard.ZstdDecompressor().decompressobj().decompress(told),
        "": bytes,
    }[encoding]
    assert unpack(raw) == plain
    assert len(raw) < len(plain) / 10 or not encoding


async def test_a_head_request_gets_the_head_alone(client: httpx.AsyncClient):
    (file, *_more) = await _files(client)
    answer = await client.head(file)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/xml"


@pytest.mark.parametrize(("name", "most"), [("MOST_ADDRESSES", 100), ("MOST_BYTES", 40_000)])
async def test_a_file_ends_at_the_limits_of_the_protocol(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, name: str, most: int
):
    # As when more has come than there was room for since the index was made.
    (file, *_more) = await _files(client)
    monkeypatch.setattr(sitemaps, name, most)
    answer = await client.get(file)
    found = ElementTree.fromstring(answer.text).findall("s:url", NAMES)  # noqa: S314
    assert 60 < len(found) <= 100
    assert len(answer.content) <= 40_000 or name == "MOST_ADDRESSES"


async def test_robots_are_led_to_the_sitemap_and_away_from_workspaces(client: httpx.AsyncClient):
    text = (await client.get("/robots.txt")).text
    assert "Disallow: /api/\nDisallow: /*/chat\n" in text
    assert "Sitemap: http://kazan.localhost/sitemap.xml" in text


async def test_a_host_without_a_market_shows_nothing(client: httpx.AsyncClient):
    host = {"host": "unknown.localhost"}
    assert "Disallow: /\n" in (await client.get("/robots.txt", headers=host)).text
    assert (await client.get("/sitemap.xml", headers=host)).status_code == 404
    assert (await client.get("/sitemaps/services-0-0.xml", headers=host)).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "services-2-4",
        "services-13-0",
        "services-12-5000",
        "services-02-1",
        "services--1-0",
        "others-0-0",
        "services-1",
        "services",
        "-1",
        # A digit of another script.
        "services-1-١",
    ],
)
async def test_files_that_do_not_exist_are_not_found(client: httpx.AsyncClient, name: str):
    assert (await client.get(f"/sitemaps/{name}.xml")).status_code == 404


async def test_a_file_of_nothing_is_not_found(client: httpx.AsyncClient, shown: Shown):
    (file, *_more) = await _files(client)
    shown.things = []
    assert (await client.get(file)).status_code == 404
