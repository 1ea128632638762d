"""What ours do with mentions; see `deeds`."""

from collections.abc import Awaitable, Callable

from agents.base import Deps, Request
from agents.social import Social
from app.accounts.actors import system
from app.database import tenant_session
from app.inference.composer import Composer
from app.jobs.queue import enqueue
from app.search.embeddings import sentence_embedder
from app.social.grouping import regroup
from app.social.receiving import READING
from app.social.work import group_all
from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.deeds import a_row, done, posted
from tests.isolation.world import World
from tests.shelf import Shelf

PATH = "/api/v1/social"
TOLD = {
    "source": "vk",
    "external_id": "probe",
    "text": "They came late.",
    "published_at": "2026-05-01T10:00:00Z",
}


async def _routes(world: World) -> None:
    """Mentions of ours over HTTP, brought in, read and deleted."""
    await posted(world, f"{PATH}/mentions", data={"mentions": [TOLD]})
    for what in ("mentions", "sentiment", "topics"):
        await answer("GET", f"{PATH}/{what}", world.ours.host, world.headers("owner"))
    one = await a_row(world, "mention")
    headers = world.headers("owner") | {"origin": f"http://{world.ours.host}"}
    await answer("DELETE", f"{PATH}/mentions/{one}", world.ours.host, headers)


async def _console(world: World) -> None:
    """The page of the console, and what is done on it."""
    await handlers.send(world, "SocialState.load", {})
    await handlers.send(world, "SocialState.search", {"form": {"words": "tap"}})
    for deed in ("forget", "forget_their"):
        one = await a_row(world, "mention")
        await handlers.send(world, f"SocialState.{deed}", {"mention_id": one})


async def _reading(world: World) -> None:
    """The job that reads what was brought in, and what follows of it."""
    await a_row(world, "mention")
    async with tenant_session(world.ours.id) as session:
        job = await enqueue(session, system(world.ours.id, "tests"), READING)
    await done(world, str(job))
    await group_all()


async def _topics(world: World) -> None:
    """What ours are about."""
    await regroup(world.ours.id)


async def _agent(world: World) -> None:
    """Our owner asks for each of the figures that the agent tells."""
    await a_row(world, "mention")
    embedder = sentence_embedder()
    social = Social(Deps(Shelf(), embedder, Composer(embedder)))
    for message in ("what do they say?", "which topics?", "any complaints?", "the latest"):
        await social.run(
            Request(
                world.ours,
                "en",
                message,
                person_id=world.people["owner"],
                intent="track_mentions",
            )
        )


SOCIAL_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "agents/social.py": _agent,
    "app/api/social.py": _routes,
    "app/social/grouping.py": _topics,
    "app/social/work.py": _reading,
    "state/admin/social.py": _console,
}
"""By the file whose places a deed reaches."""
