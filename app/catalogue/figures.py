"""How much a market offers, and in which state it is."""

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.models import Listing, Provider
from app.database import TenantSession

STATES = ("published", "waiting", "draft", "hidden", "refused")


async def listings_by_state(session: TenantSession, actor: Actor) -> dict[str, int]:
    """How many listings are in each of `STATES`."""
    actor.must(Permission.SEE_FIGURES)
    counted = select(Listing.state, func.count()).group_by(col(Listing.state))
    found = dict((await session.exec(counted)).all())
    return {state: found.get(state, 0) for state in STATES}


async def provider_total(session: TenantSession, actor: Actor) -> int:
    """How many providers there are, shown or hidden."""
    actor.must(Permission.SEE_FIGURES)
    return (await session.exec(select(func.count()).select_from(Provider))).one()
