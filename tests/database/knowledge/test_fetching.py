"""Documents are fetched from public servers alone, and as far as those allow it."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from sqlmodel import select

from app.accounts import actors
from app.database import tenant_session
from app.jobs.queue import job_of
from app.jobs.work import work_off
from app.knowledge import documents, fetching
from app.knowledge.fetching import CannotFetch, SourceDown, fetch
from app.knowledge.models import Document, DocumentVersion
from app.outbound import AddressRefused
from app.settings import settings
from tests.factories import open_market

PAGE = b"<title>Our rules</title><main><p>Cancelling is free until the evening before.</p></main>"


class Site:
    """A small web server on this machine, and what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        self.url = ""

    def put(self, path: str, body: bytes = b"", status: str = "200 OK", **headers: str) -> None:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, told, body)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = request.split(" ")[1]
        self.asked.append(path)
        status, headers, body = self.pages.get(path, ("404 Not Found", {}, b""))
        head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(head.encode() + b"\r\n" + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    made = Site()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield made


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch):
    """As an operator allows it whose intranet is to be read."""
    monkeypatch.setenv("AGORA_LOCAL_DOCUMENTS", "true")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("at_home")
async def test_a_page_is_fetched_with_its_name_and_kind(site: Site):
    site.put("/old", status="302 Found", location="/rules.html")
    site.put("/rules.html", PAGE, content_type="text/html; charset=utf-8")
    found = await fetch(f"{site.url}/old#part")
    assert (found.data, found.name, found.url) == (PAGE, "rules.html", f"{site.url}/rules.html")
    assert found.media.startswith("text/html")


async def test_this_machine_and_private_networks_are_not_asked(site: Site):
    site.put("/", PAGE)
    for url in (
        site.url,
        site.url.replace("127.0.0.1", "localhost"),
        site.url.replace("127.0.0.1", "0"),
        site.url.replace("127.0.0.1", "2130706433"),
        site.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[fd00::1]/",
    ):
        with pytest.raises(AddressRefused):
            await fetch(url)
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.com/a", "http://a:b@example.com/", "//x", "", "http://"],
)
async def test_what_is_no_address_of_the_web_is_refused(url: str):
    with pytest.raises(AddressRefused):
        await fetch(url)


async def test_an_answer_that_leads_inside_is_not_followed(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    site.put("/out", status="302 Found", location="http://10.0.0.1/secret")
    site.put("/disk", status="302 Found", location="file:///etc/passwd")
    really = fetching.address_of

    async def only_the_site(host: str, port: int, *, private: bool) -> str:
        # The site stands for a public server; everything else is looked at as ever.
        stands = f"http://{host}:{port}" == site.url
        return host if stands else await really(host, port, private=private)

    monkeypatch.setattr(fetching, "address_of", only_the_site)
    for path in ("/out", "/disk"):
        with pytest.raises(AddressRefused):
            await fetch(site.url + path)
    assert site.asked == ["/robots.txt", "/out", "/robots.txt", "/disk"]


@pytest.mark.usefixtures("at_home")
async def test_robots_are_heard(site: Site):
    site.put("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    site.put("/private/a", PAGE)
    site.put("/public", PAGE)
    assert (await fetch(f"{site.url}/public")).data == PAGE
    with pytest.raises(CannotFetch, match=r"robots\.txt"):
        await fetch(f"{site.url}/private/a")
    assert "/private/a" not in site.asked
    site.put("/robots.txt", status="500 Oops")
    with pytest.raises(SourceDown):
        await fetch(f"{site.url}/public")


@pytest.mark.usefixtures("at_home")
async def test_what_is_too_large_packed_endless_or_missing_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    site.put("/around", status="302 Found", location="/around")
    site.put("/packed", b"..", content_encoding="gzip")
    for path in ("/around", "/packed", "/missing"):
        with pytest.raises(CannotFetch):
            await fetch(site.url + path)
    monkeypatch.setattr(fetching, "LARGEST", 10)
    site.put("/large", b"x" * 11)
    with pytest.raises(CannotFetch, match="too large"):
        await fetch(f"{site.url}/large")


@pytest.mark.usefixtures("at_home")
async def test_a_slow_server_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SourceDown):
            await fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.usefixtures("at_home", "database")
async def test_a_url_becomes_a_document_and_is_read_anew_when_it_changed(site: Site):
    market = await open_market()
    keeper = actors.system(market.id, "tests")
    site.put("/rules.html", PAGE, content_type="text/html")
    url = f"{site.url}/rules.html"

    async def fetched() -> dict[str, object]:
        async with tenant_session(market.id) as session:
            told = await documents.take_from_web(session, keeper, url, access="members")
        await work_off()
        assert told.job_id is not None
        async with tenant_session(market.id) as session:
            job = await job_of(session, told.job_id)
        assert job.state == "done", job.problem
        return job.report

    await fetched()
    assert (await fetched())["unchanged"] is True
    site.put("/rules.html", PAGE.replace(b"evening", b"morning"), content_type="text/html")
    await fetched()
    async with tenant_session(market.id) as session:
        document = (await session.exec(select(Document))).one()
        versions = (await session.exec(select(DocumentVersion))).all()
    assert (document.title, document.current, document.access) == ("Our rules", 2, "members")
    assert len(versions) == 2
