"""What the search page shows."""

import dataclasses
import time
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import reflex as rx

from app.catalogue.cards import CategoryCount, ListingCard
from app.catalogue.reading import (
    counted_categories,
    found_listings,
    places_and_languages,
)
from app.catalogue.taxonomy import category
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import language_name, money, translate
from app.search.asking import filters
from app.search.explaining import found_in, in_words, understood
from app.search.index import Filters, Hit, Near, Query
from app.search.serving import search_index
from state.access import visitors_may
from state.filters import Option, amount_of, language_options, place_options
from state.page import Visit, arrive, present_unlisted

RESULTS = 24
LONGEST = 300
SUGGESTED = 8
DISTANCES = (2.0, 5.0, 10.0, 25.0)
"""Kilometres that the form offers."""


@dataclasses.dataclass(frozen=True)
class Chosen:
    """A filter that is set; `href` leads to the same search without it."""

    name: str
    href: str


class SearchState(rx.State):
    """A search, its filters and what it found."""

    asked: rx.Field[str] = rx.field("")
    results: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    took_ms: rx.Field[int] = rx.field(0)
    kind: rx.Field[str] = rx.field("")
    city: rx.Field[str] = rx.field("")
    spoken_chosen: rx.Field[str] = rx.field("")
    price_max: rx.Field[str] = rx.field("")
    currency: rx.Field[str] = rx.field("")
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    cities: rx.Field[list[Option]] = rx.field(default_factory=list)
    spoken: rx.Field[list[Option]] = rx.field(default_factory=list)
    suggested: rx.Field[list[CategoryCount]] = rx.field(default_factory=list)
    narrowed: rx.Field[bool] = rx.field(default=False)
    without_filters: rx.Field[str] = rx.field("")
    near: rx.Field[str] = rx.field("")
    distances: rx.Field[list[Option]] = rx.field(default_factory=list)
    chosen: rx.Field[list[Chosen]] = rx.field(default_factory=list)
    ask: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def load(self):
        """Search for what the address asks."""
        visit = await arrive(self)
        if visit is None:
            return
        query = visit.query
        self.asked = " ".join(query.get("q", "").split())[:LONGEST]
        self.kind, self.city = query.get("category", ""), query.get("city", "")
        self.spoken_chosen, self.price_max = query.get("lang", ""), query.get("price_max", "")
        self.near = query.get("near", "")
        self.currency = visit.market.currency
        wanted = self._filters(visit)
        self.narrowed = wanted != Filters()
        self.without_filters = str(self.router.url.path) + "?q=" + quote(self.asked)
        self.distances = _distances(wanted.near, visit.locale)
        self.chosen = self._chosen(visit.locale)
        self.ask = visit.ask_address(self.asked)
        async with tenant_session(visit.market.id) as session:
            counted = await counted_categories(session, visit.locale)
            cities, spoken = await places_and_languages(session, visit.locale)
            self.results = []
            if self.asked:
                started = time.perf_counter()
                hits = await search_index().search(
                    session,
                    Query(self.asked, visit.locale, limit=RESULTS, filters=wanted),
                )
                self.results = await _explained(session, hits, visit.locale)
                self.took_ms = max(1, round((time.perf_counter() - started) * 1000))
        self.kinds = sorted((Option(one.key, one.name) for one in counted), key=lambda o: o.name)
        self.cities = place_options(cities)
        self.spoken = language_options(spoken, visit.locale)
        self.suggested = [] if self.results else counted[:SUGGESTED]
        search = translate(visit.locale, "Search")
        title = f"{self.asked} · {search}" if self.asked else search
        await present_unlisted(self, visit, title=title)

    def _filters(self, visit: Visit) -> Filters:
        # What is not understood is forgotten here, so that the form shows what was searched by.
        self.kind = self.kind if category(self.kind) else ""
        price = amount_of(self.price_max)
        if price is None:
            self.price_max = ""
        near = _near(self.near)
        self.near = _written(near) if near else ""
        return Filters(
            category=self.kind or None,
            city=self.city or None,
            language=self.spoken_chosen or None,
            price_max=price,
            currency=visit.market.currency if price is not None else None,
            near=near,
        )

    def _chosen(self, locale: str) -> list[Chosen]:
        """The filters that are set, each with the address of the same search without it."""
        kind, near = category(self.kind), _near(self.near)
        named = {
            "category": kind.name_in(locale) if kind else "",
            "city": self.city,
            "lang": language_name(self.spoken_chosen, locale) if self.spoken_chosen else "",
            "price_max": _at_most(self.price_max, self.currency, locale),
            "near": within(near.km, locale) if near else "",
        }
        given = {
            "q": self.asked,
            "category": self.kind,
            "city": self.city,
            "lang": self.spoken_chosen,
            "price_max": self.price_max,
            "near": self.near,
        }
        path = str(self.router.url.path)
        return [
            Chosen(name, f"{path}?{urlencode(without(given, key))}")
            for key, name in named.items()
            if name
        ]


async def _explained(session: TenantSession, hits: list[Hit], locale: str) -> list[ListingCard]:
    """The cards of what was found, each with why."""
    by_id = {hit.id: hit for hit in hits}
    found = await found_listings(session, list(by_id), locale)
    return [
        dataclasses.replace(
            card,
            why=in_words(found_in(understood(hit.said), card, listing, hit.details), locale),
        )
        for card, listing in found
        if (hit := by_id[listing.id])
    ]


def within(km: float, locale: str) -> str:
    """How a filter by distance is called."""
    return translate(locale, "Within %(km)s km of you", km=f"{km:g}")


def without(given: Mapping[str, str], key: str) -> dict[str, str]:
    """What is given but `key`, and nothing that is empty; the question stays in any case."""
    return {name: value for name, value in given.items() if (value or name == "q") and name != key}


def _near(text: str) -> Near | None:
    try:
        return filters({"near": text}, currency="").near if text else None
    except AppError:
        return None


def _written(near: Near) -> str:
    return f"{near.lat:g},{near.lon:g},{near.km:g}"


def _distances(near: Near | None, locale: str) -> list[Option]:
    if near is None:
        return []
    return [
        Option(_written(dataclasses.replace(near, km=km)), within(km, locale))
        for km in sorted({*DISTANCES, near.km})
    ]


def _at_most(text: str, currency: str, locale: str) -> str:
    amount = amount_of(text)
    if amount is None:
        return ""
    return translate(locale, "At most %(price)s", price=money(amount, currency, locale))
