"""A market's sitemaps over real rows: everything on show once, in the languages it is in."""

import dataclasses
import re
import tracemalloc
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app.api import addresses, sitemap_rows
from app.catalogue.addresses import listing_addresses
from app.database import tenant_session
from app.knowledge.addresses import article_addresses
from app.markets.directory import MarketCard
from app.rendering.sitemaps import sitemap_routes
from app.texts import locales_of
from tests.factories import article, listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")

LOCALES = ["en", "ru", "de", "es", "fr", "ar"]
MANY = 12_000
_ENTRY = re.compile(rb"<url><loc>([^<]+)</loc>")
_FORM = re.compile(
    rb"<url><loc>[^<>\"]{1,2048}</loc>(<lastmod>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00</lastmod>)?"
    rb'(<xhtml:link rel="alternate" hreflang="[a-z-]+" href="[^"<>]+"/>){2,}</url>'
)


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def client(market: MarketCard) -> AsyncGenerator[httpx.AsyncClient]:
    # Routes of their own, which remember nothing yet.
    app = Starlette(routes=sitemap_routes(addresses.site_of))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as opened:
        yield opened


async def files(client: httpx.AsyncClient) -> dict[str, str]:
    """The files of the index, each with its last change."""
    index = (await client.get("/sitemap.xml")).text
    found = re.findall(r"<loc>([^<]+)</loc>(?:<lastmod>([^<]+)</lastmod>)?", index)
    return {urlsplit(address).path: changed for address, changed in found}


async def everything(client: httpx.AsyncClient) -> str:
    return "".join([(await client.get(file)).text for file in await files(client)])


def paths(told: str, part: str) -> list[str]:
    found = (urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", told))
    return [path for path in found if f"/{part}/" in path]


async def test_each_thing_stands_in_the_languages_it_is_written_in(
    market: MarketCard, client: httpx.AsyncClient
):
    async with tenant_session(market.id) as session:
        both = await listing(session)
        russian = await listing(session, title={"ru": "Кран", "en": ""}, description={"ru": "Ч."})
        half = await listing(session, title={"en": "Tap", "ru": "Кран"}, description={"en": "T."})
        foreign = await listing(session, title={"de": "Hahn"}, description={"de": "Tropft."})
        english = await article(session)
        told = await provider(session, about={"ru": "Чиним."})
        untold = await provider(session)
        for one in (told, untold):
            await listing(session, provider_id=one.id)
    found = await everything(client)
    listed = set(paths(found, "s"))
    assert {f"/en/s/{both.slug}", f"/ru/s/{both.slug}"} <= listed
    assert [path for path in listed if path.endswith(russian.slug)] == [f"/ru/s/{russian.slug}"]
    assert [path for path in listed if path.endswith(half.slug)] == [f"/en/s/{half.slug}"]
    assert not any(path.endswith(foreign.slug) for path in listed)
    assert paths(found, "help") == [f"/en/help/{english.slug}"]
    offering = set(paths(found, "p"))
    assert f"/en/p/{told.slug}" not in offering
    assert {f"/ru/p/{told.slug}", f"/en/p/{untold.slug}", f"/ru/p/{untold.slug}"} <= offering
    entry = next(line for line in found.splitlines() if f"/ru/s/{russian.slug}<" in line)
    assert re.findall('hreflang="([^"]+)"', entry) == ["ru", "x-default"]


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ({"en": "a", "ru": "b"}, {"en": "a", "ru": "b"}),
        ({"en": "a", "ru": "b"}, {"en": "a", "ru": ""}),
        ({"en": "", "ru": "b"}, {"en": "a"}),
        ({"de": "a", "ru": "b"}, {"en": "a"}),
        ({"de": "a"}, {}),
        ({}, {"en": "a"}),
    ],
)
async def test_the_database_tells_languages_as_the_program_does(
    market: MarketCard, title: dict[str, str], description: dict[str, str]
):
    async with tenant_session(market.id) as session:
        await listing(session, title=title, description=description)
        await article(session, title=title, body=description)
        for rows in (listing_addresses(LOCALES), article_addresses(LOCALES)):
            (row,) = (await session.execute(rows)).all()
            assert sorted(row.locales) == sorted(locales_of(title, description))


