"""One document in the console: its name, readers, versions and passages."""

import asyncio
import dataclasses
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate, written_date
from app.knowledge import documents, overseeing
from app.knowledge.access import checked_access
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.admin.knowledge import PATIENCE, PAUSE, TOLD, DocumentRow, row_of
from state.page import Crumb, refuse
from state.payloads import number_of, text_of, uuid_of
from state.session import path_parts

PASSAGES = 40


@dataclasses.dataclass(frozen=True)
class VersionRow:
    """A version as the list shows it."""

    number: int
    name: str
    at: str
    size: str
    shown: bool
    whole: bool
    """Whether it was read, so that it can be shown again at once."""


@dataclasses.dataclass(frozen=True)
class ChunkRow:
    """A passage, its place and the headings that it carries."""

    position: int
    heading: str
    place: str
    text: str
    href: str


class KnowledgeDocumentState(rx.State):
    """One document."""

    row: rx.Field[DocumentRow | None] = rx.field(None)
    id: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    access: rx.Field[str] = rx.field("staff")
    version: rx.Field[int] = rx.field(0)
    versions: rx.Field[list[VersionRow]] = rx.field(default_factory=list)
    chunks: rx.Field[list[ChunkRow]] = rx.field(default_factory=list)
    more: rx.Field[bool] = rx.field(False)
    told: rx.Field[str] = rx.field("")
    told_wrong: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the document that the path names."""
        entry = await enter(
            self,
            Permission.EDIT_KNOWLEDGE,
            place="knowledge",
            title=N_("Document"),
            under=(Crumb(translate(path_parts(self)[0], "Documents"), "knowledge"),),
        )
        if entry is None:
            return None
        kind, message = TOLD.get(self.router.url.query_parameters.get("told", ""), ("", ""))
        self.told = translate(entry.locale, message) if message else ""
        self.told_wrong = kind == "wrong"
        self.chunks, self.row = [], None
        try:
            self.id = str(uuid_of(path_parts(self)[-1]))
            await self._refresh(entry, begin=True)
        except AppError as error:
            await refuse(self, error)
            return None
        return KnowledgeDocumentState.follow

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far the reading is, until it is done."""
        for _look in range(PATIENCE):
            async with self:
                entry = await acting(self)
                try:
                    await self._refresh(entry)
                except AppError:
                    return
                busy = self.row is not None and self.row.step in ("waiting", "reading")
            if not busy:
                return
            await asyncio.sleep(PAUSE)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Keep the name and who may see it."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await documents.change(
                    session,
                    entry.actor,
                    UUID(self.id),
                    number_of(form.get("version")),
                    title=text_of(form.get("title")),
                    access=checked_access(form.get("access")),
                )
        except AppError as error:
            await say_wrong(self, error)
            return None
        await say_done(self, N_("Saved."))
        await self._refresh(entry, begin=True)
        return KnowledgeDocumentState.follow

    @rx.event
    async def roll_back(self, number: int):
        """Show an earlier version again."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await documents.roll_back(session, entry.actor, UUID(self.id), number_of(number))
        except AppError as error:
            await say_wrong(self, error)
            return None
        await say_done(self, N_("The version is shown again in a moment."))
        return KnowledgeDocumentState.follow

    @rx.event
    async def show_more(self):
        """Show the next passages."""
        entry = await acting(self)
        await self._add_chunks(entry, len(self.chunks))

    async def _refresh(self, entry: Entry, *, begin: bool = False) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await overseeing.document_of(session, entry.actor, UUID(self.id))
            versions = await overseeing.versions_of(session, entry.actor, found.id)
        before, row = self.row, row_of(found, entry.locale)
        if row != before:
            self.row = row
        self.title, self.access, self.version = found.title, found.access, found.version
        self.versions = [
            VersionRow(
                number=one.number,
                name=one.name,
                at=written_date(one.created_at.date(), entry.locale),
                size=f"{max(1, one.bytes // 1024)} KB",
                shown=one.number == found.current,
                whole=bool(one.kind),
            )
            for one in versions
        ]
        if begin or before is None or before.step != row.step:
            self.chunks = []
            await self._add_chunks(entry, 0)

    async def _add_chunks(self, entry: Entry, start: int) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await overseeing.document_of(session, entry.actor, UUID(self.id))
            version = await documents.version_of(session, found.id, found.current)
            if version is None:
                return
            chunks = await overseeing.chunks_of_version(
                session, entry.actor, version.id, start=start, limit=PASSAGES + 1
            )
        self.more = len(chunks) > PASSAGES
        self.chunks = self.chunks[:start] + [
            ChunkRow(
                position=one.position,
                heading=" › ".join(one.heading),
                place=f"{one.begins}–{one.ends}"
                + (" · " + translate(entry.locale, "Page %(number)s", number=one.page))
                * bool(one.page),
                text=one.text,
                href=f"/{entry.locale}/documents/{self.id}#p{one.position}",
            )
            for one in chunks[:PASSAGES]
        ]
