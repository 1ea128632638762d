"""The vendor agent: finds services for a need."""

from agents.base import BaseAgent, Finding, Request
from app.catalogue import reading
from app.catalogue.units import per_unit
from app.database import tenant_session
from app.search.index import Query

SHOWN = 4
"""How many services an answer names; more than a person compares at a glance helps nobody."""


class Vendor(BaseAgent):
    """Searches the listings of the market."""

    name = "vendor"

    async def run(self, request: Request) -> list[Finding]:
        """Return the services that fit the message, best first."""
        async with tenant_session(request.market.id) as session:
            hits = await self.deps.index.search(
                session, Query(text=request.message, locale=request.locale, limit=SHOWN)
            )
            scores = {str(hit.id): hit.score for hit in hits}
            cards = await reading.cards(session, [hit.id for hit in hits], request.locale)
            texts = await reading.descriptions(session, [hit.id for hit in hits], request.locale)
        return [
            Finding(
                kind="listing",
                id=found_id,
                external_id=card.external_id,
                title=card.title,
                url=card.url,
                text=texts.get(found_id, card.summary),
                facts=_facts(card, request.locale),
                price=_price(card, request.locale),
                score=scores.get(card.id, 0.0),
            )
            for card in cards
            for found_id in [next(hit.id for hit in hits if str(hit.id) == card.id)]
        ]


def _facts(card: reading.ListingCard, locale: str) -> tuple[str, ...]:
    facts = (card.provider, card.city, _price(card, locale))
    return tuple(fact for fact in facts if fact)


def _price(card: reading.ListingCard, locale: str) -> str:
    return f"{card.price} {per_unit(locale, card.unit)}".strip() if card.price else ""