async def test_last_changes_are_true(market: MarketCard, client: httpx.AsyncClient):
    early = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    async with tenant_session(market.id) as session:
        who = await provider(session, updated_at=early)
        at = [early + timedelta(days=days) for days in (3, 9, 20)]
        for changed, state in zip(at, ("published", "published", "draft"), strict=True):
            await listing(session, provider_id=who.id, updated_at=changed, state=state)
        other = await provider(session, updated_at=at[2])
        await listing(session, provider_id=other.id, updated_at=early)
    index = await files(client)
    newest = {name.split("/")[-1].split("-")[0]: changed for name, changed in index.items()}
    assert newest["listings"] == at[1].isoformat()
    assert newest["providers"] == at[2].isoformat()
    assert newest["categories"] == at[1].isoformat()
    assert newest["pages"] == ""
    found = await everything(client)
    entry = next(line for line in found.splitlines() if f"/en/p/{who.slug}<" in line)
    assert f"<lastmod>{at[1].isoformat()}</lastmod>" in entry
    entry = next(line for line in found.splitlines() if f"/en/p/{other.slug}<" in line)
    assert f"<lastmod>{at[2].isoformat()}</lastmod>" in entry


async def test_what_is_not_on_show_is_in_no_file(market: MarketCard, client: httpx.AsyncClient):
    async with tenant_session(market.id) as session:
        hidden = await provider(session, state="hidden")
        await listing(session, provider_id=hidden.id)
        await provider(session)
        for state in ("draft", "waiting", "hidden", "refused"):
            await listing(session, state=state)
        await article(session, public=False)
    assert list(await files(client)) == ["/sitemaps/pages-0-0.xml"]
    for section in ("listings", "providers", "articles", "categories"):
        assert (await client.get(f"/sitemaps/{section}-0-0.xml")).status_code == 404


async def test_another_markets_file_holds_nothing_of_ours(
    market: MarketCard, client: httpx.AsyncClient
):
    async with tenant_session(market.id) as session:
        await listing(session)
    other = await open_market()
    answer = await client.get("/sitemaps/listings-0-0.xml", headers={"host": other.host})
    assert answer.status_code == 404


@dataclasses.dataclass
class Counted:
    """What arrived, without keeping it."""

    addresses: list[bytes] = dataclasses.field(default_factory=list)
    size: int = 0
    longest: int = 0
    malformed: int = 0
    _rest: bytes = b""

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.longest = max(self.longest, len(chunk))
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"<url>"):
                self.malformed += not _FORM.fullmatch(line)
                self.addresses += _ENTRY.findall(line)


async def arrive(host: str, path: str) -> Counted:
    """Ask for a file without compression, and count it as it arrives."""
    counted = Counted()
    app = Starlette(routes=sitemap_routes(addresses.site_of))

    async def receive() -> dict[str, object]:
        raise AssertionError("nothing is sent")

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.body":
            body = message["body"]
            assert isinstance(body, bytes)
            counted.take(body)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", host.encode())],
    }
    await app(scope, receive, send)  # pyright: ignore[reportArgumentType]
    return counted


async def test_tens_of_thousands_of_addresses_are_each_told_once_in_little_memory():
    market = await open_market(locales=LOCALES)
    texts = ", ".join(f"'{code}', 'Plumber ' || n" for code in LOCALES)
    fill = text(
        "insert into listing (id, tenant_id, external_id, slug, provider_id, category, title,"
        " description, languages, tags, created_at, updated_at)"
        " select gen_random_uuid(), tenant_id, 'l-' || n, 'a-plumber-on-call-' || n, id,"
        f" 'craft/plumber', jsonb_build_object({texts}), jsonb_build_object({texts}), '{{en}}',"
        " '{}', now(), now() from provider cross join generate_series(1, :many) n"
    )
    async with tenant_session(market.id) as session:
        await provider(session)
        await session.execute(fill, {"many": MANY})
    transport = httpx.ASGITransport(Starlette(routes=sitemap_routes(addresses.site_of)))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{market.host}") as client:
        names = [name for name in await files(client) if "listings" in name]
    assert len(names) == 2
    found: list[bytes] = []
    for name in names:
        tracemalloc.start()
        counted = await arrive(market.host, name)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert counted.malformed == 0
        assert len(counted.addresses) <= 50_000
        # The addresses that the test keeps are among what is measured.
        assert most < 12_000_000 < counted.size
        assert counted.longest < 200_000
        found += counted.addresses
    assert len(found) == len(set(found)) == MANY * len(LOCALES)


async def test_batches_follow_each_other_by_id(
    market: MarketCard, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(addresses, "BATCH", 3)
    monkeypatch.setattr(sitemap_rows, "BATCH", 3)
    ids: dict[str, UUID] = {}
    async with tenant_session(market.id) as session:
        who = await provider(session)
        for number in range(9):
            # One batch of them is in no language of the market.
            title = {"de": "Hahn"} if 3 <= number < 6 else {"en": "Tap"}
            made = await listing(
                session,
                id=UUID(int=(number << 124) + 5),
                provider_id=who.id,
                title=title,
                description=title,
            )
            ids[f"/en/s/{made.slug}"] = made.id
    found = paths(await everything(client), "s")
    assert [ids[path].int >> 124 for path in found] == [0, 1, 2, 6, 7, 8]
