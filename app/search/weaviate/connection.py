"""The way to the Weaviate server: one client per event loop, and one error for all its troubles."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx
import weaviate
from weaviate.classes.init import AdditionalConfig, Auth, Timeout
from weaviate.exceptions import WeaviateBaseError

from app.errors import Unavailable
from app.settings import settings

SECONDS = 4.0
"""What a visitor waits for at most, an activation of the market's tenant included."""
WRITE_SECONDS = 120.0


class IndexDown(Unavailable):
    """Weaviate does not answer, refuses, or lacks what it should hold. Nobody knows what fits."""


Client = weaviate.WeaviateAsyncClient
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Client] = WeakKeyDictionary()
_opening: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def client() -> Client:
    """The connected client of this event loop; call it within `asked`."""
    loop = asyncio.get_running_loop()
    async with _opening.setdefault(loop, asyncio.Lock()):
        if loop not in _clients:
            opened = _made()
            try:
                await opened.connect()
            except BaseException:
                await opened.close()
                raise
            _clients[loop] = opened
    return _clients[loop]


async def close_client() -> None:
    """Close this event loop's connections, where it has some."""
    opened = _clients.pop(asyncio.get_running_loop(), None)
    if opened is not None:
        await opened.close()


@asynccontextmanager
async def asked(seconds: float = SECONDS) -> AsyncGenerator[None]:
    """Give the block this long; whatever Weaviate does wrong in it becomes `IndexDown`."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (WeaviateBaseError, httpx.HTTPError, TimeoutError, OSError) as error:
        raise IndexDown("Search does not answer at the moment. Please try again soon.") from error


def _made() -> Client:
    told = settings()
    assert told.weaviate_url is not None, "asked for only where Weaviate is configured"
    place = urlsplit(told.weaviate_url)
    secure = place.scheme == "https"
    host = place.hostname or "localhost"
    return weaviate.use_async_with_custom(
        http_host=host,
        http_port=place.port or (443 if secure else 80),
        http_secure=secure,
        grpc_host=host,
        grpc_port=told.weaviate_grpc_port,
        grpc_secure=secure,
        auth_credentials=Auth.api_key(told.weaviate_api_key) if told.weaviate_api_key else None,
        additional_config=AdditionalConfig(
            timeout=Timeout(init=2, query=SECONDS, insert=WRITE_SECONDS)
        ),
        # They would ask PyPI which version is the newest.
        skip_init_checks=True,
    )
