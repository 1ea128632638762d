"""Listings from a file: how rows become a market's listings."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlmodel import col, select

from app.catalogue.inputs import LISTS, ListingInput
from app.catalogue.models import Listing, Provider
from app.catalogue.photos.fetching import fetch_later
from app.catalogue.slugs import slug_for
from app.database import TenantSession
from app.i18n import in_locale
from app.markets.directory import MarketCard
from app.markets.quotas import Quota, leave_room
from app.rows import Problem, Row, read_rows

BATCH = 500

Item = TypeVar("Item")


@dataclass
class Loaded:
    """What an import did; `changed` are the listings that the search index must read again."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    changed: set[UUID] = field(default_factory=set[UUID])
    photos: list[UUID] = field(default_factory=list[UUID])
    """The listings whose photos are other ones now, and are fetched by a job."""


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
    Slugs are given once and kept, whatever becomes of the titles. Photos that rows name are
    fetched afterwards, by a job. Raises `QuotaUsedUp`.
    """
    loaded = Loaded()
    done = 0
    for batch in _batches(rows, BATCH):
        providers = await _providers(session, batch, loaded)
        await _listings(session, market, batch, providers, loaded)
        await session.flush()
        # Asked afterwards, for only then is it known which rows were new.
        await leave_room(session, Quota.LISTINGS, 0)
        session.expunge_all()
        done += len(batch)
        progress(done)
    await fetch_later(session, loaded.photos)
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
        known[key].version += 1
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
        values: dict[str, Any] = {
            "provider_id": providers[row.provider.key()],
            **row.values(market),
        }
        listing = known.get(row.external_id)
        if listing is None:
            slug = slug_for(
                titles[row.external_id], row.external_id, identity=row.external_id, taken=taken
            )
            taken.add(slug)
            listing = Listing(id=uuid4(), external_id=row.external_id, slug=slug, **values)
            session.add(listing)
            loaded.created += 1
            if listing.photo_sources:
                loaded.photos.append(listing.id)
        elif all(getattr(listing, name) == value for name, value in values.items()):
            loaded.unchanged += 1
            continue
        else:
            if listing.photo_sources != values["photo_sources"]:
                loaded.photos.append(listing.id)
            for name, value in values.items():
                setattr(listing, name, value)
            listing.version += 1
            listing.updated_at = datetime.now(UTC)
            loaded.updated += 1
        loaded.changed.add(listing.id)


def _batches(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
