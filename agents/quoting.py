"""From an answer that names services to a proposal to ask their providers for quotes."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from agents.slots.keeping import joined, loaded
from agents.slots.reading import read_slots
from agents.slots.values import Context, Dates, Guests, Money, Place, Slot
from agents.tools.using import Used, use
from agents.tools.vendors import REQUEST_QUOTES
from app.accounts.actors import Actor
from app.approvals.tools import Call
from app.catalogue import reading
from app.conversations import log
from app.conversations.log import Entry
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.markets.directory import MarketCard
from app.vendors import shortlists
from app.vendors.reading import listings_named
from app.vendors.wanted import MOST_ASKED

LONGEST = 2000


async def propose_quotes(
    market: MarketCard,
    actor: Actor,
    locale: str,
    conversation_id: UUID,
    reply_id: UUID,
    *,
    count: int = MOST_ASKED,
) -> Used:
    """Put before the person to ask the providers of the services that a reply names.

    The message is what the person asked, and what was understood of the day, the guests, the place
    and the money is filled in; all of it can be changed before it is approved. With a `count` only
    the first so many are asked. Pressed twice it is put once. Raises `NotFound`, `NotAllowed`, or
    `AppError` for a reply that names no service.
    """
    async with tenant_session(market.id) as session:
        reply, listings = await _named(session, actor, conversation_id, reply_id)
        asked = await log.events_after(
            session, conversation_id, int(reply.payload["asked"]) - 1, limit=1
        )
        places = await reading.cities(session)
    text = str(asked[0].payload.get("text", "")) if asked else ""
    context = Context(
        datetime.now(ZoneInfo(market.timezone)), market.currency, locale, places=places
    )
    told = {
        "listing_ids": [str(one) for one in listings[: min(count, MOST_ASKED)]],
        "message": text[:LONGEST],
        **facts(joined(read_slots(text, context), loaded(reply.payload.get("slots", ()))), market),
    }
    call = Call(market, actor, locale, f"reply:{reply_id}:quotes", conversation_id)
    return await use(REQUEST_QUOTES, call, told, anew=True)


async def keep_named(
    market: MarketCard, actor: Actor, conversation_id: UUID, reply_id: UUID
) -> None:
    """Put the services that a reply names on the person's shortlist; raises as `propose_quotes`."""
    async with tenant_session(market.id) as session:
        _reply, listings = await _named(session, actor, conversation_id, reply_id)
        for one in listings:
            await shortlists.keep(session, actor, one)


async def _named(
    session: TenantSession, actor: Actor, conversation_id: UUID, reply_id: UUID
) -> tuple[Entry, list[UUID]]:
    await log.check_may_open(session, conversation_id, actor.person_id)
    reply = await log.entry(session, conversation_id, reply_id)
    if reply is None or reply.kind != "reply":
        raise NotFound("There is no such answer.")
    names = [
        citation["external_id"]
        for citation in reply.payload["citations"]
        if citation["kind"] == "listing"
    ]
    listings = await listings_named(session, names)
    if not listings:
        raise AppError("This answer names no service that could be asked.")
    return reply, listings


def facts(slots: tuple[Slot, ...], market: MarketCard) -> dict[str, Any]:
    """What the slots of a message say of the event; the first of each kind."""
    found: dict[str, Any] = {}
    for slot in slots:
        match slot.value:
            case Dates(first=first):
                found.setdefault("date", first.isoformat())
            case Guests(least=least, most=most, who="guests") if most or least:
                found.setdefault("guests", most or least)
            case Place(name=name):
                found.setdefault("place", name)
            case Money(least=least, most=most, currency=currency, per="") if (
                currency == market.currency and (most or least)
            ):
                found.setdefault("budget", str(most or least))
            case _:
                pass
    return found
