"""What ours do with models that embed their texts; see `deeds`."""

from collections.abc import Awaitable, Callable

from app.accounts.actors import system
from app.database import tenant_session
from app.inference.embedding import try_embedder
from app.jobs.queue import enqueue
from app.search.embedding_sets import SWITCH, drop_filling
from app.search.models import EmbeddingSet
from tests.factories import ROWS
from tests.isolation.deeds import done
from tests.isolation.world import World


async def _changing(world: World) -> None:
    """The job that has another model embed what ours find; nobody answers at its address."""
    async with tenant_session(world.ours.id) as session:
        # A change that was broken in the middle is left, and a market has but one.
        await drop_filling(session)
        model = await ROWS["offered_model"](session, dimensions=384)
        made: EmbeddingSet = await ROWS["embedding_set"](
            session, state="filling", model_id=model.id
        )
        told = {"set": str(made.id)}
        job = await enqueue(session, system(world.ours.id, "tests"), SWITCH, told)
    await done(world, str(job))


async def _trying(world: World) -> None:
    """A model of ours compared two texts, if somebody answered at its address."""
    async with tenant_session(world.ours.id) as session:
        model = await ROWS["offered_model"](session, dimensions=384)
    await try_embedder(system(world.ours.id, "tests"), model.id, "a leak", "a plumber")


SEARCH_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/inference/embedding.py": _trying,
    "app/search/vectors.py": _changing,
}
"""By the file whose places a deed reaches."""
