"""The market's documents in the console: taken in, followed while they are read, deleted."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, language_name, translate, written_date
from app.knowledge import documents, folders, overseeing
from app.knowledge.access import checked_access
from app.knowledge.fetching import check_url
from app.knowledge.folders import Followed
from app.knowledge.overseeing import Overseen
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.payloads import text_of, uuid_of

Deed = Callable[[TenantSession, Actor, UUID], Awaitable[Any]]
PAUSE = 0.8
"""Seconds between two looks at what is being read."""
PATIENCE = 1500
TOLD = {
    "taken": ("done", N_("It is being read. You can leave this page.")),
    "known": ("done", N_("This content is there already.")),
    "none": ("wrong", N_("Choose a file first.")),
    "too_large": ("wrong", N_("A file may have at most 32 MB.")),
    "refused": ("wrong", N_("This was not taken. Try again.")),
}
"""What the form's route says in the address that it leads back to."""
FIGURES = {
    "new": N_("new: %(count)s"),
    "changed": N_("changed: %(count)s"),
    "moved": N_("moved: %(count)s"),
    "known": N_("there already: %(count)s"),
    "deleted": N_("deleted: %(count)s"),
    "refused": N_("refused: %(count)s"),
    "later": N_("later: %(count)s"),
    "links": N_("links not followed: %(count)s"),
}
"""What came of looking through a folder."""


@dataclasses.dataclass(frozen=True)
class DocumentRow:
    """A document as the table shows it."""

    id: str
    title: str
    address: str
    access: str
    step: str
    done: int
    total: int
    problem: str
    about: str
    passages: int
    changed: str
    shown: bool


@dataclasses.dataclass(frozen=True)
class FolderRow:
    """A folder of the server as the page shows it; what it is called, not where it stands."""

    id: str
    name: str
    access: str
    files: int
    busy: bool
    done: int
    total: int
    problem: str
    looked_at: str
    figures: str
    refused: list[str]


class KnowledgeState(rx.State):
    """A page of the documents, and the folders that some of them come from."""

    folders: rx.Field[list[FolderRow]] = rx.field(default_factory=list)
    rows: rx.Field[list[DocumentRow]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    total: rx.Field[int] = rx.field(0)
    loaded: rx.Field[bool] = rx.field(False)
    told: rx.Field[str] = rx.field("")
    told_wrong: rx.Field[bool] = rx.field(False)
    fetched: rx.Field[int] = rx.field(0)
    """Counts the addresses given, so that the form is empty after each."""

    @rx.event
    async def load(self):
        """Show the documents, and follow those that are being read."""
        entry = await enter(
            self, Permission.EDIT_KNOWLEDGE, place="knowledge", title=N_("Documents")
        )
        if entry is None:
            return None
        self.words, self.number = "", 1
        kind, message = TOLD.get(self.router.url.query_parameters.get("told", ""), ("", ""))
        self.told = translate(entry.locale, message) if message else ""
        self.told_wrong = kind == "wrong"
        await self._refresh(entry)
        return KnowledgeState.follow

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far the reading is, until all is done."""
        for _look in range(PATIENCE):
            async with self:
                entry = await acting(self)
                await self._refresh(entry)
                busy = any(row.step in ("waiting", "reading") for row in self.rows)
                busy |= any(folder.busy for folder in self.folders)
            if not busy:
                return
            await asyncio.sleep(PAUSE)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the documents whose title or address holds the words."""
        self.words, self.number = text_of(form.get("words"), 100), 1
        await self._refresh(await acting(self))

    @rx.event
    async def earlier(self):
        """Show the page before."""
        self.number = max(1, self.number - 1)
        await self._refresh(await acting(self))

    @rx.event
    async def later(self):
        """Show the next page."""
        self.number += 1
        await self._refresh(await acting(self))

    @rx.event
    async def fetch(self, form: dict[str, Any]):
        """Have an address fetched and read."""
        entry = await acting(self)
        url = text_of(form.get("url"), 2000).strip()
        try:
            check_url(url)
            access = checked_access(form.get("web_access"))
            async with tenant_session(entry.market.id) as session:
                await documents.take_from_web(session, entry.actor, url, access=access)
        except AppError as error:
            await say_wrong(self, error)
            return None
        self.fetched += 1
        await say_done(self, N_("It is being read. You can leave this page."))
        await self._refresh(entry)
        return KnowledgeState.follow

    @rx.event
    async def again(self, document_id: str):
        """Fetch or read a document once more."""
        await self._do(document_id, documents.read_again, "")
        return KnowledgeState.follow

    @rx.event
    async def stop(self, document_id: str):
        """Stop reading a document."""
        await self._do(document_id, documents.stop_reading, N_("It stops. What was shown stays."))
        return KnowledgeState.follow

    @rx.event
    async def delete(self, document_id: str):
        """Delete a document with everything that was made of it."""
        await self._do(document_id, documents.delete, N_("The document is deleted."))

    @rx.event
    async def look_through(self, folder_id: str):
        """Look through a folder of the server now."""
        await self._do(folder_id, folders.look_through, "")
        return KnowledgeState.follow

    @rx.event
    async def stop_looking(self, folder_id: str):
        """Stop looking through a folder."""
        message = N_("It stops. What was taken in stays.")
        await self._do(folder_id, folders.stop_looking, message)
        return KnowledgeState.follow

    async def _do(self, told: str, deed: Deed, message: str) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await deed(session, entry.actor, uuid_of(told))
        except AppError as error:
            await say_wrong(self, error)
        else:
            if message:
                await say_done(self, message)
        await self._refresh(entry)

    async def _refresh(self, entry: Entry) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await overseeing.documents_of(
                session, entry.actor, words=self.words, number=self.number
            )
            followed = await folders.folders_of(session, entry.actor)
        rows = [row_of(one, entry.locale) for one in found.documents]
        if rows != self.rows:
            self.rows = rows
        looked = [_folder(one, entry.locale) for one in followed]
        if looked != self.folders:
            self.folders = looked
        self.total, self.number, self.pages = found.total, found.number, found.pages
        self.loaded = True


def row_of(one: Overseen, locale: str) -> DocumentRow:
    """A document as pages show it."""
    facts = [one.kind.upper()] if one.kind else []
    if one.language:
        facts.append(language_name(one.language, locale))
    if one.pages:
        facts.append(translate(locale, "%(count)s pages", count=one.pages))
    return DocumentRow(
        id=str(one.id),
        title=one.title,
        address=one.address if one.address != one.title else "",
        access=one.access,
        step=one.step,
        done=one.done,
        total=one.total,
        problem=translate(locale, one.problem, **one.params) if one.problem else "",
        about=" · ".join(facts),
        passages=one.passages,
        changed=written_date(one.updated_at.date(), locale),
        shown=one.current > 0,
    )


def _folder(one: Followed, locale: str) -> FolderRow:
    report = one.report
    figures = [
        translate(locale, message, count=report[name])
        for name, message in FIGURES.items()
        if report.get(name)
    ]
    return FolderRow(
        id=str(one.id),
        name=one.name,
        access=one.access,
        files=one.files,
        busy=one.state in ("waiting", "running"),
        done=one.done,
        total=one.total,
        problem=translate(locale, one.problem, **report.get("params", {})) if one.problem else "",
        looked_at=f"{written_date(one.looked_at.date(), locale)}, {one.looked_at:%H:%M} UTC"
        if one.looked_at
        else "",
        figures=" · ".join(figures),
        refused=[
            f"{told['file']}: {translate(locale, told['message'], **told['params'])}"
            for told in report.get("problems", ())
        ],
    )
