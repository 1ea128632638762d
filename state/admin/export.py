"""Archives of the market: asked for, followed, fetched."""

from __future__ import annotations

import asyncio
import dataclasses
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_datetime

from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate
from app.jobs.models import Job
from app.markets.archive import can_be_fetched, exports_of, request_export
from state.admin.entry import Entry, acting, enter, say_wrong

_LOOK_SECONDS = 1.0
_LONGEST_LOOKS = 900


@dataclasses.dataclass(frozen=True)
class ArchiveRow:
    """An archive or an attempt at one."""

    id: str
    when: str
    who: str
    state: str
    """`waiting`, `running`, `done`, `expired`, `failed` or `cancelled`."""
    size: str
    sha256: str
    problem: str


class ExportState(rx.State):
    """The archives, and how far the one being made is."""

    rows: rx.Field[list[ArchiveRow]] = rx.field(default_factory=list)
    running: rx.Field[bool] = rx.field(False)
    done: rx.Field[int] = rx.field(0)
    total: rx.Field[int] = rx.field(0)

    @rx.event
    async def load(self):
        """Show the archives, and follow the one being made."""
        entry = await enter(self, Permission.EXPORT, place="export", title=N_("Export"))
        if entry is None:
            return None
        await self._list(entry)
        return ExportState.follow if self.running else None

    @rx.event
    async def begin(self):
        """Have an archive made."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await request_export(session, entry.actor)
            await self._list(entry)
        except AppError as error:
            await say_wrong(self, error)
            return None
        return ExportState.follow

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far the archive is until it is made."""
        for _ in range(_LONGEST_LOOKS):
            async with self:
                entry = await acting(self)
                try:
                    await self._list(entry)
                except AppError:
                    return
                if not self.running:
                    return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _list(self, entry: Entry) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await exports_of(session, entry.actor)
        self.rows = [archive_row(one, entry) for one in found]
        active = [one for one in found if one.state in ("waiting", "running")]
        self.running = bool(active)
        self.done, self.total = (active[0].done, active[0].total) if active else (0, 0)


def archive_row(one: Job, entry: Entry) -> ArchiveRow:
    """A job that makes an archive, as a row."""
    size = one.report.get("bytes")
    return ArchiveRow(
        id=str(one.id),
        when=format_datetime(
            one.created_at,
            "short",
            tzinfo=ZoneInfo(entry.market.timezone),
            locale=entry.locale.replace("-", "_"),
        ),
        who=one.asked_by_name,
        state="expired" if one.state == "done" and not can_be_fetched(one) else one.state,
        size=f"{size / 1_000_000:.1f} MB" if isinstance(size, int) else "",
        sha256=str(one.report.get("sha256", "")),
        problem=translate(entry.locale, one.problem) if one.problem else "",
    )
