"""What the market's staff does with listings, one or many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing
from app.catalogue.publishing import ListingState
from app.catalogue.taxonomy import category
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.search.following import follow

Verdict = Literal["publish", "hide", "refuse"]

BECOMES: dict[Verdict, ListingState] = {
    "publish": ListingState.PUBLISHED,
    "hide": ListingState.HIDDEN,
    "refuse": ListingState.REFUSED,
}
MOST = 500
"""Listings that one deed may concern."""
LONGEST_REASON = 1000


class ReasonNeeded(AppError):
    """A provider is told why."""


@dataclass(frozen=True)
class Former:
    """A listing as it was before a deed, so that the deed can be taken back."""

    id: UUID
    version: int
    """The version that the deed made."""
    was: dict[str, Any]


async def moderate(
    session: TenantSession,
    actor: Actor,
    ids: Sequence[UUID],
    verdict: Verdict,
    reason: str = "",
) -> list[Former]:
    """Publish, hide or refuse listings, and say how they were; those already so are left out.

    Raises `NotAllowed`, `ReasonNeeded`, or `NotFound` when one of them does not exist.
    """
    actor.must(Permission.MODERATE)
    said = " ".join(reason.split())[:LONGEST_REASON]
    if verdict == "refuse" and not said:
        raise ReasonNeeded("Say why, so that the provider can mend it.")
    state = BECOMES[verdict]
    if verdict == "publish":
        said = ""
    return await _change(
        session, actor, ids, f"listing.{verdict}", {"state": state, "state_reason": said}
    )


async def recategorise(
    session: TenantSession, actor: Actor, ids: Sequence[UUID], key: str
) -> list[Former]:
    """Move listings to another category; raises as `moderate`."""
    actor.must(Permission.EDIT_CATALOGUE)
    if category(key) is None:
        raise NotFound("There is no such category.")
    return await _change(session, actor, ids, "listing.recategorise", {"category": key})


async def take_back(session: TenantSession, actor: Actor, former: Sequence[Former]) -> int:
    """Undo a deed of many, where nobody has changed the listing since; returns how many."""
    wanted = {one.id: one for one in former}
    fields = {name for one in former for name in one.was}
    actor.must(Permission.EDIT_CATALOGUE if "category" in fields else Permission.MODERATE)
    undone: list[UUID] = []
    for listing in await _locked(session, list(wanted)):
        one = wanted[listing.id]
        if listing.version == one.version:
            await _set(session, actor, listing, "listing.undo", one.was)
            undone.append(listing.id)
    await follow(session, actor, "listing", undone)
    return len(undone)


async def _change(
    session: TenantSession,
    actor: Actor,
    ids: Sequence[UUID],
    action: str,
    values: Mapping[str, Any],
) -> list[Former]:
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise AppError("At most %(count)s listings at a time, please.", count=MOST)
    found = await _locked(session, wanted)
    if len(found) < len(wanted):
        raise NotFound("There is no such listing.")
    former: list[Former] = []
    for listing in found:
        was = {name: getattr(listing, name) for name in values}
        if was == dict(values):
            continue
        await _set(session, actor, listing, action, values)
        former.append(Former(listing.id, listing.version, was))
    await follow(session, actor, "listing", [one.id for one in former])
    return former


async def _set(
    session: TenantSession,
    actor: Actor,
    listing: Listing,
    action: str,
    values: Mapping[str, Any],
) -> None:
    was = {name: getattr(listing, name) for name in values}
    for name, value in values.items():
        setattr(listing, name, value)
    listing.version += 1
    listing.updated_at = datetime.now(UTC)
    session.add(listing)
    await session.flush()
    await record(session, actor, action, "listing", listing.id, before=was, after=dict(values))


async def _locked(session: TenantSession, ids: Sequence[UUID]) -> list[Listing]:
    # In one order, so that two deeds over the same listings cannot wait for each other.
    query = (
        select(Listing)
        .where(col(Listing.id).in_(ids))
        .order_by(col(Listing.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())
