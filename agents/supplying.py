"""Who could do what a plan needs: the services of one kind side by side, and one of each other."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from agents.base import Block, Finding, Request, Result
from agents.plans import SERVICES, plan_given
from agents.slots.values import Place
from app.catalogue import reading
from app.catalogue.cards import ListingCard
from app.database import TenantSession, tenant_session
from app.i18n import N_, translate
from app.projects.plans import template_of
from app.search.index import Filters, Hit, Query, SearchIndex

LOOKED_FOR = 4
"""For how many of a plan's services somebody is looked for at once."""

DEPTH = 12
COMPARED = 3
COLUMNS = (N_("Service"), N_("Provider"), N_("Price"), N_("Place"), N_("Languages"))
FOUND = 6
"""How many services an answer names in all."""


@dataclasses.dataclass(frozen=True)
class Candidates:
    """Services of one category for one step of a plan, the best first."""

    name: str
    cards: tuple[ListingCard, ...]
    hits: tuple[Hit, ...]


def services_planned(request: Request) -> list[Mapping[str, Any]]:
    """The steps of the plan just made for which somebody has to be found."""
    if request.intent != "create_plan":
        return []
    return [one for one in plan_given(request).get("services", ()) if one["step"] in SERVICES]


async def candidates_for(
    request: Request, services: Sequence[Mapping[str, Any]], index: SearchIndex
) -> list[Candidates]:
    """Who could do each of these, those that most can be compared for first."""
    event = translate(request.locale, template_of(str(plan_given(request).get("type"))).name)
    place = next((slot.value.name for slot in request.slots if isinstance(slot.value, Place)), None)
    found: list[Candidates] = []
    async with tenant_session(request.market.id) as session:
        for service in services[:LOOKED_FOR]:
            wanted = SERVICES[service["step"]]
            name = translate(request.locale, wanted)
            query = Query(
                f"{name}: {event}", request.locale, limit=DEPTH, filters=Filters(city=place)
            )
            if one := await _alike(session, name, await index.search(session, query), request):
                found.append(one)
    # The whole of a comparison should fit, not its first row alone.
    return sorted(found, key=lambda one: (-len(one.cards), -sum(hit.score for hit in one.hits)))


async def _alike(
    session: TenantSession, name: str, hits: Sequence[Hit], request: Request
) -> Candidates | None:
    """The hits of the category that the best one is in: only what is alike can be compared."""
    cards = {
        card.id: card
        for card in await reading.cards(session, [hit.id for hit in hits], request.locale)
    }
    known = [(hit, cards[str(hit.id)]) for hit in hits if str(hit.id) in cards]
    if not known:
        return None
    category = known[0][1].category
    alike = [(hit, card) for hit, card in known if card.category == category][:COMPARED]
    return Candidates(name, tuple(card for _, card in alike), tuple(hit for hit, _ in alike))


def chosen(candidates: Sequence[Candidates]) -> list[Hit]:
    """Of the first all, of the others the best one; nothing twice."""
    first, *others = candidates
    hits = {hit.id: hit for hit in first.hits}
    for one in others:
        hits.setdefault(one.hits[0].id, one.hits[0])
    return list(hits.values())[:FOUND]


def compared(candidates: Candidates, locale: str) -> tuple[Block, ...]:
    """The table of services side by side; nothing where there is only one."""
    if len(candidates.cards) < 2:
        return ()
    data = {
        "columns": [translate(locale, column) for column in COLUMNS],
        "rows": [
            [
                card.title,
                card.provider,
                " ".join(part for part in (card.price, card.per) if part),
                card.city,
                card.spoken,
            ]
            for card in candidates.cards
        ],
        "urls": [card.url for card in candidates.cards],
    }
    return (Block("comparison", candidates.name, data),)


def supplied(candidates: Sequence[Candidates], findings: Sequence[Finding], locale: str) -> Result:
    """What was found, as an answer has it."""
    return Result(tuple(findings), blocks=compared(candidates[0], locale))
