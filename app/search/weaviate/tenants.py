"""Markets as Weaviate's tenants: made, put to sleep, woken on first use, removed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from weaviate.classes.tenants import Tenant, TenantActivityStatus
from weaviate.exceptions import WeaviateQueryError

from app.search.weaviate.collection import make_collection
from app.search.weaviate.connection import WRITE_SECONDS, Client, IndexDown, asked, client

AWAKE = TenantActivityStatus.ACTIVE
AGAIN_SECONDS = 0.2
"""Between two looks whether a tenant is awake."""
Found = TypeVar("Found")


class Waking(IndexDown):
    """The market slept, and takes longer to wake than a visitor is made to wait."""


async def reading(collection: str, market: str, ask: Callable[[Any], Awaitable[Found]]) -> Found:
    """Ask the market's tenant, and wake it first where it sleeps."""
    woken = False
    try:
        async with asked():
            server = await client()
            of_all = server.collections.use(collection)
            tenant = of_all.with_tenant(market)
            while True:
                try:
                    return await ask(tenant)
                except WeaviateQueryError:
                    # Asked only now: most searches meet a tenant that is awake.
                    kept = await of_all.tenants.get_by_name(market)
                    if kept is None or (kept.activity_status is AWAKE and not woken):
                        raise
                    if not woken:
                        await of_all.tenants.activate(market)
                        woken = True
                    await asyncio.sleep(AGAIN_SECONDS)
    except IndexDown as error:
        if woken:
            raise Waking("Search is waking up. Please try again in a moment.") from error
        raise


async def awake_or_made(server: Client, collection: str, market: str) -> Any:
    """The market's tenant, ready to be written to."""
    await make_collection(server, collection)
    of_all = server.collections.use(collection)
    kept = await of_all.tenants.get_by_name(market)
    if kept is None:
        await of_all.tenants.create([Tenant(name=market)])
    elif kept.activity_status is not AWAKE:
        await of_all.tenants.activate(market)
    return of_all.with_tenant(market)


async def remove(server: Client, collection: str, market: str) -> None:
    """Delete the market's tenant with all that it holds, where there is one."""
    if not await server.collections.exists(collection):
        return
    of_all = server.collections.use(collection)
    if await of_all.tenants.exists(market):
        await of_all.tenants.remove([market])


async def is_awake(collection: str, market: str) -> bool:
    """Whether the market has a tenant that can be searched at once."""
    async with asked(WRITE_SECONDS):
        kept = await (await client()).collections.use(collection).tenants.get_by_name(market)
    return kept is not None and kept.activity_status is AWAKE


async def put_to_sleep(collection: str, market: str) -> None:
    """Let a market leave Weaviate's memory; nothing of it is lost."""
    async with asked(WRITE_SECONDS):
        await (await client()).collections.use(collection).tenants.deactivate(market)
