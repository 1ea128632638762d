"""What ours ask of the specialists about what is their own; see `deeds`."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID, uuid4

from agents.acting import reader_of
from agents.analytics import Analytics
from agents.base import Deps, Request
from agents.course import Course
from agents.dashboard import Dashboard
from agents.outcomes import own_event
from agents.proposing import quotes_wanted
from app.database import tenant_session
from app.inference.composer import Composer
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from tests.isolation.deeds import a_row
from tests.isolation.world import World
from tests.shelf import Shelf


def _deps() -> Deps:
    embedder = sentence_embedder()
    return Deps(Shelf(), embedder, Composer(embedder))


def _asked(world: World, message: str) -> Request:
    return Request(world.ours, "en", message, person_id=world.people["owner"])


async def _analytics(world: World) -> None:
    await Analytics(_deps()).run(_asked(world, "How many became a quote?"))


async def _course(world: World) -> None:
    deps = replace(_deps(), index=Shelf({"passage": [Hit("passage", uuid4(), 0.9)]}))
    await Course(deps).run(replace(_asked(world, "What is a verb?"), course_id="1"))


async def _dashboard(world: World) -> None:
    await a_row(world, "project", person_id=world.people["owner"])
    await Dashboard(_deps()).run(_asked(world, "What is next?"))


async def _outcomes(world: World) -> None:
    """How an event of our owner did."""
    await a_row(world, "project", person_id=world.people["owner"], state="completed")
    asked = _asked(world, "How did my event do?")
    async with tenant_session(world.ours.id) as session:
        owner = await reader_of(session, asked)
    await own_event(asked, owner)


async def _proposing(world: World) -> None:
    """What our owner wants quoted of what a reply named."""
    talk = UUID(await a_row(world, "conversation", person_id=world.people["owner"], last_seq=1))
    cited = [{"kind": "listing", "external_id": "1", "title": "", "url": ""}]
    payload = {"text": "Two plumbers.", "asked": 0, "citations": cited}
    await a_row(
        world, "conversation_event", conversation_id=talk, seq=1, kind="reply", payload=payload
    )
    await quotes_wanted(replace(_asked(world, "Ask them for a quote"), conversation_id=talk))


AGENT_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "agents/analytics.py": _analytics,
    "agents/course.py": _course,
    "agents/dashboard.py": _dashboard,
    "agents/outcomes.py": _outcomes,
    "agents/proposing.py": _proposing,
}
"""By the file whose places a deed reaches."""
