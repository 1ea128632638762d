"""Consents: recorded when given and when taken back, never assumed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor, SignInNeeded
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError
from app.privacy.models import Consent

Kind = Literal["terms", "newsletter", "improvement"]
"""`terms` of use (given at sign-up), `newsletter` by mail, `improvement`: that conversations may
be used to measure and better the answers."""
KINDS: tuple[Kind, ...] = get_args(Kind)
TERMS_VERSION = "2026-11"
"""Changes with the wording that people agree to."""


@dataclass(frozen=True)
class Standing:
    """What a person has said about one kind, and when."""

    kind: Kind
    given: bool
    since: datetime | None


async def say(session: TenantSession, actor: Actor, kind: str, *, given: bool) -> None:
    """Record the actor's own consent or its withdrawal; the same again is not recorded twice."""
    if actor.person_id is None:
        raise SignInNeeded("Sign in to do this.")
    known = next((one for one in KINDS if one == kind), None)
    if known is None or (known == "terms" and not given):
        # Whoever takes the terms back erases the account instead.
        raise AppError("There is no such consent.")
    held = {one.kind: one for one in await standing(session, actor.person_id)}[known]
    if held.given == given and held.since is not None:
        return
    session.add(
        Consent(
            person_id=actor.person_id,
            kind=known,
            given=given,
            text_version=TERMS_VERSION,
            address=actor.address,
        )
    )
    await session.flush()
    deed = "consent.given" if given else "consent.withdrawn"
    await record(session, actor, deed, "consent", after={"kind": known})


async def standing(session: TenantSession, person_id: UUID) -> list[Standing]:
    """Every kind, and what holds for the person."""
    found = await session.exec(
        select(Consent)
        .where(Consent.person_id == person_id)
        .order_by(col(Consent.created_at), col(Consent.id))
    )
    newest = {one.kind: one for one in found}
    return [
        Standing(
            kind=kind,
            given=kind in newest and newest[kind].given,
            since=newest[kind].created_at if kind in newest else None,
        )
        for kind in KINDS
    ]
