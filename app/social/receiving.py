"""Taking mentions in: the same one twice is one, and a changed one is read anew."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from sqlalchemy import text, tuple_
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing, Provider
from app.database import TenantSession
from app.jobs.models import Job
from app.jobs.queue import enqueue
from app.knowledge.languages import language_of
from app.markets.directory import MarketCard
from app.rows import Problem, Row, read_rows, reason_of
from app.social.inputs import MentionInput
from app.social.models import Mention

READING = "social.read"
"""The kind of the job that reads what was brought in; see `app.social.work`."""
AT_ONCE = 500
"""Rows that are looked up together."""
_UNREAD: Mapping[str, Any] = {"sentiment": None, "sureness": None, "vector": None, "topic_id": None}


@dataclass
class Loaded:
    """What was taken in; `unknown` counts those about a provider or listing that is not here."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unknown: int = 0
    changed: set[UUID] = field(default_factory=set[UUID])


@dataclass(frozen=True)
class Received:
    """What came of a batch, and what is wrong with the items that were refused, counted from 0."""

    loaded: Loaded
    refused: tuple[Problem, ...]


def read_mentions(path: Path) -> Iterator[Row[MentionInput] | Problem]:
    """Every row of a file of mentions, good or a problem."""
    return read_rows(path, MentionInput)


async def receive_mentions(
    session: TenantSession, actor: Actor, market: MarketCard, told: Sequence[Mapping[str, Any]]
) -> Received:
    """Take the good ones of a batch in; the others are told by their place and reason."""
    actor.must(Permission.WRITE_MENTIONS)
    good: dict[str, MentionInput] = {}
    refused: list[Problem] = []
    for place, one in enumerate(told):
        try:
            made = MentionInput.model_validate(
                {name: value for name, value in one.items() if value is not None}
            )
        except ValidationError as error:
            refused.append(Problem(place, reason_of(error)))
            continue
        if made.key() in good:
            refused.append(Problem(place, f"{made.key()!r} is in the batch already"))
            continue
        good[made.key()] = made
    loaded = await load_mentions(session, market, good.values())
    await _note(session, actor, loaded)
    await ask_reading(session, actor)
    return Received(loaded, tuple(refused))


async def load_mentions(
    session: TenantSession,
    _market: MarketCard,
    rows: Iterable[MentionInput],
    progress: Callable[[int], None] = lambda _: None,
) -> Loaded:
    """Make the market's mentions what `rows` say, leaving those that no row names.

    All happens in the session's one unit of work. `progress` is told the number of rows done.
    """
    # The same mention may arrive twice at the same time; the second waits and finds the first.
    await only_one(session)
    loaded, done, left = Loaded(), 0, iter(rows)
    while part := list(islice(left, AT_ONCE)):
        await _load_some(session, part, loaded)
        done += len(part)
        progress(done)
    return loaded


async def only_one(session: TenantSession) -> None:
    """Wait until no other transaction takes mentions of this market in."""
    lock = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")
    await (await session.connection()).execute(lock, {"key": f"mentions:{session.tenant_id}"})


async def ask_reading(session: TenantSession, actor: Actor) -> None:
    """Have what this transaction brought in read, by a job that waits already if one does.

    Comes after `load_mentions`: the job waits for whoever brings something in to be committed.
    """
    waits = select(Job.id).where(Job.kind == READING, Job.state == "waiting").limit(1)
    if (await session.exec(waits)).first() is None:
        await enqueue(session, actor, READING, lock=READING)


async def _note(session: TenantSession, actor: Actor, loaded: Loaded) -> None:
    if loaded.created or loaded.updated:
        done = {"created": loaded.created, "updated": loaded.updated}
        await record(session, actor, "mentions.imported", "mention", after=done)


async def _load_some(session: TenantSession, rows: Sequence[MentionInput], loaded: Loaded) -> None:
    keys = [(row.source, row.external_id) for row in rows]
    known = select(Mention).where(tuple_(col(Mention.source), col(Mention.external_id)).in_(keys))
    here = {(one.source, one.external_id): one for one in await session.exec(known)}
    providers, listings = await _things(session, rows)
    for row in rows:
        listing = listings.get(row.listing or "")
        provider_id = listing[1] if listing else providers.get(row.provider or "")
        loaded.unknown += bool((row.listing and not listing) or (row.provider and not provider_id))
        values: dict[str, Any] = {
            "author": row.author or "",
            "url": row.url or "",
            "text": row.text,
            "language": row.language or language_of(row.text, usual=""),
            "published_at": row.published_at,
            "provider_id": provider_id,
            "listing_id": listing[0] if listing else None,
        }
        mention = here.get((row.source, row.external_id))
        if mention is None:
            mention = Mention(id=uuid4(), source=row.source, external_id=row.external_id, **values)
            session.add(mention)
            loaded.created += 1
        elif all(getattr(mention, name) == value for name, value in values.items()):
            loaded.unchanged += 1
            continue
        else:
            if mention.text != row.text:
                values |= _UNREAD
            for name, value in values.items():
                setattr(mention, name, value)
            loaded.updated += 1
        loaded.changed.add(mention.id)
    await session.flush()


async def _things(
    session: TenantSession, rows: Sequence[MentionInput]
) -> tuple[dict[str, UUID], dict[str, tuple[UUID, UUID]]]:
    """The providers and the listings (with their providers) that rows name, by external id."""
    named = {row.provider for row in rows if row.provider}
    providers = select(Provider.external_id, Provider.id).where(
        col(Provider.external_id).in_(named)
    )
    offered = {row.listing for row in rows if row.listing}
    listings = select(Listing.external_id, Listing.id, Listing.provider_id).where(
        col(Listing.external_id).in_(offered)
    )
    return (
        dict(list(await session.exec(providers))) if named else {},
        {name: (one, of) for name, one, of in await session.exec(listings)} if offered else {},
    )
