"""What the search page shows."""

import time
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

import reflex as rx

from app.catalogue.cards import CategoryCount, ListingCard
from app.catalogue.reading import (
    cards,
    counted_categories,
    places_and_languages,
)
from app.catalogue.taxonomy import category
from app.database import tenant_session
from app.i18n import translate
from app.search.index import Filters, Query
from app.search.serving import search_index
from state.access import visitors_may
from state.filters import Option, language_options, plain_options
from state.page import Visit, arrive, present_unlisted

RESULTS = 24
LONGEST = 300
SUGGESTED = 8


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
        self.currency = visit.market.currency
        filters = self._filters(visit)
        self.narrowed = filters != Filters()
        self.without_filters = str(self.router.url.path) + "?q=" + quote(self.asked)
        self.ask = visit.ask_address(self.asked)
        async with tenant_session(visit.market.id) as session:
            counted = await counted_categories(session, visit.locale)
            cities, spoken = await places_and_languages(session)
            self.results = []
            if self.asked:
                started = time.perf_counter()
                hits = await search_index().search(
                    session,
                    Query(self.asked, visit.locale, limit=RESULTS, filters=filters),
                )
                self.results = await cards(session, [hit.id for hit in hits], visit.locale)
                self.took_ms = max(1, round((time.perf_counter() - started) * 1000))
        self.kinds = sorted((Option(one.key, one.name) for one in counted), key=lambda o: o.name)
        self.cities = plain_options(cities)
        self.spoken = language_options(spoken, visit.locale)
        self.suggested = [] if self.results else counted[:SUGGESTED]
        search = translate(visit.locale, "Search")
        title = f"{self.asked} · {search}" if self.asked else search
        await present_unlisted(self, visit, title=title)

    def _filters(self, visit: Visit) -> Filters:
        # What is not understood is forgotten here, so that the form shows what was searched by.
        self.kind = self.kind if category(self.kind) else ""
        price = _amount(self.price_max)
        if price is None:
            self.price_max = ""
        return Filters(
            category=self.kind or None,
            city=self.city or None,
            language=self.spoken_chosen or None,
            price_max=price,
            currency=visit.market.currency if price is not None else None,
        )


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < Decimal("1e12") else None
