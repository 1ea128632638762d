"""Erasing an account: everything about the person, save what must be kept, which is named."""

import logging
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, delete

from app.accounts.actors import Actor
from app.accounts.models import Person, Ticket
from app.accounts.permissions import Permission, Role
from app.accounts.roles import roles_of
from app.audit.log import record
from app.catalogue.leaving import alone_for, take_names_away
from app.catalogue.models import Upload
from app.conversations.attachments.taking import files_of, sweep_soon
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.jobs.models import Job
from app.privacy.holdings import HOLDINGS
from app.projects.leaving import forget_guest
from app.reviews.counting import count_anew
from app.reviews.leaving import reviewed_by
from app.social.models import Mention

_log = logging.getLogger(__name__)


class OwnerStays(AppError):
    """The account owns a market that would have no owner without it."""

    code = "owner"


@dataclass(frozen=True)
class Erased:
    """How many rows of each table are gone, and how many are kept.

    Of the kept providers `unnamed` had nobody else: they are hidden, without a name or listings.
    """

    gone: dict[str, int]
    kept: dict[str, int]
    unnamed: int


async def erase(session: TenantSession, actor: Actor, person_id: UUID) -> Erased:
    """Erase the account of `person_id`: one's own, or as the program itself.

    Conversations, reviews, sign-ins, roles, consents and credentials go with it; entries of the
    audit log stay. A provider for whom nobody else acts is unpublished, and its names and listings
    go, with what was written of it elsewhere; one that others act for stays as it is. Raises
    `OwnerStays` for the market's owner, and `NotFound` or `NotAllowed` for anybody else's account.
    """
    actor.must(Permission.KEEP_ACCOUNT)
    if actor.kind != "system" and actor.person_id != person_id:
        raise NotFound("There is no such person.")
    person = await session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound("There is no such person.")
    if await roles_of(session, person_id) & {Role.OWNER, Role.PLATFORM_OWNER}:
        raise OwnerStays("Hand the market over to somebody else first.")
    before = await _counted(session, person)
    email = person.email
    if person.email_verified_at is not None:
        await forget_guest(session, email)
    # What others wrote of a provider who is this person alone.
    told_of_them = delete(Mention).where(col(Mention.provider_id).in_(alone_for(person_id)))
    mentions = (await session.exec(told_of_them)).rowcount
    unnamed, listings, photos = await take_names_away(session, actor, person_id)
    files, reviewed = await files_of(session, person_id), await reviewed_by(session, person_id)
    await session.exec(delete(Upload).where(col(Upload.made_by) == person_id))
    await session.exec(delete(Job).where(col(Job.asked_by) == person_id))
    await session.exec(delete(Ticket).where(col(Ticket.email) == email))
    # Everything else refers to the person and goes with them.
    await session.exec(delete(Person).where(col(Person.id) == person_id))
    await session.flush()
    await sweep_soon(session, files)
    await count_anew(session, reviewed)
    session.expunge_all()
    after = await _counted(session, person)
    left = {name: count for name, count in after.items() if count}
    kept = {holding.name for holding in HOLDINGS if holding.kept}
    if set(left) - kept:
        raise AssertionError(f"rows about an erased person are left: {left}")
    gone = {name: before[name] - after[name] for name in before if name not in kept}
    # Which were theirs is known by the roles, and those are gone; the rows are not.
    gone["listing"], gone["listing_photo"], gone["mention"] = listings, photos, mentions
    stays = {name: after[name] for name in kept} | {"provider": before["provider"]}
    told = {"rows": gone, "kept": stays, "providers_unnamed": unnamed}
    await record(session, actor, "account.erased", "person", person_id, after=told)
    return Erased(gone=gone, kept=stays, unnamed=unnamed)


async def _counted(session: TenantSession, person: Person) -> dict[str, int]:
    counted: dict[str, int] = {}
    for holding in HOLDINGS:
        query = any_select(func.count()).select_from(holding.query(person).subquery())
        counted[holding.name] = (await session.scalars(query)).one()
    return counted
