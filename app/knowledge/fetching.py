"""Fetching a document from the web: from public servers only, as far as robots.txt allows.

Each address is looked at anew, also those that an answer leads on to; the connection goes to the
address that was looked at (see `app.outbound`).
"""

import asyncio
import re
import ssl
from dataclasses import dataclass
from email.message import Message
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit

import httpx
from protego import Protego  # pyright: ignore[reportMissingTypeStubs]

from app.errors import AppError, Unavailable
from app.outbound import AddressRefused, address_of, is_web_address
from app.settings import settings

SECONDS = 60
"""The longest that a document may take, with everything that leads to it."""
LARGEST = 32 * 1024 * 1024
LARGEST_ROBOTS = 500 * 1024
MOST_STEPS = 5
"""How often an answer may lead on to another address."""
AGENT = "Agora"
_LEADS_ON = {301, 302, 303, 307, 308}


class CannotFetch(AppError):
    """The address answers, but not with a document."""

    code = "cannot_fetch"


class SourceDown(Unavailable):
    """The address does not answer."""

    code = "source_down"


@dataclass(frozen=True)
class Fetched:
    """What an address held; `url` is where it was found at last."""

    url: str
    data: bytes
    name: str
    media: str


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: httpx.Headers
    data: bytes


def check_url(url: str) -> None:
    """Raise `AddressRefused` unless `url` is an address of the web, without a password."""
    if not is_web_address(url, plain=True):
        raise AddressRefused("Give the address of a page as https://…, without a password.")


async def fetch(url: str, largest: int | None = None) -> Fetched:
    """What `url` holds, of at most `largest` bytes, without which it is `LARGEST`.

    Raises `AddressRefused`, `CannotFetch` or `SourceDown`.
    """
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(transport=_Looked(), trust_env=False, timeout=SECONDS) as client,
        ):
            return await _follow(client, url.partition("#")[0], largest or LARGEST)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
        raise SourceDown("The address does not answer. Try again later.") from error


async def _follow(client: httpx.AsyncClient, url: str, largest: int) -> Fetched:
    allowed: dict[str, Protego] = {}
    for _step in range(MOST_STEPS + 1):
        check_url(url)
        await _must_be_allowed(client, url, allowed)
        answer = await _ask(client, url, largest)
        if answer.status in _LEADS_ON and "location" in answer.headers:
            url = urljoin(url, answer.headers["location"]).partition("#")[0]
            continue
        if answer.status >= 500 or answer.status == 429:
            raise SourceDown("The address does not answer. Try again later.")
        if answer.status != 200:
            raise CannotFetch("The address answers with the error %(code)s.", code=answer.status)
        media = answer.headers.get("content-type", "").lower()[:200]
        return Fetched(url, answer.data, _name(url, answer.headers), media)
    raise CannotFetch("The address leads from one to another without an end.")


async def _must_be_allowed(
    client: httpx.AsyncClient, url: str, allowed: dict[str, Protego]
) -> None:
    """Raise `CannotFetch` where robots.txt asks us to stay away."""
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}"
    if site not in allowed:
        allowed[site] = await _robots(client, f"{site}/robots.txt")
    if not allowed[site].can_fetch(url, AGENT):
        raise CannotFetch("The site asks programs not to read this page (robots.txt).")


async def _robots(client: httpx.AsyncClient, url: str) -> Protego:
    for _step in range(MOST_STEPS + 1):
        check_url(url)
        answer = await _ask(client, url, LARGEST_ROBOTS, cut=True)
        if answer.status in _LEADS_ON and "location" in answer.headers:
            url = urljoin(url, answer.headers["location"])
            continue
        if answer.status >= 500:
            # As RFC 9309 has it: rules that cannot be read forbid, rules that are not there allow.
            raise SourceDown("The address does not answer. Try again later.")
        said = answer.data.decode("utf-8", "replace") if answer.status == 200 else ""
        return Protego.parse(said)
    return Protego.parse("")


async def _ask(client: httpx.AsyncClient, url: str, largest: int, *, cut: bool = False) -> _Answer:
    headers = {"user-agent": f"{AGENT} (documents)", "accept-encoding": "identity"}
    async with client.stream("GET", url, headers=headers) as answer:
        if answer.headers.get("content-encoding", "identity") != "identity":
            # What is packed may unpack to anything.
            raise CannotFetch("The address answers in a form that was not asked for.")
        data = bytearray()
        async for piece in answer.aiter_raw():
            data += piece
            if len(data) > largest:
                if cut:
                    break
                raise CannotFetch("The page or file at this address is too large.")
        return _Answer(answer.status_code, answer.headers, bytes(data[:largest]))


def _name(url: str, headers: httpx.Headers) -> str:
    told = Message()
    told["content-disposition"] = headers.get("content-disposition", "")
    name = told.get_filename() or unquote(urlsplit(url).path.rpartition("/")[2])
    return re.sub(r"[^\w.\- ]", "", name)[-100:]


class _Looked(httpx.AsyncBaseTransport):
    """Connects to an address that was looked at, under the name that was asked for."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport(verify=_certificates())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (80 if request.url.scheme == "http" else 443)
        address = await address_of(host, port, private=settings().local_documents)
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
