"""What a message says of dates, money, guests and places, in the market that it is said in."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

from agents.base import Request
from agents.slots.keeping import joined, without
from agents.slots.reading import read_slots
from agents.slots.values import Context
from app.catalogue import reading
from app.database import tenant_session


async def with_slots(request: Request) -> Request:
    """The request with what its message says, but for what the person has said of it otherwise."""
    read = read_slots(request.message, await context_of(request))
    return dataclasses.replace(request, slots=without(read, request.corrected))


async def context_of(request: Request) -> Context:
    """What readings of this request's words are relative to."""
    market = request.market
    async with tenant_session(market.id) as session:
        places = await reading.cities(session)
    return Context(datetime.now(ZoneInfo(market.timezone)), market.currency, request.locale, places)


def remembering(request: Request, *, continues: bool) -> Request:
    """The request with what was said before as well, as far as it still holds.

    An event has one day and one number of guests, whatever is asked for it. Without one, another
    service is another day and another price, but the same place and language.
    """
    kept = request.kept
    planned = any(slot.kind == "guests" for slot in kept)
    if not continues and not planned:
        kept = without(kept, ("date", "time", "duration", "money", "guests"))
    return dataclasses.replace(request, slots=joined(kept, request.slots))
