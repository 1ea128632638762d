"""The platform: the one tenant whose members open, watch and close the markets.

It has the platform's host, people and an audit log, and nothing to offer: no listings, no search
and no chat. What is done to a market is done by the owner role and noted in the platform's log.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from app.accounts import tickets
from app.accounts.actors import system
from app.accounts.models import Person
from app.accounts.permissions import Permission, Role
from app.accounts.roles import give_role
from app.accounts.signing import normal_email
from app.audit.log import record
from app.database import platform_session, tenant_session
from app.errors import Unavailable
from app.i18n import LOCALES
from app.markets.directory import MarketCard, bare_host, forget, market_by_id, market_by_key
from app.markets.models import PLATFORM_KEY, Market, MarketHost
from app.settings import settings

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Welcome:
    """What came of naming an owner: the role was given, or `link` invites them to take it."""

    email: str
    link: str = ""


async def platform() -> MarketCard:
    """The platform's card; raises `Unavailable` before `agora migrate` has made it."""
    found = await market_by_key(PLATFORM_KEY)
    if found is None or found.kind != "platform":
        raise Unavailable("The platform has not been set up yet; run: agora migrate")
    return found


async def ensure_platform() -> MarketCard:
    """Make the platform where it is missing and give it the host that the settings name.

    Needs the owner role. A host that a market has already stays that market's.
    """
    found = await market_by_key(PLATFORM_KEY)
    host = bare_host(settings().platform_host)
    if found is not None and found.host == host:
        return found
    market_id = found.id if found else uuid4()
    if found is None:
        try:
            async with platform_session(market_id) as session:
                session.add(
                    Market(
                        tenant_id=market_id,
                        key=PLATFORM_KEY,
                        name={"en": "Agora"},
                        tagline={},
                        locales=list(LOCALES),
                        default_locale=LOCALES[0],
                        currency="EUR",
                        timezone="UTC",
                        brand={},
                        kind="platform",
                    )
                )
        except IntegrityError:
            # Another process, which started at the same time, has made it.
            forget()
            return await ensure_platform()
    await _take_host(market_id, host)
    forget()
    card = await market_by_id(market_id)
    assert card is not None, "the platform was committed just now"
    return card


async def _take_host(market_id: UUID, host: str) -> None:
    try:
        async with platform_session(market_id) as session:
            for former in await session.exec(
                select(MarketHost).where(MarketHost.tenant_id == market_id)
            ):
                await session.delete(former)
            await session.flush()
            session.add(MarketHost(host=host, tenant_id=market_id, main=True))
    except IntegrityError:
        # An installation of a single market may serve it on the platform's host.
        return


async def welcome_owner(email: str, locale: str) -> Welcome:
    """Make somebody an owner of the platform: at once, or by a link where they have no account.

    For the operator's terminal alone; whoever may run commands there needs no role.
    """
    home = await ensure_platform()
    address = normal_email(email)
    actor = system(home.id, "agora platform", Permission.INVITE)
    async with tenant_session(home.id) as session:
        query = select(Person).where(col(Person.email) == address)
        known = (await session.exec(query)).one_or_none()
        if known is not None:
            await give_role(session, actor, known.id, Role.PLATFORM_OWNER)
            return Welcome(address)
        token = await tickets.issue(
            session,
            "invitation",
            address,
            INVITATION_LASTS,
            told={"role": Role.PLATFORM_OWNER, "provider_id": None},
        )
        told = {"email": address, "role": Role.PLATFORM_OWNER}
        await record(session, actor, "person.invited", "invitation", after=told)
    origin = settings().origin(home.host or settings().platform_host)
    return Welcome(address, f"{origin}/{locale}/invitation?ticket={token}")
