"""Folders of this server whose files are a market's documents.

Only the operator names one, in a terminal: an address that came with a page could have any file
of the server read. Those who keep knowledge see the folders and may have them looked through.
"""

import dataclasses
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession
from app.errors import NotAllowed, NotFound
from app.jobs.models import Job
from app.jobs.queue import FINISHED, cancel, enqueue
from app.knowledge import documents
from app.knowledge.access import checked_access
from app.knowledge.models import Document, DocumentFolder, FolderFile
from app.knowledge.walking import folder_at
from app.search.index import Access


@dataclasses.dataclass(frozen=True)
class Followed:
    """A folder as lists show it; `path` is for the operator, `name` for everybody else.

    `state` is that of the newest job, `report` what came of it, `problem` a message id.
    """

    id: UUID
    path: str
    access: str
    files: int
    state: str
    done: int
    total: int
    problem: str
    report: dict[str, Any]
    looked_at: datetime | None

    @property
    def name(self) -> str:
        """The folder's own name, which says nothing of the server around it."""
        return Path(self.path).name


async def follow_folder(session: TenantSession, actor: Actor, path: Path, access: Access) -> UUID:
    """Make the files below a folder documents of the market; returns the folder's id.

    A folder that is followed already is given the new access, and so are its documents.
    Raises `NotAllowed` for anybody but the operator, `FolderGone` or `FolderRefused`.
    """
    actor.must(Permission.EDIT_KNOWLEDGE)
    if actor.kind != "system":
        raise NotAllowed("You are not allowed to do this.")
    place, access = str(folder_at(path)), checked_access(access)
    found = await session.exec(select(DocumentFolder).where(DocumentFolder.path == place))
    folder = found.one_or_none()
    if folder is None:
        folder = DocumentFolder(path=place, access=access)
        session.add(folder)
        await session.flush()
        after = {"name": Path(place).name, "access": access}
        await record(session, actor, "folder.added", "document_folder", folder.id, after=after)
    elif folder.access != access:
        before, folder.access = {"access": folder.access}, access
        for one in await documents_of_folder(session, folder.id):
            await documents.change(
                session, actor, one.id, one.version, title=one.title, access=access
            )
        subject, after = ("document_folder", folder.id), {"access": access}
        await record(session, actor, "folder.changed", *subject, before=before, after=after)
    await look_through(session, actor, folder.id)
    return folder.id


async def look_through(
    session: TenantSession, actor: Actor, folder_id: UUID, *, emptied: bool = False
) -> UUID:
    """Have a folder looked through now; returns the job's id, also of one that runs already.

    With `emptied` a folder without a file is believed, and its documents are deleted.
    """
    folder = await folder_of(session, actor, folder_id)
    running = await session.get(Job, folder.job_id) if folder.job_id else None
    if running is not None and running.state not in FINISHED and not running.cancel_asked:
        return running.id
    told = {"folder_id": str(folder.id), "emptied": emptied}
    folder.job_id = await enqueue(session, actor, "folder.sync", told, lock=f"folder:{folder.id}")
    await session.flush()
    return folder.job_id


async def stop_looking(session: TenantSession, actor: Actor, folder_id: UUID) -> None:
    """Stop looking through a folder; what was taken in stays."""
    folder = await folder_of(session, actor, folder_id)
    if folder.job_id is not None:
        await cancel(session, folder.job_id)


async def leave_folder(session: TenantSession, actor: Actor, folder_id: UUID) -> int:
    """Follow a folder no more and delete its documents; returns how many there were."""
    folder = await folder_of(session, actor, folder_id)
    if folder.job_id is not None:
        await cancel(session, folder.job_id)
    made = await documents_of_folder(session, folder.id)
    for one in made:
        await documents.delete(session, actor, one.id)
    before = {"name": Path(folder.path).name, "access": folder.access}
    await session.delete(folder)
    await record(session, actor, "folder.left", "document_folder", folder_id, before=before)
    return len(made)


async def folder_of(session: TenantSession, actor: Actor, folder_id: UUID) -> DocumentFolder:
    """One folder, held until the transaction ends; raises `NotFound`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.get(
        DocumentFolder, folder_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFound("There is no such folder.")
    return found


async def documents_of_folder(session: TenantSession, folder_id: UUID) -> list[Document]:
    """The documents that were made of a folder's files, and of nothing else."""
    query = (
        select(Document)
        .where(
            Document.source == "folder",
            col(Document.id).in_(
                select(FolderFile.document_id).where(FolderFile.folder_id == folder_id)
            ),
        )
        .order_by(col(Document.address))
    )
    return list(await session.exec(query))


async def folders_of(session: TenantSession, actor: Actor) -> list[Followed]:
    """Every folder of the market, by its path."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    counted = dict(
        (
            await session.exec(
                select(FolderFile.folder_id, func.count()).group_by(col(FolderFile.folder_id))
            )
        ).all()
    )
    found = await session.exec(
        select(DocumentFolder, Job)
        .outerjoin(Job, col(Job.id) == col(DocumentFolder.job_id))
        .order_by(col(DocumentFolder.path))
        .execution_options(populate_existing=True)
    )
    return [
        Followed(
            id=folder.id,
            path=folder.path,
            access=folder.access,
            files=counted.get(folder.id, 0),
            state=job.state if job else "",
            done=job.done if job else 0,
            total=job.total if job else 0,
            problem=job.problem if job else "",
            report=job.report if job else {},
            looked_at=job.finished_at if job else None,
        )
        for folder, job in found.all()
    ]
