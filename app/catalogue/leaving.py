"""What becomes of those who offer when the last person behind them is erased."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.actors import Actor
from app.accounts.models import RoleGrant
from app.audit.log import record
from app.catalogue.models import Listing, Provider
from app.catalogue.photos.sweeping import photos_among, sweep_soon
from app.catalogue.publishing import ProviderState
from app.database import TenantSession
from app.i18n import N_, translate
from app.markets.changes import announce
from app.markets.directory import market_by_id
from app.search.following import follow

FORMER = N_("Former provider")


def alone_for(person_id: UUID) -> SelectOfScalar[UUID]:
    """The providers for whom this person acts and nobody else does."""
    acting = select(RoleGrant.provider_id).where(RoleGrant.person_id == person_id)
    others = select(RoleGrant.provider_id).where(RoleGrant.person_id != person_id)
    return (
        select(Provider.id)
        .where(col(Provider.id).in_(acting))
        .where(col(Provider.id).not_in(others.where(col(RoleGrant.provider_id).is_not(None))))
    )


async def take_names_away(
    session: TenantSession, actor: Actor, person_id: UUID
) -> tuple[int, int, int]:
    """Unpublish those for whom this person alone acts; return how many, with listings and photos.

    For one who erases their account, while the role is still there; `app.privacy.erasing` has
    asked for the right to. The row stays without a name, a text, or an address that tells one:
    what a market must keep of its deals may refer to it. Listings are texts of a person who is
    gone, so they go. Whoever else acts for a provider keeps it as it is.
    """
    query = select(Provider).where(col(Provider.id).in_(alone_for(person_id))).with_for_update()
    left = (await session.exec(query)).all()
    if not left:
        return 0, 0, 0
    market = await market_by_id(session.tenant_id)
    name = translate(market.default_locale if market else "en", FORMER)
    offers = select(Listing.id).where(col(Listing.provider_id).in_([one.id for one in left]))
    listings = list(await session.exec(offers))
    photos = await photos_among(session, listings)
    await session.exec(delete(Listing).where(col(Listing.id).in_(listings)))
    await sweep_soon(session, photos)
    for provider in left:
        provider.name, provider.about = name, {}
        # The address was made of the name; the other id may come from a file that has one.
        provider.slug = provider.external_id = f"former-{provider.id.hex}"
        provider.state = ProviderState.HIDDEN
        provider.version += 1
        provider.updated_at = datetime.now(UTC)
        session.add(provider)
        await record(session, actor, "provider.left", "provider", provider.id)
    await session.flush()
    await follow(session, actor, "listing", listings)
    await announce(session)
    return len(left), len(listings), len(photos)
