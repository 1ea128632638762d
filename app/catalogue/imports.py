"""Listings from a file: what a row must be, and how rows become a market's listings."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID, uuid4

from babel.numbers import list_currencies
from pydantic import AfterValidator, Field, model_validator
from sqlmodel import col, select

from app.catalogue.models import Listing, Provider
from app.catalogue.slugs import slug_for
from app.catalogue.taxonomy import categories, category
from app.database import TenantSession
from app.i18n import in_locale
from app.markets.directory import MarketCard
from app.rows import LocaleCode, Problem, Row, RowInput, Short, Texts, Titles, read_rows

BATCH = 500
LISTS = frozenset({"languages", "tags"})

Item = TypeVar("Item")


@cache
def _keys() -> list[str]:
    return [kind.key for kind in categories()]


def _known_category(key: str) -> str:
    if category(key):
        return key
    near = difflib.get_close_matches(key, _keys(), n=3, cutoff=0.6)
    # The part after the slash is what people remember: plumber, not craft/plumber.
    last = key.rpartition("/")[2]
    near += [each for each in _keys() if each.endswith(f"/{last}") and each not in near]
    hint = f"; did you mean {', '.join(near[:3])}?" if near else ""
    raise ValueError(f"there is no category {key!r}{hint}")


def _known_currency(code: str) -> str:
    if code not in list_currencies():
        raise ValueError(f"{code!r} is not an ISO 4217 currency")
    return code


def _web_address(address: str) -> str:
    # Anything else, such as javascript:, must not become an address on a page.
    if not address.startswith(("https://", "http://", "/")) or address.startswith("//"):
        raise ValueError("not an address that starts with https://")
    return address


class ProviderInput(RowInput):
    """Who offers it; without an `external_id` the name says who it is."""

    external_id: Short | None = None
    name: Short

    def key(self) -> str:
        return self.external_id or f"name:{self.name.casefold()}"


class PriceInput(RowInput):
    """What it costs; without a currency, in the market's own."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
    currency: Annotated[Short, AfterValidator(_known_currency)] | None = None
    unit: Short | None = None


class ListingInput(RowInput):
    """One row of a file of listings."""

    external_id: Short
    category: Annotated[Short, AfterValidator(_known_category)]
    provider: ProviderInput
    title: Titles
    description: Texts
    price: PriceInput | None = None
    city: Short | None = None
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    radius_km: Annotated[float, Field(gt=0, le=20_100, allow_inf_nan=False)] | None = None
    languages: Annotated[list[LocaleCode], Field(default_factory=list, max_length=50)]
    tags: Annotated[list[Short], Field(default_factory=list, max_length=50)]
    photo: Annotated[Short, AfterValidator(_web_address)] | None = None

    def key(self) -> str:
        return self.external_id

    @model_validator(mode="after")
    def _whole_position(self) -> "ListingInput":
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon belong together")
        return self


