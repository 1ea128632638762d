"""What was understood wrongly, said right by the person: their word stands before every reading."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from agents.needs import SPOKEN
from agents.slots.keeping import dumped, loaded, without
from agents.slots.values import Dates, Guests, Hours, Kind, Language, Money, Place, Slot, Value
from app.accounts.actors import Member
from app.catalogue import reading as catalogue
from app.conversations import log, reading
from app.database import tenant_session
from app.errors import AppError
from app.markets.directory import MarketCard
from app.projects.facts import checked

EDITABLE: tuple[Kind, ...] = ("date", "time", "guests", "money", "place", "language")
"""What a person can say in a field; the rest they say in words."""

_BY_NAME: Mapping[str, Kind] = {kind: kind for kind in EDITABLE}

BY_PERSON = "person"


class NothingLikeIt(AppError):
    """What was told is none of the things that can be chosen."""


async def correct(
    market: MarketCard, conversation_id: UUID, person: Member | None, kind: str, told: str
) -> None:
    """Keep what the person says of one thing; an empty text says that it is not known.

    Who answers the last message once more answers it with this. Raises `NotFound`, `NotAccepted`
    and `NothingLikeIt`.
    """
    chosen = _BY_NAME.get(kind)
    if chosen is None:
        raise NothingLikeIt("This cannot be changed here. Say it in your own words.")
    person_id = person.id if person else None
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, conversation_id, person_id, writing=True)
        entries = await log.latest_events(session, conversation_id, limit=40)
        places = await catalogue.cities(session) if chosen == "place" else {}
        kept = without(loaded(reading.slots(entries)), (chosen,))
        if told.strip():
            value = value_of(chosen, told.strip(), market.currency, places)
            kept = (*kept, Slot(value, 0, 0, 1.0, BY_PERSON))
        asked = [row for row in reading.slots(entries) if row.get("value") is None]
        still = [row for row in asked if row["kind"] != chosen]
        await log.append(
            session,
            conversation_id,
            "slots",
            {"slots": [*dumped(kept), *still], "corrected": [chosen]},
        )


def value_of(kind: Kind, told: str, currency: str, places: Mapping[str, str]) -> Value:
    """A value as a field tells it; raises `NotAccepted` and `NothingLikeIt`."""
    facts: dict[str, Any] = {}
    match kind:
        case "date":
            facts = checked({"day": told}, currency)
            return Dates(facts["day"], facts["day"])
        case "time":
            facts = checked({"begins": told}, currency)
            return Hours(facts["begins"])
        case "guests":
            facts = checked({"guests": told}, currency)
            return Guests(facts["guests"], facts["guests"])
        case "money":
            facts = checked({"budget_amount": told}, currency)
            return Money(None, facts["budget_amount"], currency)
        case "place" if told in places.values():
            return Place(told)
        case "language" if told in SPOKEN:
            return Language(told)
        case _:
            raise NothingLikeIt("Choose one of those that are offered.")
