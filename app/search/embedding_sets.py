"""Choosing who embeds a market's texts: begun, filled by a job, and then switched over at once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, delete, func, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession
from app.errors import Conflict, NotFound
from app.jobs.models import Job
from app.jobs.queue import FINISHED, cancel, enqueue
from app.search.embeddings import paired_embedder
from app.search.models import EmbeddingSet, SearchEntry, SearchVector
from app.search.wording import fallen, serving_set
from app.settings import settings

SWITCH = "search.embedder"
"""The job that fills a set and switches over."""


@dataclass(frozen=True)
class Embedders:
    """Who embeds a market's texts, and who is being prepared to.

    `serving` is None where the packaged e5 alone does; `problem` (a message id) says why it stands
    in for the one that serves, in this process. `job` is the last change, running or over.
    """

    serving: EmbeddingSet | None
    filling: EmbeddingSet | None
    job: Job | None
    problem: str = ""
    entries: int = 0
    missing: int = 0
    """Entries that the serving set has no vector of yet."""

    @property
    def name(self) -> str:
        """What reads queries."""
        return self.serving.model if self.serving else paired_embedder().name

    @property
    def busy(self) -> bool:
        """Whether a change is under way."""
        return self.filling is not None and self.job is not None and self.job.state not in FINISHED


async def embedders(session: TenantSession, actor: Actor) -> Embedders:
    """Who embeds the market's texts."""
    actor.must(Permission.MODELS)
    serving, filling = await serving_set(session), await filling_set(session)
    last = select(Job).where(Job.kind == SWITCH).order_by(col(Job.created_at).desc()).limit(1)
    noted = fallen(serving.id) if serving else None
    entries = (await session.exec(select(func.count()).select_from(SearchEntry))).one()
    missing = entries - await count_of(session, serving.id) if serving else 0
    job = (await session.exec(last)).one_or_none()
    return Embedders(serving, filling, job, noted.reason if noted else "", entries, missing)


async def choose(session: TenantSession, actor: Actor, model_id: UUID) -> UUID:
    """Have a model embed the market's texts, and return the job that does it.

    What serves goes on until the new vectors are complete. Raises `NotFound` for a model that the
    market has not or that makes no vectors, `Conflict` while another change is under way.
    """
    from app.inference.chains import target  # noqa: PLC0415

    actor.must(Permission.MODELS)
    found = await target(session, actor, model_id)
    if found is None or not found.dimensions:
        raise NotFound("There is no such model.")
    if settings().weaviate_url is not None:
        raise Conflict("Search in Weaviate has its packaged encoders alone.")
    now = await embedders(session, actor)
    if now.busy:
        raise Conflict("Another change is under way; cancel it first.")
    if now.serving is not None and now.serving.model_id == model_id:
        raise Conflict("This model serves already.")
    await drop_filling(session)
    made = EmbeddingSet(model_id=model_id, model=found.name, dimensions=found.dimensions)
    session.add(made)
    await session.flush()
    made.job_id = await enqueue(session, actor, SWITCH, {"set": str(made.id)}, lock=SWITCH)
    session.add(made)
    told = {"from": now.name, "to": found.name}
    await record(session, actor, "embedder.chosen", "embedding_set", made.id, after=told)
    return made.job_id


async def stop(session: TenantSession, actor: Actor) -> None:
    """Cancel the change that is under way; what serves goes on."""
    actor.must(Permission.MODELS)
    filling = await filling_set(session)
    if filling is None:
        raise NotFound("No change is under way.")
    job = await session.get(Job, filling.job_id) if filling.job_id else None
    if job is not None and job.state == "running":
        # It looks now and then, and clears away what it has made.
        await cancel(session, job.id)
    else:
        if job is not None:
            await cancel(session, job.id)
        await drop_filling(session)
    await record(session, actor, "embedder.stopped", "embedding_set", filling.id)


async def use_packaged(session: TenantSession, actor: Actor) -> None:
    """Let the packaged e5 alone read queries again, at once; its vectors were never away."""
    actor.must(Permission.MODELS)
    serving = await serving_set(session)
    if serving is None:
        raise NotFound("Search uses the packaged encoders already.")
    told = {"from": serving.model, "to": paired_embedder().name}
    await session.delete(serving)
    await record(session, actor, "embedder.chosen", "embedding_set", serving.id, after=told)


async def filling_set(session: TenantSession, *, held: bool = False) -> EmbeddingSet | None:
    """The set that is being filled; `held` until the transaction ends."""
    query = select(EmbeddingSet).where(EmbeddingSet.state == "filling")
    if held:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).one_or_none()


async def drop_filling(session: TenantSession) -> None:
    """Delete what was made of a change that did not come to its end."""
    await session.exec(delete(EmbeddingSet).where(col(EmbeddingSet.state) == "filling"))


async def switch_over(session: TenantSession, set_id: UUID) -> bool:
    """Let a set serve if it has a vector of every entry; False where one was added meanwhile."""
    # Whoever adds vectors to the one that serves waits for this to be decided.
    rows = select(EmbeddingSet).with_for_update().execution_options(populate_existing=True)
    sets = {row.state: row for row in (await session.exec(rows)).all()}
    filling = sets.get("filling")
    if filling is None or filling.id != set_id:
        raise NotFound("No change is under way.")
    left = select(SearchEntry.id).where(lacks(set_id)).limit(1)
    if (await session.exec(left)).first() is not None:
        return False
    if "serving" in sets:
        await session.delete(sets["serving"])
        await session.flush()
    filling.state = "serving"
    session.add(filling)
    await session.flush()
    return True


def lacks(set_id: UUID) -> ColumnElement[bool]:
    """Which entries a set has no vector of."""
    return (
        ~select(SearchVector.id)
        .where(
            col(SearchVector.entry_id) == col(SearchEntry.id),
            col(SearchVector.tenant_id) == col(SearchEntry.tenant_id),
            col(SearchVector.set_id) == set_id,
        )
        .exists()
    )


async def count_of(session: TenantSession, set_id: UUID) -> int:
    """How many vectors a set has."""
    query = select(func.count()).select_from(SearchVector).where(SearchVector.set_id == set_id)
    return (await session.exec(query)).one()
