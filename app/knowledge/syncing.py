"""Looking through a folder: what is new, changed, moved or gone becomes documents or their end."""

import asyncio
from collections import Counter, deque
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor, system
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.jobs.work import Work, hourly, job
from app.knowledge import documents
from app.knowledge.access import checked_access
from app.knowledge.documents import BeingRead, File
from app.knowledge.folders import folder_of, look_through
from app.knowledge.models import Document, DocumentFolder, FolderFile
from app.knowledge.storing import digest_of
from app.knowledge.walking import FileGone, files_below, read_below
from app.markets.directory import all_markets

TOLD = 20
"""Files of which the report says what was wrong with them."""


class FolderEmptied(AppError):
    """A folder that had files has none now, as one does whose disk is not mounted."""


@job("folder.sync")
async def sync(work: Work) -> None:
    """Make the documents of a folder what its files are."""
    actor = system(work.market_id, "folder", Permission.EDIT_KNOWLEDGE)
    folder_id = UUID(work.told["folder_id"])
    async with tenant_session(work.market_id) as session:
        folder = await folder_of(session, actor, folder_id)
        rows = await session.exec(select(FolderFile).where(FolderFile.folder_id == folder_id))
        known = {row.address: row for row in rows}
    found = await asyncio.to_thread(files_below, Path(folder.path))
    if known and not found.files and not work.told.get("emptied"):
        raise FolderEmptied("The folder has no files any more, so nothing was deleted.")
    syncing = _Syncing(actor, folder, known, found.files)
    await syncing.run(work)
    work.report |= {**syncing.counts, "links": found.links, "problems": syncing.problems}


@hourly("Looking through folders")
async def sync_all() -> None:
    """Have every folder of every market looked through."""
    for market in await all_markets():
        actor = system(market.id, "folder", Permission.EDIT_KNOWLEDGE)
        async with tenant_session(market.id) as session:
            for folder_id in await session.exec(select(DocumentFolder.id)):
                await look_through(session, actor, folder_id)


class _Syncing:
    """One look through a folder: `found` are its files with their stamps, `known` those before."""

    def __init__(
        self,
        actor: Actor,
        folder: DocumentFolder,
        known: dict[str, FolderFile],
        found: dict[str, str],
    ) -> None:
        self._actor, self._folder = actor, folder
        self._known, self._found = known, found
        self._gone = {address: known[address] for address in known if address not in found}
        self._left = deque(
            address
            for address, stamp in found.items()
            if address not in known or known[address].stamp != stamp
        )
        self.counts = Counter(unchanged=len(found) - len(self._left))
        self.problems: list[dict[str, object]] = []

    async def run(self, work: Work) -> None:
        """Take in what is new or changed, then let go of what is gone; each file by itself."""
        done = 0
        while self._left:
            address = self._left.popleft()
            try:
                async with tenant_session(work.market_id) as session:
                    what = await self._take(session, address)
            except (BeingRead, FileGone):
                # The next look finds it as it is by then.
                what = "later"
            except AppError as error:
                what = "refused"
                if len(self.problems) < TOLD:
                    said = {"file": address, "message": error.message}
                    self.problems.append({**said, "params": error.params})
            self.counts[what] += 1
            done += 1
            await work.progress(done, done + len(self._left) + len(self._gone))
        for row in list(self._gone.values()):
            async with tenant_session(work.market_id) as session:
                await self._let_go(session, row)
            done += 1
            await work.progress(done, done)

    async def _take(self, session: TenantSession, address: str) -> str:
        data = await asyncio.to_thread(read_below, Path(self._folder.path), address)
        digest, stamp = digest_of(data), self._found[address]
        row = await self._row(session, address)
        if row is not None and row.digest == digest:
            row.stamp = stamp
            return "unchanged"
        if row is None and (moved := self._moved(digest)) is not None:
            await self._move(session, moved, address, stamp)
            return "moved"
        file = File(data, address.rpartition("/")[2])
        own = await self._own_document(session, row) if row is not None else None
        if own is not None:
            taken = await documents.replace(session, self._actor, own.id, file)
            await self._free_copies(session, own.id, address)
        else:
            taken = await documents.take_in(
                session,
                self._actor,
                file,
                access=checked_access(self._folder.access),
                source="folder",
                address=address,
                title=address,
                # What it shared is being replaced, and shows the same content until that is done.
                apart=row is not None and not row.digest,
            )
        new = row is None
        row = row or FolderFile(folder_id=self._folder.id, address=address, stamp="", digest="")
        row.stamp, row.digest, row.document_id = stamp, digest, taken.document_id
        session.add(row)
        self._known[address] = row
        return "known" if taken.known else "new" if new else "changed"

    async def _row(self, session: TenantSession, address: str) -> FolderFile | None:
        query = select(FolderFile).where(
            FolderFile.folder_id == self._folder.id, FolderFile.address == address
        )
        return (await session.exec(query)).one_or_none()

    def _moved(self, digest: str) -> FolderFile | None:
        same = (row for row in self._gone.values() if row.digest == digest)
        return next(same, None)

    async def _move(
        self, session: TenantSession, row: FolderFile, address: str, stamp: str
    ) -> None:
        """The file has another name; its document keeps its address, versions and questions."""
        row = await session.get_one(FolderFile, row.id)
        own = await self._own_document(session, row)
        if own is not None:
            own.address = address
        del self._gone[row.address]
        row.address, row.stamp = address, stamp
        await session.flush()

    async def _own_document(self, session: TenantSession, row: FolderFile) -> Document | None:
        """The document that was made of this file; None where it shares another's."""
        if row.document_id is None:
            return None
        document = await session.get(Document, row.document_id)
        if document is None or document.source != "folder" or document.address != row.address:
            return None
        return document

    async def _copies(
        self, session: TenantSession, row_id: UUID, document_id: UUID
    ) -> list[FolderFile]:
        query = select(FolderFile).where(
            FolderFile.folder_id == self._folder.id,
            FolderFile.document_id == document_id,
            col(FolderFile.id) != row_id,
        )
        return [row for row in await session.exec(query) if row.address not in self._gone]

    async def _free_copies(self, session: TenantSession, document_id: UUID, address: str) -> None:
        """Files that shared what the document said have to be taken in by themselves."""
        row = await self._row(session, address)
        assert row is not None, "only what was known is replaced"
        for copy in await self._copies(session, row.id, document_id):
            copy.document_id, copy.digest, copy.stamp = None, "", ""
            if copy.address not in self._left:
                self._left.append(copy.address)

    async def _let_go(self, session: TenantSession, row: FolderFile) -> None:
        row = await session.get_one(FolderFile, row.id)
        own = await self._own_document(session, row)
        copies = await self._copies(session, row.id, own.id) if own is not None else []
        if own is not None and copies:
            own.address = copies[0].address
        elif own is not None:
            await documents.delete(session, self._actor, own.id)
            self.counts["deleted"] += 1
        await session.delete(row)
        await session.flush()