@dataclass
class Loaded:
    """What an import did; `changed` are the listings that the search index must read again."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    changed: set[UUID] = field(default_factory=set[UUID])


def read_listings(path: Path) -> Iterator[Row[ListingInput] | Problem]:
    """Every row of a file of listings, good or a problem.

    One provider's id with two names in one file is a problem: the second row would undo the first
    and importing the file again would never come to rest.
    """
    names: dict[str, tuple[str, int]] = {}
    for row in read_rows(path, ListingInput, LISTS):
        if isinstance(row, Row):
            provider = row.value.provider
            name, line = names.setdefault(provider.key(), (provider.name, row.line))
            if name != provider.name:
                yield Problem(row.line, f"provider: {provider.key()!r} is {name!r} on line {line}")
                continue
        yield row


async def load_listings(
    session: TenantSession,
    market: MarketCard,
    rows: Iterable[ListingInput],
    progress: Callable[[int], None] = lambda _: None,
) -> Loaded:
    """Make the market's listings what `rows` say, leaving those that no row names.

    All happens in the session's one unit of work. `progress` is told the number of rows done.
    Slugs are given once and kept, whatever becomes of the titles.
    """
    loaded = Loaded()
    done = 0
    for batch in _batches(rows, BATCH):
        providers = await _providers(session, batch, loaded)
        await _listings(session, market, batch, providers, loaded)
        await session.flush()
        session.expunge_all()
        done += len(batch)
        progress(done)
    return loaded


async def _providers(
    session: TenantSession, batch: list[ListingInput], loaded: Loaded
) -> dict[str, UUID]:
    wanted = {row.provider.key(): row.provider.name for row in batch}
    known = {
        provider.external_id: provider
        for provider in await session.exec(
            select(Provider).where(col(Provider.external_id).in_(wanted))
        )
    }
    renamed = [key for key, name in wanted.items() if key in known and known[key].name != name]
    for key in renamed:
        known[key].name = wanted[key]
        known[key].updated_at = datetime.now(UTC)
    if renamed:
        # A listing is found by its provider's name too.
        ids = [known[key].id for key in renamed]
        loaded.changed.update(
            await session.exec(select(Listing.id).where(col(Listing.provider_id).in_(ids)))
        )
    new = {key: name for key, name in wanted.items() if key not in known}
    slugs = {
        key: slug_for(name, _suffix(key), identity=key, taken=set()) for key, name in new.items()
    }
    taken = set(
        await session.exec(select(Provider.slug).where(col(Provider.slug).in_(slugs.values())))
    )
    for key, name in new.items():
        slug = slug_for(name, _suffix(key), identity=key, taken=taken)
        taken.add(slug)
        known[key] = Provider(id=uuid4(), external_id=key, slug=slug, name=name)
        session.add(known[key])
    await session.flush()
    return {key: provider.id for key, provider in known.items()}


def _suffix(provider_key: str) -> str:
    """What tells apart providers of one name; a provider known by name alone needs nothing."""
    return "" if provider_key.startswith("name:") else provider_key


async def _listings(
    session: TenantSession,
    market: MarketCard,
    batch: list[ListingInput],
    providers: dict[str, UUID],
    loaded: Loaded,
) -> None:
    known = {
        listing.external_id: listing
        for listing in await session.exec(
            select(Listing).where(col(Listing.external_id).in_([row.external_id for row in batch]))
        )
    }
    titles = {
        row.external_id: in_locale(row.title, market.default_locale)
        for row in batch
        if row.external_id not in known
    }
    wanted = [slug_for(title, key, identity=key, taken=set()) for key, title in titles.items()]
    taken = set(await session.exec(select(Listing.slug).where(col(Listing.slug).in_(wanted))))
    for row in batch:
        values = _values(row, providers[row.provider.key()], market)
        listing = known.get(row.external_id)
        if listing is None:
            slug = slug_for(
                titles[row.external_id], row.external_id, identity=row.external_id, taken=taken
            )
            taken.add(slug)
            listing = Listing(id=uuid4(), external_id=row.external_id, slug=slug, **values)
            session.add(listing)
            loaded.created += 1
        elif all(getattr(listing, name) == value for name, value in values.items()):
            loaded.unchanged += 1
            continue
        else:
            for name, value in values.items():
                setattr(listing, name, value)
            listing.updated_at = datetime.now(UTC)
            loaded.updated += 1
        loaded.changed.add(listing.id)


def _values(row: ListingInput, provider_id: UUID, market: MarketCard) -> dict[str, Any]:
    price = row.price
    return {
        "provider_id": provider_id,
        "category": row.category,
        "title": row.title,
        "description": row.description,
        "price_amount": price.amount if price else None,
        "price_currency": (price.currency or market.currency) if price else None,
        "price_unit": price.unit if price else None,
        "city": row.city,
        "lat": row.lat,
        "lon": row.lon,
        "radius_km": row.radius_km,
        "languages": list(dict.fromkeys(row.languages)),
        "tags": list(dict.fromkeys(row.tags)),
        "photo": row.photo,
    }


def _batches(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
