"""What those who keep knowledge see of documents: all of them, how far they are, what is in one."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.errors import NotFound
from app.jobs.models import Job
from app.knowledge.citing import quotable
from app.knowledge.models import Document, DocumentChunk, DocumentVersion
from app.search.index import Access, Query, Weighed
from app.search.serving import search_index

PER_PAGE = 25
WEIGHED = 12
"""Passages that the lab shows of those that were looked at."""

Step = Literal["waiting", "reading", "ready", "failed", "cancelled"]


@dataclasses.dataclass(frozen=True)
class Overseen:
    """A document as the list shows it; `problem` is a message id with `params`."""

    id: UUID
    title: str
    access: str
    source: str
    address: str
    current: int
    version: int
    step: Step
    done: int
    total: int
    problem: str
    params: dict[str, Any]
    kind: str
    language: str
    pages: int
    passages: int
    updated_at: datetime


@dataclasses.dataclass(frozen=True)
class OverseenPage:
    """A page of documents, the newest change first; `number` counts from 1."""

    documents: list[Overseen]
    total: int
    number: int
    pages: int


async def documents_of(
    session: TenantSession, actor: Actor, *, words: str = "", number: int = 1
) -> OverseenPage:
    """The documents whose title or address holds the words."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    wanted = select(Document)
    if words:
        sought = f"%{words.replace('%', '').replace('_', '')}%"
        wanted = wanted.where(
            col(Document.title).ilike(sought) | col(Document.address).ilike(sought)
        )
    total = (await session.exec(select(func.count()).select_from(wanted.subquery()))).one()
    pages = max(1, -(-total // PER_PAGE))
    number = min(max(1, number), pages)
    query = wanted.order_by(col(Document.updated_at).desc(), col(Document.id))
    found = await session.exec(query.offset((number - 1) * PER_PAGE).limit(PER_PAGE))
    return OverseenPage(await _overseen(session, found.all()), total, number, pages)


async def document_of(session: TenantSession, actor: Actor, document_id: UUID) -> Overseen:
    """One document; raises `NotFound`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.get(Document, document_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such document.")
    return (await _overseen(session, [found]))[0]


async def _overseen(session: TenantSession, found: Sequence[Document]) -> list[Overseen]:
    ids = [one.id for one in found]
    jobs = {
        job.id: job
        for job in await session.exec(
            select(Job)
            .where(col(Job.id).in_([one.job_id for one in found if one.job_id]))
            .execution_options(populate_existing=True)
        )
    }
    shown = {
        version.document_id: version
        for version in await session.exec(
            select(DocumentVersion)
            .join(Document, col(Document.id) == col(DocumentVersion.document_id))
            .where(col(Document.id).in_(ids), col(Document.current) == col(DocumentVersion.number))
        )
    }
    counted = dict(
        (
            await session.exec(
                select(DocumentChunk.version_id, func.count())
                .where(col(DocumentChunk.version_id).in_([one.id for one in shown.values()]))
                .group_by(col(DocumentChunk.version_id))
            )
        ).all()
    )
    listed: list[Overseen] = []
    for one in found:
        job = jobs.get(one.job_id) if one.job_id else None
        version = shown.get(one.id)
        listed.append(
            Overseen(
                id=one.id,
                title=one.title,
                access=one.access,
                source=one.source,
                address=one.address,
                current=one.current,
                version=one.version,
                step=_step(one, job),
                done=job.done if job else 0,
                total=job.total if job else 0,
                problem=job.problem if job and job.state == "failed" else "",
                params=job.report.get("params", {}) if job else {},
                kind=version.kind if version else "",
                language=version.language if version else "",
                pages=version.pages if version else 0,
                passages=counted.get(version.id, 0) if version else 0,
                updated_at=one.updated_at,
            )
        )
    return listed


def _step(document: Document, job: Job | None) -> Step:
    if job is not None:
        if job.state == "waiting":
            return "cancelled" if job.cancel_asked else "waiting"
        if job.state == "running":
            return "reading"
        if job.state == "failed":
            return "failed"
        if job.state == "cancelled":
            return "cancelled"
    return "ready" if document.current else "failed"


async def versions_of(
    session: TenantSession, actor: Actor, document_id: UUID
) -> list[DocumentVersion]:
    """The versions of a document, the newest first."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    query = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    return list(await session.exec(query.order_by(col(DocumentVersion.number).desc())))


async def chunks_of_version(
    session: TenantSession, actor: Actor, version_id: UUID, *, start: int = 0, limit: int = 50
) -> list[DocumentChunk]:
    """Passages of a version, in the order of reading."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    query = (
        select(DocumentChunk)
        .where(DocumentChunk.version_id == version_id, col(DocumentChunk.position) >= start)
        .order_by(col(DocumentChunk.position))
        .limit(limit)
    )
    return list(await session.exec(query))


@dataclasses.dataclass(frozen=True)
class Looked:
    """A passage that was looked at for a question, and why it was found or not.

    `given` says whether the reader would be told of it.
    """

    title: str
    heading: str
    text: str
    url: str
    weighed: Weighed
    given: bool


async def look(
    session: TenantSession, actor: Actor, text: str, locale: str, reader: Sequence[Access]
) -> list[Looked]:
    """What a question finds for a reader with this access, and what it passes over."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    everything: tuple[Access, ...] = ("public", "members", "staff")
    query = Query(text, locale, limit=WEIGHED, kinds=("passage",), access=everything)
    weighed = await search_index().weigh(session, query)
    told = await quotable(session, [one.id for one in weighed], everything, locale)
    return [
        Looked(
            title=quote.title,
            heading=" › ".join(quote.heading),
            text=quote.text,
            url=quote.url,
            weighed=one,
            given=one.sure >= one.enough and quote.access in reader,
        )
        for one in weighed
        if (quote := told.get(one.id)) is not None
    ]
