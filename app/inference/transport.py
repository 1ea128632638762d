"""Connections to endpoints: to public addresses alone, unless who runs the platform said so.

The OpenAI client and the Hub's speak through two generations of the same library, so there is a
transport for each.
"""

import ssl
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import httpx
import httpx2
from huggingface_hub import set_async_client_factory

from app.outbound import AddressRefused, address_of, is_public

CONNECT_SECONDS = 5.0
READ_SECONDS = 170.0

hub_may_be_private: ContextVar[bool] = ContextVar("hub_may_be_private", default=False)
"""Whether the Hub's client, which is made deep in its library, may go to private addresses."""


class Looked(httpx2.AsyncBaseTransport):
    """Connects to an address that was looked at, under the name that was asked for."""

    def __init__(self, *, private: bool, certificates: str = "", near: bool = False) -> None:
        self._private, self._near = private, near
        self._inner = httpx2.AsyncHTTPTransport(verify=trusted(certificates))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        if self._near or not self._private:
            await _turn(request, near=self._near)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _HubLooked(httpx.AsyncBaseTransport):
    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._inner = httpx.AsyncHTTPTransport(verify=trusted(""))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._private:
            await _turn(request)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _turn(request: Any, *, near: bool = False) -> None:
    """Have a request go to the address that its host has now, if that is a public one.

    With `near` it must be one of ours instead.
    """
    host: str = request.url.raw_host.decode("ascii")
    port: int = request.url.port or (443 if request.url.scheme == "https" else 80)
    address = await address_of(host, port, private=near)
    if near and is_public(address):
        raise AddressRefused("This address does not lead to a public server.")
    request.url = request.url.copy_with(host=address)
    request.extensions = {**request.extensions, "sni_hostname": host}


def client(*, private: bool, certificates: str = "", near: bool = False) -> httpx2.AsyncClient:
    """A client that keeps its connections; redirects are not followed."""
    return httpx2.AsyncClient(
        transport=Looked(private=private, certificates=certificates, near=near),
        timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        trust_env=False,
        follow_redirects=False,
    )


def _hub_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=_HubLooked(private=hub_may_be_private.get()),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        trust_env=False,
        follow_redirects=False,
    )


set_async_client_factory(_hub_client)


@lru_cache(maxsize=16)
def trusted(certificates: str) -> ssl.SSLContext:
    """What is trusted: the system's authorities, and those given in PEM form."""
    context = ssl.create_default_context()
    if certificates:
        context.load_verify_locations(cadata=certificates)
    return context
