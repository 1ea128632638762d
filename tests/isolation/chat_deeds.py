"""What ours do in their chat beyond asking: plans, corrections, and how an answer was made."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from agents import answering
from agents.base import Deps, Request
from agents.correcting import correct
from agents.finance import Finance
from agents.gathering import with_slots
from agents.planning import Planning
from agents.vendor import Vendor
from app.conversations.traces import Trace, dumped
from app.database import tenant_session
from app.inference.composer import Composer
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from state.slots import Chip
from tests.factories import ROWS
from tests.isolation import handlers
from tests.isolation.attachment_deeds import ATTACHMENT_DEEDS
from tests.isolation.world import World
from tests.shelf import Shelf


async def _planning(world: World) -> None:
    async with tenant_session(world.ours.id) as session:
        offer = await ROWS["listing"](session)
    embedder = sentence_embedder()
    shelf = Shelf({"listing": [Hit("listing", offer.id, 0.9)]})
    deps = Deps(index=shelf, embedder=embedder, model=Composer(embedder))
    day = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    text = f"Plan a wedding for 20 guests on {day}, budget 900"
    asked = Request(world.ours, "en", text, person_id=world.people["owner"], intent="create_plan")
    asked = await with_slots(asked)
    planned = await Planning(deps).run(asked)
    given = replace(asked, given={"planning": planned})
    await Finance(deps).run(given)
    await Vendor(deps).run(given)
    # The same agents for wants that need no plan.
    plain = replace(asked, message="What is next?", slots=())
    await Planning(deps).run(replace(plain, intent="track_plan"))
    await Vendor(deps).run(replace(plain, intent="find_service"))
    for intent in ("manage_budget", "optimize_pricing"):
        await Finance(deps).run(replace(plain, intent=intent))


async def _correcting(world: World) -> None:
    talk, _reply = await _talk(world)
    async with tenant_session(world.ours.id) as session:
        open_one = await ROWS["conversation"](session, person_id=None)
    await correct(world.ours, open_one.id, None, "guests", "12")
    asked = {"SlotState.asks": [Chip("place", "", "", "", editable=True)]}
    await handlers.send(world, "SlotState.edit", {"kind": "place"}, asked)
    chip = {"SlotState.editing": "guests", "ConversationState.conversation_id": str(talk)}
    await handlers.send(world, "CorrectingState.save", {"form": {"value": "12"}}, chip)
    if (reply := answering.running(talk)) is not None:
        await reply.wait()


async def _how(world: World) -> None:
    talk, reply = await _talk(world)
    open_one = {"ConversationState.conversation_id": str(talk)}
    await handlers.send(world, "HowState.show", {"message_id": str(reply)}, open_one)


async def _talk(world: World) -> tuple[UUID, UUID]:
    trace = dumped(Trace("A leak", "en", (), ()))
    async with tenant_session(world.ours.id) as session:
        talk = await ROWS["conversation"](session, person_id=world.people["owner"], last_seq=2)
        await ROWS["conversation_event"](session, conversation_id=talk.id, seq=1)
        payload = {"text": "", "asked": 1, "citations": [], "trace": trace}
        reply = await ROWS["conversation_event"](
            session, conversation_id=talk.id, seq=2, kind="reply", payload=payload
        )
    return talk.id, reply.id


CHAT_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    **ATTACHMENT_DEEDS,
    "agents/correcting.py": _correcting,
    "agents/finance.py": _planning,
    "agents/planning.py": _planning,
    "agents/supplying.py": _planning,
    "agents/vendor.py": _planning,
    "state/how.py": _how,
    "state/slots.py": _correcting,
}
"""By the file whose places a deed reaches."""
