"""Files of listings and articles in the console: read through, then loaded by a job."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.models import Upload
from app.catalogue.uploads import begin_loading, forget_upload, stop, uploads
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, translate, written_date
from app.jobs.models import Job
from app.jobs.queue import FINISHED, job_of
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.payloads import uuid_of

Deed = Callable[[TenantSession, Actor, UUID], Awaitable[None]]
PAUSE = 0.7
"""Seconds between two looks at a job."""
PATIENCE = 1200
"""Looks before the page stops following; it shows how things are when it is loaded again."""


@dataclasses.dataclass(frozen=True)
class BadRow:
    """A row that cannot be loaded."""

    line: int
    reason: str


@dataclasses.dataclass(frozen=True)
class UploadRow:
    """A file, and how far the work on it is.

    `step` is `checking`, `checked`, `loading`, `loaded`, `cancelled` or `failed`.
    """

    id: str
    name: str
    kind: str
    by: str
    at: str
    step: str
    done: int
    total: int
    created: int
    updated: int
    unchanged: int
    bad: int
    problems: list[BadRow]
    problem: str


class ImportsState(rx.State):
    """The newest files."""

    rows: rx.Field[list[UploadRow]] = rx.field(default_factory=list)
    refused: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the files, and follow the work on them."""
        entry = await enter(self, Permission.EDIT_CATALOGUE, place="imports", title=N_("Imports"))
        if entry is None:
            return None
        self.refused = self.router.url.query_parameters.get("file") == "refused"
        await self._refresh(entry)
        return ImportsState.follow

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far the work is, until all is done."""
        for _look in range(PATIENCE):
            async with self:
                entry = await acting(self)
                await self._refresh(entry)
                busy = any(row.step in ("checking", "loading") for row in self.rows)
            if not busy:
                return
            await asyncio.sleep(PAUSE)

    @rx.event
    async def begin(self, upload_id: str):
        """Load the good rows of a file."""
        await self._do(upload_id, begin_loading, "")
        return ImportsState.follow

    @rx.event
    async def stop(self, upload_id: str):
        """Stop the work on a file."""
        await self._do(upload_id, stop, N_("It stops. Nothing of this file is kept."))
        return ImportsState.follow

    @rx.event
    async def forget(self, upload_id: str):
        """Delete a file."""
        await self._do(upload_id, forget_upload, N_("The file is deleted."))

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
        try:
            async with tenant_session(entry.market.id) as session:
                found = await uploads(session, entry.actor)
                ids = [upload.loaded_by or upload.checked_by for upload in found]
                works = [await job_of(session, one) if one else None for one in ids]
        except AppError as error:
            self.rows = []
            await say_wrong(self, error)
            return
        rows = [_row(upload, work, entry.locale) for upload, work in zip(found, works, strict=True)]
        if rows != self.rows:
            self.rows = rows
        self.loaded = True


def _row(upload: Upload, work: Job | None, locale: str) -> UploadRow:
    state = work.state if work else "failed"
    report = work.report if work else {}
    loading = upload.loaded_by is not None
    if state == "done":
        step = "loaded" if loading else "checked"
    elif state in FINISHED:
        step = state
    else:
        step = "loading" if loading else "checking"
    params = report.get("params", {})
    return UploadRow(
        id=str(upload.id),
        name=upload.name,
        kind=upload.kind,
        by=upload.made_by_name,
        at=written_date(upload.created_at.date(), locale),
        step=step,
        done=work.done if work else 0,
        total=work.total if work else 0,
        created=report.get("created", 0),
        updated=report.get("updated", 0),
        unchanged=report.get("unchanged", 0),
        bad=report.get("bad", 0),
        problems=[BadRow(one["line"], one["reason"]) for one in report.get("problems", [])],
        problem=translate(locale, work.problem, **params) if work and work.problem else "",
    )
