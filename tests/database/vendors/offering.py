"""Providers with somebody who acts for them, for tests."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts import actors
from app.accounts.actors import Actor, system
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import member_by_id
from app.database import tenant_session
from app.markets.directory import MarketCard
from tests.factories import listing, person, provider


@dataclass(frozen=True)
class Offered:
    """A listing, and who acts for its provider."""

    listing_id: UUID
    provider_id: UUID
    provider: str
    actor: Actor
    email: str


async def offered(market: MarketCard, locale: str = "en", **more: object) -> Offered:
    """A listing of a provider for whom somebody with this language acts."""
    async with tenant_session(market.id) as session:
        owner, acting = await provider(session), await person(session, locale=locale)
        await give_role(session, system(market.id, "tests"), acting.id, Role.PROVIDER, owner.id)
        made = await listing(session, provider_id=owner.id, **more)
        member = await member_by_id(session, acting.id)
    assert member is not None
    actor = actors.person(market.id, member)
    return Offered(made.id, owner.id, owner.name, actor, acting.email)
