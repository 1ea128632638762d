"""The vendor agent: finds services for a need."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from babel import Locale

from agents.base import BaseAgent, Finding, Request, Result
from agents.needs import Need, read_need
from agents.supplying import candidates_for, chosen, services_planned, supplied
from app.catalogue import browsing, reading
from app.catalogue.cards import ListingCard
from app.catalogue.units import per_unit
from app.database import TenantSession, tenant_session
from app.i18n import money, translate
from app.search.index import Filters, Hit, Query

SHOWN = 4
"""How many services an answer names; more than a person compares at a glance helps nobody."""

DEPTH = 20
"""How many fitting services are looked at where the best ones are not what is wanted."""

NAMED = 4
"""Letters of a category's name that cannot be met in a message by chance."""

KEEPS = 0.25
"""Of the best one's score, what another must have to stand beside it in an answer."""

KEEPS_CHEAP = 0.5
"""The same where the price orders: something else is always cheaper."""


class Vendor(BaseAgent):
    """Searches the listings of the market."""

    name = "vendor"
    needs = ("planning",)

    async def run(self, request: Request) -> Result:
        """Return the services that fit the message, best first.

        A price, a city or a spoken language in the message must be met. Where nothing meets all,
        wishes are let go one by one, and the answer says which.
        """
        if services := services_planned(request):
            return await self._for_plan(request, services)
        async with tenant_session(request.market.id) as session:
            cities = await reading.cities(session)
            need = read_need(request.message, list(cities), request.market.currency)
            hits, unmet = await self._meeting(session, request, need, cities)
            if not hits and need == Need():
                hits, unmet = await _of_named_category(session, request), ()
            findings = await _findings(session, hits, request.locale)
        return Result(_chosen(findings, request), unmet)

    async def _for_plan(self, request: Request, services: Sequence[Mapping[str, Any]]) -> Result:
        """Services for what a plan needs, of which those of one kind are compared."""
        candidates = await candidates_for(request, services, self.deps.index)
        if not candidates:
            return Result()
        async with tenant_session(request.market.id) as session:
            findings = await _findings(session, chosen(candidates), request.locale)
        return supplied(candidates, findings, request.locale)

    async def _meeting(
        self, session: TenantSession, request: Request, need: Need, cities: Mapping[str, str]
    ) -> tuple[list[Hit], tuple[str, ...]]:
        for kept in _relaxed(need):
            filters = Filters(
                city=cities[kept.city] if kept.city else None,
                language=kept.language,
                price_max=kept.price_max,
                currency=kept.currency,
            )
            hits = await self.deps.index.search(
                session, Query(request.message, request.locale, limit=DEPTH, filters=filters)
            )
            if hits:
                return hits, _let_go(need, kept, request.locale)
        return [], ()


async def _of_named_category(session: TenantSession, request: Request) -> list[Hit]:
    """The services of a category that the message calls by its name, word for word."""
    words = f" {request.message.lower().strip('?!.؟ ')} "
    for kind in await reading.counted_categories(session, request.locale):
        if len(kind.name) >= NAMED and f" {kind.name.lower()} " in words:
            page = await browsing.listings_of_category(session, kind.key, request.locale)
            return [Hit("listing", UUID(card.id), 0.5) for card in page.cards[:DEPTH]]
    return []


def _relaxed(need: Need) -> list[Need]:
    """The need, and what is left of it when the price, the language and the city are let go."""
    steps = [
        need,
        dataclasses.replace(need, price_max=None, currency=None),
        Need(city=need.city),
        Need(),
    ]
    return list(dict.fromkeys(steps))


def _let_go(need: Need, kept: Need, locale: str) -> tuple[str, ...]:
    told: list[str] = []
    if need.price_max is not None and kept.price_max is None:
        price = money(need.price_max, need.currency or "", locale)
        told.append(translate(locale, "at most %(price)s", price=price))
    if need.language and not kept.language:
        name = Locale.parse(need.language).get_language_name(locale.replace("-", "_"))
        told.append(translate(locale, "speaks %(language)s", language=name or need.language))
    if need.city and not kept.city:
        told.append(translate(locale, "in %(city)s", city=need.city))
    return tuple(told)


def _chosen(findings: Sequence[Finding], request: Request) -> tuple[Finding, ...]:
    if not findings:
        return ()
    keeps = KEEPS_CHEAP if request.wish == "cheaper" else KEEPS
    floor = keeps * max(found.score for found in findings)
    fitting = [found for found in findings if found.score >= floor]
    if request.wish == "others":
        fitting = [found for found in fitting if found.external_id not in request.shown]
    elif request.wish == "cheaper":
        priced = [found for found in fitting if found.amount is not None]
        fitting = sorted(priced, key=lambda found: found.amount or 0)
    else:
        fitting = _one_of_each_provider_first(fitting)
    return tuple(fitting[:SHOWN])


def _one_of_each_provider_first(fitting: Sequence[Finding]) -> list[Finding]:
    """What fits, a provider's further services after everybody's best: they are often alike."""
    firsts: dict[str, Finding] = {}
    for found in fitting:
        firsts.setdefault(found.facts[0] if found.facts else found.external_id, found)
    return [*firsts.values(), *(found for found in fitting if found not in firsts.values())]


async def _findings(session: TenantSession, hits: Sequence[Hit], locale: str) -> list[Finding]:
    scores = {hit.id: hit.score for hit in hits}
    found = await listings_as_findings(session, [hit.id for hit in hits], locale)
    return [dataclasses.replace(one, score=scores[one.id]) for one in found]


async def listings_as_findings(
    session: TenantSession, ids: Sequence[UUID], locale: str
) -> list[Finding]:
    """These listings, ready to be cited, in their order; those not on show are left out."""
    cards = await reading.cards(session, ids, locale)
    texts = await reading.descriptions(session, ids, locale)
    amounts = await reading.amounts(session, ids)
    return [
        Finding(
            kind="listing",
            id=UUID(card.id),
            external_id=card.external_id,
            title=card.title,
            url=card.url,
            text=texts.get(UUID(card.id), card.summary),
            facts=_facts(card, locale),
            price=_price(card, locale),
            amount=amounts.get(UUID(card.id)),
            unit=card.unit,
            speaks=tuple(card.languages),
        )
        for card in cards
    ]


def _facts(card: ListingCard, locale: str) -> tuple[str, ...]:
    facts = (card.provider, card.city, _price(card, locale))
    return tuple(fact for fact in facts if fact)


def _price(card: ListingCard, locale: str) -> str:
    return f"{card.price} {per_unit(locale, card.unit)}".strip() if card.price else ""
