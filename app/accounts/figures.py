"""How many people a market has."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.models import Person
from app.accounts.permissions import Permission
from app.database import TenantSession


@dataclass(frozen=True)
class Members:
    """All of them, and those who came in the last days."""

    all: int
    new: int


async def members(session: TenantSession, actor: Actor, days: int) -> Members:
    """How many people have an account, and how many of them are new."""
    actor.must(Permission.SEE_FIGURES)
    since = datetime.now(UTC) - timedelta(days=days)
    counted = select(func.count(), func.count().filter(col(Person.created_at) >= since))
    everybody, new = (await session.exec(counted.select_from(Person))).one()
    return Members(everybody, new)
