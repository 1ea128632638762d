"""Prices of comparable services on show, for whoever wants to know what is usual."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.catalogue.models import Listing
from app.catalogue.publishing import on_show
from app.database import TenantSession


async def comparable_prices(
    session: TenantSession,
    category: str,
    unit: str,
    currency: str,
    *,
    city: str | None = None,
    without: Collection[UUID] = (),
) -> list[Decimal]:
    """What services of a category ask for the same unit in the same currency, the lowest first.

    `unit` is empty for prices that name none. `without` are providers whose own prices would
    only tell them what they know. Free services have no price to compare.
    """
    wanted = [
        col(Listing.category) == category,
        col(Listing.price_currency) == currency,
        col(Listing.price_amount) > 0,
        on_show(),
    ]
    named = col(Listing.price_unit)
    wanted.append(named == unit if unit else (named.is_(None) | (named == "")))
    if city:
        wanted.append(col(Listing.city) == city)
    if without:
        wanted.append(col(Listing.provider_id).not_in(without))
    asked = col(Listing.price_amount)
    found = await session.scalars(any_select(asked).where(*wanted).order_by(asked))
    return [amount for amount in found if amount is not None]


async def listings_on_show(session: TenantSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these listings that everybody may see."""
    if not ids:
        return set()
    return set(await session.exec(select(Listing.id).where(col(Listing.id).in_(ids), on_show())))


async def usual_unit(session: TenantSession, category: str, currency: str) -> str | None:
    """The unit that most services of a category are priced by; None where nothing is priced."""
    named = func.coalesce(col(Listing.price_unit), "")
    query = (
        any_select(named)
        .where(
            col(Listing.category) == category,
            col(Listing.price_currency) == currency,
            col(Listing.price_amount) > 0,
            on_show(),
        )
        .group_by(named)
        .order_by(func.count().desc(), named)
        .limit(1)
    )
    return await session.scalar(query)
