"""A category as people browse it: narrowed, in an order, a page at a time.

What can be chosen next is counted as it would be found: places under the chosen language and price,
languages under the chosen place and price. No page counts reviews: each listing's row says how many
stars it was given (`app.catalogue.ratings`).
"""

import dataclasses
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Numeric, cast, func
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.catalogue.cards import ListingPage, card_of
from app.catalogue.choices import choices
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import on_show
from app.catalogue.ratings import reviews_given, stars_given
from app.catalogue.slugs import plain
from app.database import TenantSession

PAGE_SIZE = 24
ENOUGH = 3
"""So many services of a kind in a place make a page of their own worth reading; fewer make none."""
RATINGS: tuple[int, ...] = (4, 3, 2)
"""Means of stars of which at least one may be asked for."""
WEIGHT = 5
"""So many reviews of a listing weigh as much as what its category is given in the mean."""
Order = Literal["newest", "cheapest", "dearest", "best"]
ORDERS: dict[str, Order] = {"best": "best", "cheapest": "cheapest", "dearest": "dearest"}
"""What may be asked for by name beside the newest first."""


@dataclasses.dataclass(frozen=True)
class Narrowing:
    """What of a category is asked for; empty texts ask for nothing.

    `city` is as listings keep it, `price_max` in `currency`, which orders by price as well: prices
    in another one are not compared, and stand last. `rating` is the least mean of stars; listings
    without reviews have none.
    """

    city: str = ""
    language: str = ""
    price_max: Decimal | None = None
    currency: str = ""
    rating: int = 0
    order: Order = "newest"
    page: int = 1


@dataclasses.dataclass(frozen=True)
class Facet:
    """Something to narrow by: its value, what readers call it, and how many services have it."""

    value: str
    name: str
    listings: int


async def listings_of_category(
    session: TenantSession, key: str, locale: str, narrowing: Narrowing | None = None
) -> ListingPage:
    """One page of a category's listings; a page beyond the last is the last.

    With it comes how many would be found for each of `RATINGS` under the other filters.
    """
    asked = narrowing or Narrowing()
    others = [*_of_category(key), *_placed(asked), *_spoken(asked), *_priced(asked)]
    wanted = [*others, *_rated(asked.rating)]
    # Counted in one go, for a page asks no more of the database because there are reviews.
    counts = any_select(
        func.count().filter(*_rated(asked.rating)) if asked.rating else func.count(),
        *(func.count().filter(*_rated(least)) for least in RATINGS),
    )
    connection = await session.connection()
    counted = await connection.execute(counts.select_from(Listing).where(*others))
    total, *rated = counted.one()
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, asked.page), pages)
    found = await session.exec(
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(*wanted)
        .order_by(*_order(key, asked))
        .offset((number - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    named = (await choices(session)).name(key, locale)
    shown = [card_of(listing, provider, locale, named) for listing, provider in found]
    ratings = dict(zip(RATINGS, rated, strict=True))
    return ListingPage(cards=shown, total=total, number=number, pages=pages, ratings=ratings)


async def places_of_category(
    session: TenantSession, key: str, locale: str, narrowing: Narrowing | None = None
) -> list[Facet]:
    """The places of a category's listings, those with most first, by names of `locale`."""
    asked = narrowing or Narrowing()
    called: Any = col(Listing.city_names)
    found = await session.exec(
        select(Listing.city, func.max(called[locale].as_string()), func.count())
        .where(
            col(Listing.city).is_not(None),
            *_of_category(key),
            *_spoken(asked),
            *_priced(asked),
            *_rated(asked.rating),
        )
        .group_by(col(Listing.city))
        .order_by(func.count().desc(), col(Listing.city))
    )
    return [Facet(city, name or city, listings) for city, name, listings in found if city]


async def languages_of_category(
    session: TenantSession, key: str, narrowing: Narrowing | None = None
) -> list[Facet]:
    """The languages spoken in a category, by their codes, those of most services first."""
    asked = narrowing or Narrowing()
    code = func.unnest(Listing.languages).label("code")
    wanted = (*_of_category(key), *_placed(asked), *_priced(asked), *_rated(asked.rating))
    spoken = select(code).where(*wanted).subquery()
    found = await session.exec(
        select(spoken.c.code, func.count())
        .group_by(spoken.c.code)
        .order_by(func.count().desc(), spoken.c.code)
    )
    return [Facet(code, code, listings) for code, listings in found]


def pages_of_places(places: list[Facet]) -> dict[str, Facet]:
    """The places that have a page within a category, by what stands in its address.

    `places` are all of the category's, those with most services first. Where there is one alone its
    page would be the category's. Of two that read alike in plain letters the first has the page.
    """
    found: dict[str, Facet] = {}
    if len(places) == 1:
        return found
    for place in places:
        slug = plain(place.value)
        if slug and place.listings >= ENOUGH:
            found.setdefault(slug, place)
    return found


def _of_category(key: str) -> tuple[ColumnElement[bool], ...]:
    return col(Listing.category) == key, on_show()


def _placed(asked: Narrowing) -> list[ColumnElement[bool]]:
    return [col(Listing.city) == asked.city] if asked.city else []


def _spoken(asked: Narrowing) -> list[ColumnElement[bool]]:
    return [col(Listing.languages).contains([asked.language])] if asked.language else []


def _priced(asked: Narrowing) -> list[ColumnElement[bool]]:
    if asked.price_max is None:
        return []
    return [
        col(Listing.price_amount) <= asked.price_max,
        col(Listing.price_currency) == asked.currency,
    ]


def _rated(least: int) -> list[ColumnElement[bool]]:
    if not least:
        return []
    return [reviews_given() > 0, stars_given() >= least * reviews_given()]


def _order(key: str, asked: Narrowing) -> tuple[Any, ...]:
    newest = (col(Listing.created_at).desc(), col(Listing.slug))
    if asked.order == "newest":
        return newest
    if asked.order == "best":
        return ((reviews_given() > 0).desc(), _weighted(key).desc(), *newest)
    amount: Any = col(Listing.price_amount)
    foreign: Any = func.coalesce(col(Listing.price_currency), "") != asked.currency
    price = amount.asc() if asked.order == "cheapest" else amount.desc()
    return (foreign, price.nulls_last(), *newest)


def _weighted(key: str) -> Any:
    """A listing's mean, drawn towards its category's as long as few have reviewed it.

    A Bayesian average: `v/(v+m) * R + m/(v+m) * C`, where R is the mean of v reviews, C that of all
    reviews of the category's listings on show, and m is `WEIGHT`. So one review of five stars does
    not stand above fifty of nearly five. It is the formula that IMDb gave for its Top 250, as
    https://stats.stackexchange.com/questions/189658 quotes it, with an m for markets that have few
    reviews.
    """
    every = func.nullif(func.sum(reviews_given()), 0)
    mean = (
        select(cast(func.sum(stars_given()), Numeric) / every)
        .where(*_of_category(key))
        .correlate(None)
        .scalar_subquery()
    )
    return (stars_given() + WEIGHT * mean) / (reviews_given() + WEIGHT)
