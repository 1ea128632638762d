"""The platform takes a market's archive: the market's own job, noted in the platform's log too."""

from uuid import UUID

from app.accounts.actors import Actor, system
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession, tenant_session
from app.jobs.models import Job
from app.markets.archive import Archive, archive_of, exports_of, request_export
from app.markets.closing import market_of_platform, note


async def ask_archive(session: TenantSession, actor: Actor) -> UUID:
    """Ask for an archive and return the id of the job, which is the market's.

    Takes a `deed_session`. Raises `ExportRunning`.
    """
    market = await market_of_platform(session, actor)
    job_id = await request_export(session, _in_its_name(market.tenant_id, actor))
    await note(session, actor, "market.export_asked", market, after={"job": str(job_id)})
    return job_id


async def archives_of(session: TenantSession, actor: Actor) -> list[Job]:
    """The newest archives of the session's market and attempts at one, the newest first."""
    actor.must(Permission.PLATFORM)
    return await exports_of(session, _in_its_name(session.tenant_id, actor))


async def hand_out(actor: Actor, market_id: UUID, job_id: UUID) -> Archive:
    """The archive that a job of a market made; raises `NotFound` when it is over."""
    actor.must(Permission.PLATFORM)
    async with tenant_session(market_id) as session:
        found = await archive_of(session, _in_its_name(market_id, actor), job_id)
    async with tenant_session(actor.market_id) as session:
        told = {"job": str(job_id), "file": found.name}
        await record(session, actor, "market.exported", "market", market_id, after=told)
    return found


def _in_its_name(market_id: UUID, actor: Actor) -> Actor:
    # In the market's own log it is the platform that did it, by the name of who asked.
    return system(market_id, f"Agora: {actor.name}", Permission.EXPORT)
