"""What the page of a category shows, whole or in one place."""

import dataclasses
from collections.abc import Sequence

import reflex as rx

from app.catalogue.browsing import (
    ORDERS,
    RATINGS,
    Facet,
    Narrowing,
    languages_of_category,
    listings_of_category,
    pages_of_places,
    places_of_category,
)
from app.catalogue.cards import ListingCard, ListingPage, category_path
from app.catalogue.reading import category_name
from app.catalogue.taxonomy import Category, category_of_slug
from app.database import TenantSession, tenant_session
from app.i18n import language_name, ntranslate, translate
from app.markets.changes import shown
from app.rendering import ssr
from state.access import visitors_may
from state.filters import Option, PageLink, amount_of, page_links
from state.page import Crumb, Visit, arrive, not_found, present
from state.structured import item_list

PLACES_LINKED = 24


@dataclasses.dataclass(frozen=True)
class PlaceLink:
    """A place with a page within the category; `href` is empty for the one that is open."""

    name: str
    listings: int
    href: str


@dataclasses.dataclass(frozen=True)
class Found:
    """What the database says of a category as it is asked for."""

    page: ListingPage
    places: list[Facet]
    """Those to narrow by, counted under the other filters."""
    spoken: list[Facet]


class CategoryState(rx.State):
    """The listings of one category."""

    name: rx.Field[str] = rx.field("")
    place: rx.Field[str] = rx.field("")
    """The place that the page is of, as readers call it; empty for the whole category."""
    cards: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    cities: rx.Field[list[Option]] = rx.field(default_factory=list)
    spoken: rx.Field[list[Option]] = rx.field(default_factory=list)
    orders: rx.Field[list[Option]] = rx.field(default_factory=list)
    places_chosen_above: rx.Field[bool] = rx.field(default=True)
    """Whether the links to places leave none out, or there are no two to choose from."""
    city: rx.Field[str] = rx.field("")
    spoken_chosen: rx.Field[str] = rx.field("")
    price_max: rx.Field[str] = rx.field("")
    ratings: rx.Field[list[Option]] = rx.field(default_factory=list)
    """The least means of stars to narrow by; none where nothing here is reviewed."""
    rating: rx.Field[str] = rx.field("")
    currency: rx.Field[str] = rx.field("")
    order: rx.Field[str] = rx.field("")
    links: rx.Field[list[PageLink]] = rx.field(default_factory=list)
    nearby: rx.Field[list[PlaceLink]] = rx.field(default_factory=list)
    path: rx.Field[str] = rx.field("")
    """Of the whole category, to which the filters lead."""
    ask: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def load(self):
        """Show a page of the category's listings, in one place where the path names one."""
        visit = await arrive(self)
        if visit is None:
            return
        kind, place = _asked_for(visit)
        if kind is None:
            await not_found(self)
            return
        asked = self._asked(visit)
        async with tenant_session(visit.market.id) as session:
            name = await category_name(session, kind.key, visit.locale)
            everywhere = await places_of_category(session, kind.key, visit.locale)
            pages = pages_of_places(everywhere)
            if name is None or (place and place not in pages):
                await not_found(self)
                return
            if place:
                asked = dataclasses.replace(asked, city=pages[place].value)
            found = await _found(session, kind.key, visit.locale, asked)
        # A category without services (all have at least a language or none at all) has no page.
        narrowed = bool(asked.city or asked.language or asked.price_max or asked.rating)
        if asked.page != found.page.number or not (found.page.total or narrowed):
            await not_found(self)
            return
        ssr.shows(shown("category", kind.key))
        ssr.shows(*(shown("listing", card.id) for card in found.page.cards))
        self.path = category_path(visit.locale, kind.slug)
        # What stands in an address is not written into a heading unless it is a place.
        self.place = next((one.name for one in everywhere if one.value == asked.city), "")
        self._fill(visit, name, asked, found)
        self._lead(place, asked, pages, found.page)
        self.places_chosen_above = len(everywhere) < 2 or len(everywhere) == len(self.nearby)
        await self._present(visit, kind, asked, pages)

    def _asked(self, visit: Visit) -> Narrowing:
        query = visit.query
        number = query.get("page", "1")
        price = amount_of(query.get("price_max", ""))
        order = ORDERS.get(query.get("sort", ""), "newest")
        self.price_max = query.get("price_max", "") if price is not None else ""
        self.order = "" if order == "newest" else order
        self.spoken_chosen = query.get("lang", "")
        rating = query.get("rating", "")
        self.rating = rating if rating in map(str, RATINGS) else ""
        return Narrowing(
            city=query.get("city", ""),
            language=self.spoken_chosen,
            price_max=price,
            currency=visit.market.currency,
            rating=int(self.rating or 0),
            order=order,
            page=int(number) if number.isdecimal() and len(number) < 6 else 0,
        )

    def _fill(self, visit: Visit, name: str, asked: Narrowing, found: Found) -> None:
        self.name, self.city, self.currency = name, asked.city, asked.currency
        self.cards, self.total = found.page.cards, found.page.total
        self.cities = [
            Option(one.value, _counted(one.name, one))
            for one in _with(asked.city, self.place, found.places)
        ]
        self.spoken = [
            Option(one.value, _counted(language_name(one.value, visit.locale), one))
            for one in _with(asked.language, asked.language, found.spoken)
        ]
        self.ratings = [
            Option(str(least), _rated(least, listings, visit.locale))
            for least, listings in found.page.ratings.items()
            if listings or least == asked.rating
        ]
        best = [Option("best", translate(visit.locale, "Best rated first"))]
        self.orders = [
            # Where nothing is reviewed nothing can come first for it.
            *(best if self.ratings or asked.order == "best" else []),
            Option("cheapest", translate(visit.locale, "Lowest price first")),
            Option("dearest", translate(visit.locale, "Highest price first")),
        ]
        self.ask = visit.ask_address(_titled(name, self.place) + ": ")

    def _lead(
        self, place: str, asked: Narrowing, pages: dict[str, Facet], found: ListingPage
    ) -> None:
        """Links to the other pages of the list, and to the places that have a page."""
        kept = {
            "city": "" if place else asked.city,
            "lang": asked.language,
            "price_max": self.price_max,
            "rating": self.rating,
            "sort": self.order,
        }
        here = f"{self.path}/{place}" if place else self.path
        self.links = page_links(here, kept, found.number, found.pages)
        linked: Sequence[tuple[str, Facet]] = list(pages.items())[:PLACES_LINKED]
        self.nearby = [
            PlaceLink(one.name, one.listings, "" if slug == place else f"{self.path}/{slug}")
            for slug, one in linked
        ]

    async def _present(
        self, visit: Visit, kind: Category, asked: Narrowing, pages: dict[str, Facet]
    ) -> None:
        # A place that was chosen in the form is the same as its own page, which search engines see.
        own = next((slug for slug, one in pages.items() if one.value == asked.city), "")
        crumbs = [Crumb(self.name, self.path if own else "")]
        heading = self.name
        if own:
            visit = dataclasses.replace(visit, path=f"/c/{kind.slug}/{own}")
            crumbs.append(Crumb(self.place, ""))
            heading = _titled(self.name, self.place)
        title = heading
        if asked.page > 1:
            title += " · " + translate(visit.locale, "page %(number)s", number=asked.page)
        await present(
            self,
            visit,
            title=title,
            description=ntranslate(
                visit.locale,
                "%(category)s: %(count)s service in %(market)s, with price, place and languages. "
                "Compare, or ask Maestro which one fits.",
                "%(category)s: %(count)s services in %(market)s, with prices, places and "
                "languages. Compare, or ask Maestro which one fits.",
                self.total,
                category=heading,
                market=visit.market.named(visit.locale),
            ),
            query={"page": str(asked.page)} if asked.page > 1 else None,
            structured_data=[item_list(visit, heading, self.cards)],
            crumbs=crumbs,
        )


def _asked_for(visit: Visit) -> tuple[Category | None, str]:
    """The category that the path names, and the place within it."""
    _, slug, *rest = visit.path.strip("/").split("/")
    return (category_of_slug(slug) if len(rest) < 2 else None), "".join(rest)


async def _found(session: TenantSession, key: str, locale: str, asked: Narrowing) -> Found:
    return Found(
        page=await listings_of_category(session, key, locale, asked),
        places=await places_of_category(session, key, locale, asked),
        spoken=await languages_of_category(session, key, asked),
    )


def _with(chosen: str, name: str, facets: list[Facet]) -> list[Facet]:
    """What can be chosen, and what is chosen also where the other filters leave none of it."""
    if not name or any(one.value == chosen for one in facets):
        return facets
    return [*facets, Facet(chosen, name, 0)]


def _titled(name: str, place: str) -> str:
    return f"{name} · {place}" if place else name


def _counted(name: str, facet: Facet) -> str:
    return f"{name} ({facet.listings})"


def _rated(least: int, listings: int, locale: str) -> str:
    name = ntranslate(locale, "At least %(count)s star", "At least %(count)s stars", least)
    return f"{name} ({listings})"
