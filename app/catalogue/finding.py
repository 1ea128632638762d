"""Listings and providers in any state, as the market's staff looks through them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Text, cast, func, or_
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.cards import written_price
from app.catalogue.choices import choices
from app.catalogue.models import Listing, Provider
from app.database import TenantSession
from app.i18n import in_locale

PER_PAGE = 25
Order = Literal["newest", "oldest", "title", "price"]
ORDERS: tuple[Order, ...] = ("newest", "oldest", "title", "price")


@dataclass(frozen=True)
class Sought:
    """What a table of listings shall hold; empty texts ask for nothing."""

    words: str = ""
    state: str = ""
    category: str = ""
    provider: UUID | None = None
    language: str = ""
    order: Order = "newest"
    number: int = 1


@dataclass(frozen=True)
class ListedListing:
    """A listing as a row of the table."""

    id: UUID
    title: str
    provider: str
    provider_id: UUID
    category: str
    state: str
    reason: str
    price: str
    city: str
    changed: datetime


@dataclass(frozen=True)
class ListedProvider:
    """A provider as a row of the table."""

    id: UUID
    name: str
    state: str
    listings: int
    waiting: int


@dataclass(frozen=True)
class ListingTable:
    """A page of listings; `total` counts all pages, which are at least one."""

    rows: list[ListedListing]
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class ProviderTable:
    """A page of providers."""

    rows: list[ListedProvider]
    total: int
    number: int
    pages: int


async def listings_found(
    session: TenantSession, actor: Actor, sought: Sought, locale: str
) -> ListingTable:
    """A page of the market's listings; a page beyond the last is the last. Raises `NotAllowed`."""
    if not actor.may(Permission.EDIT_CATALOGUE):
        actor.must(Permission.MODERATE)
    query = (
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(*_conditions(sought))
    )
    total = (await session.exec(select(func.count()).select_from(query.subquery()))).one()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, sought.number), pages)
    found = await session.exec(
        query.order_by(*_order(sought.order, locale))
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    decided = await choices(session)
    rows = [
        listed(listing, provider.name, decided.name(listing.category, locale), locale)
        for listing, provider in found
    ]
    return ListingTable(rows, total, number, pages)


async def listings_by(session: TenantSession, actor: Actor, locale: str) -> list[ListedListing]:
    """Everything that the actor's own providers offer, in any state, the newest first."""
    actor.must(Permission.OFFER)
    found = await session.exec(
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(col(Listing.provider_id).in_(actor.providers))
        .order_by(col(Listing.created_at).desc(), col(Listing.id))
        .limit(500)
    )
    decided = await choices(session)
    return [
        listed(listing, provider.name, decided.name(listing.category, locale), locale)
        for listing, provider in found
    ]


async def providers_found(
    session: TenantSession, actor: Actor, *, words: str = "", state: str = "", number: int = 1
) -> ProviderTable:
    """A page of the market's providers, by name; raises `NotAllowed`."""
    if not actor.may(Permission.EDIT_CATALOGUE):
        actor.must(Permission.MODERATE)
    wanted: list[Any] = []
    if like := _like(words):
        wanted.append(func.lower(Provider.name).like(like))
    if state:
        wanted.append(col(Provider.state) == state)
    total = (await session.exec(select(func.count()).select_from(Provider).where(*wanted))).one()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    # A join would count nothing for providers without listings, and the page is short.
    found = (
        await session.exec(
            select(Provider)
            .where(*wanted)
            .order_by(func.lower(Provider.name), col(Provider.id))
            .offset((number - 1) * PER_PAGE)
            .limit(PER_PAGE)
        )
    ).all()
    counted = await session.exec(
        select(
            Listing.provider_id,
            func.count(),
            func.count().filter(col(Listing.state) == "waiting"),
        )
        .where(col(Listing.provider_id).in_([one.id for one in found]))
        .group_by(col(Listing.provider_id))
    )
    counts = {owner: (listings, waiting) for owner, listings, waiting in counted}
    rows = [
        ListedProvider(one.id, one.name, one.state, *counts.get(one.id, (0, 0))) for one in found
    ]
    return ProviderTable(rows, total, number, pages)


def listed(listing: Listing, provider: str, kind: str, locale: str) -> ListedListing:
    """A listing as a row of a table."""
    return ListedListing(
        id=listing.id,
        title=in_locale(listing.title, locale),
        provider=provider,
        provider_id=listing.provider_id,
        category=kind,
        state=listing.state,
        reason=listing.state_reason,
        price=written_price(listing, locale),
        city=listing.city_names.get(locale) or listing.city or "",
        changed=listing.updated_at,
    )


def _conditions(sought: Sought) -> list[Any]:
    wanted: list[Any] = []
    if like := _like(sought.words):
        texts = (
            cast(col(Listing.title), Text),
            cast(col(Listing.description), Text),
            col(Listing.external_id),
            col(Provider.name),
        )
        wanted.append(or_(*(func.lower(text).like(like) for text in texts)))
    if sought.state:
        wanted.append(col(Listing.state) == sought.state)
    if sought.category:
        wanted.append(col(Listing.category) == sought.category)
    if sought.provider:
        wanted.append(col(Listing.provider_id) == sought.provider)
    if sought.language:
        wanted.append(col(Listing.languages).contains([sought.language]))
    return wanted


def _order(order: Order, locale: str) -> tuple[Any, ...]:
    last = col(Listing.id)
    if order == "title":
        titles = col(Listing.title)
        own = titles[locale].as_string()  # pyright: ignore[reportIndexIssue, reportUnknownMemberType, reportUnknownVariableType]
        return func.lower(func.coalesce(own, cast(titles, Text))), last
    if order == "price":
        return col(Listing.price_amount).asc().nulls_last(), last
    changed = col(Listing.updated_at)
    return (changed.asc() if order == "oldest" else changed.desc()), last


def _like(words: str) -> str:
    sought = " ".join(words.replace("\x00", "").split())[:100].lower()
    escaped = sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if escaped else ""
