"""Search engines are told of public pages, of nothing else, and only where a market wants it."""

import json
import threading
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select, update
from starlette.applications import Starlette

from app.accounts import actors
from app.api.addresses import routes
from app.database import platform_session, tenant_session
from app.indexing import telling
from app.jobs import work
from app.jobs.models import Job
from app.markets import directory
from app.markets.directory import MarketCard
from app.markets.index_now import KIND, key_of, may_tell
from app.markets.models import Market
from app.search.following import follow
from app.settings import settings
from tests.factories import article, listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")
WANTED = {"index_now": True}


@dataclass
class Engines:
    """A server in the search engines' place: what it was told, and how it answers."""

    url: str = ""
    told: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    statuses: list[int] = field(default_factory=list[int])


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Generator[Engines]:
    made = Engines()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(made.statuses.pop(0) if made.statuses else 202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/indexnow"
    monkeypatch.setenv("AGORA_INDEX_NOW_URL", made.url)
    settings.cache_clear()
    yield made
    server.shutdown()
    server.server_close()
    settings.cache_clear()


async def market_on(host: str, **policy: Any) -> MarketCard:
    market = await open_market(host=host)
    async with platform_session(market.id) as session:
        await session.exec(
            update(Market).where(Market.tenant_id == market.id).values(policy=policy)  # pyright: ignore[reportArgumentType]
        )
    directory.forget()
    found = await directory.market_by_id(market.id)
    assert found is not None
    return found


async def changed(market: MarketCard, kind: Any, *ids: UUID) -> None:
    async with tenant_session(market.id) as session:
        await follow(session, actors.system(market.id, "test"), kind, ids)


async def jobs(market: MarketCard) -> list[Job]:
    async with tenant_session(market.id) as session:
        return list(await session.exec(select(Job).where(Job.kind == KIND)))


async def do(market: MarketCard) -> Job:
    (job,) = await jobs(market)
    with suppress(work._Later):
        await work.work(str(market.id), str(job.id))
    (job,) = await jobs(market)
    return job


async def test_what_changed_is_told_together(engines: Engines):
    market = await market_on("told.example", **WANTED)
    async with tenant_session(market.id) as session:
        who = await provider(session, slug="ada")
        first = await listing(session, slug="first", provider_id=who.id)
        second = await listing(
            session, slug="second", provider_id=who.id, title={"ru": "К"}, description={"ru": "Ч"}
        )
        text = await article(session, slug="paying")
    await changed(market, "listing", first.id)
    await changed(market, "listing", second.id, first.id)
    await changed(market, "article", text.id)
    job = await do(market)
    assert (job.state, job.report) == ("done", {"addresses": 8})
    (told,) = engines.told
    origin = settings().origin(market.host)
    assert {url.removeprefix(origin) for url in told["urlList"]} == {
        "/en/s/first",
        "/ru/s/first",
        "/ru/s/second",
        "/en/p/ada",
        "/ru/p/ada",
        "/en/c/craft-plumber",
        "/ru/c/craft-plumber",
        "/en/help/paying",
    }
    assert told["keyLocation"] == f"{origin}/{told['key']}.txt"
    assert told["host"] == origin.partition("//")[2]


async def test_what_never_was_a_page_is_not_told(engines: Engines):
    market = await market_on("drafts.example", **WANTED)
    async with tenant_session(market.id) as session:
        who = await provider(session)
        made = {
            state: await listing(session, slug=state, state=state, provider_id=who.id)
            for state in ("draft", "waiting", "refused", "hidden")
        }
        secret = await article(session, public=False)
    await changed(market, "listing", *(one.id for one in made.values()))
    await changed(market, "article", secret.id)
    await do(market)
    (told,) = engines.told
    slugs = {url.rpartition("/")[2] for url in told["urlList"]}
    assert slugs == {"hidden", "craft-plumber"}


async def test_nobody_is_told_where_the_market_does_not_want_it(engines: Engines):
    market = await market_on("quiet.example")
    async with tenant_session(market.id) as session:
        made = await listing(session)
    await changed(market, "listing", made.id)
    assert await jobs(market) == []
    assert not may_tell(market)


async def test_nobody_is_told_of_names_of_this_machine(engines: Engines):
    market = await market_on("here.localhost", **WANTED)
    async with tenant_session(market.id) as session:
        made = await listing(session)
    await changed(market, "listing", made.id)
    assert (await do(market)).state == "done"
    assert engines.told == []


async def test_a_market_that_was_suspended_meanwhile_tells_nothing(engines: Engines):
    market = await market_on("shut.example", **WANTED)
    async with tenant_session(market.id) as session:
        made = await listing(session)
    await changed(market, "listing", made.id)
    async with platform_session(market.id) as session:
        await session.exec(
            update(Market).where(Market.tenant_id == market.id).values(state="suspended")  # pyright: ignore[reportArgumentType]
        )
    directory.forget()
    await do(market)
    assert engines.told == []


@pytest.mark.parametrize(("status", "state"), [(503, "waiting"), (429, "waiting"), (403, "failed")])
async def test_it_is_tried_again_where_that_may_help(engines: Engines, status: int, state: str):
    market = await market_on(f"tried{status}.example", **WANTED)
    async with tenant_session(market.id) as session:
        made = await listing(session)
    await changed(market, "listing", made.id)
    engines.statuses = [status]
    assert (await do(market)).state == state
    assert len(engines.told) == 1


async def test_many_addresses_are_several_requests(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    market = await market_on("many.example", **WANTED)
    async with tenant_session(market.id) as session:
        who = await provider(session)
        made = [await listing(session, provider_id=who.id) for _ in range(4)]
    await changed(market, "listing", *(one.id for one in made))
    await do(market)
    urls = [url for told in engines.told for url in told["urlList"]]
    assert [len(told["urlList"]) for told in engines.told] == [3, 3, 3, 3]
    assert len(set(urls)) == 12


async def test_the_key_stands_under_the_markets_own_address(engines: Engines):
    market, other = await market_on("key.example", **WANTED), await market_on("off.example")
    app = Starlette(routes=routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        own = await client.get(f"http://{market.host}/{key_of(market.id)}.txt")
        assert (own.status_code, own.text) == (200, key_of(market.id))
        for host, key in (
            (market.host, key_of(other.id)),
            (market.host, "humans"),
            (other.host, key_of(other.id)),
            ("stranger.example", key_of(market.id)),
        ):
            assert (await client.get(f"http://{host}/{key}.txt")).status_code == 404
        assert "Sitemap:" in (await client.get(f"http://{market.host}/robots.txt")).text
