"""The audit log as a reader of the console sees it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_datetime

from app.accounts.permissions import Permission
from app.audit.models import AuditEntry
from app.audit.reading import PAGE, Sought, deeds, nouns, sought_of
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_
from state.admin.entry import Entry, acting, enter, say_wrong


@dataclasses.dataclass(frozen=True)
class Deed:
    """An entry, as a row of the table."""

    id: str
    when: str
    who: str
    address: str
    action: str
    subject: str
    before: str
    after: str


class AuditState(rx.State):
    """A page of the log and what it was searched for."""

    deeds: rx.Field[list[Deed]] = rx.field(default_factory=list)
    kinds: rx.Field[list[str]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(0)
    page: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    query: rx.Field[str] = rx.field("")
    """The filters as a query string, for the files."""
    sought: rx.Field[bool] = rx.field(False)
    _filters: dict[str, str] = {}

    @rx.event
    async def load(self):
        """Show the newest entries."""
        entry = await enter(self, Permission.SEE_AUDIT, place="audit", title=N_("Audit log"))
        await self._begin(entry)

    @rx.event
    async def load_of_platform(self):
        """Show the newest entries of the platform's own log."""
        entry = await enter(
            self, Permission.SEE_AUDIT, place="audit", title=N_("Audit log"), part="platform"
        )
        await self._begin(entry)

    async def _begin(self, entry: Entry | None) -> None:
        if entry is None:
            return
        self._filters = {}
        async with tenant_session(entry.market.id) as session:
            self.kinds = await nouns(session, entry.actor)
        await self._read(entry, 1)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show what the filters in the form let through."""
        names = ("words", "noun", "since", "until")
        self._filters = {name: str(form.get(name) or "")[:200] for name in names}
        await self._turn(1)

    @rx.event
    async def earlier(self):
        """Show the page before."""
        await self._turn(self.page - 1)

    @rx.event
    async def later(self):
        """Show the next page."""
        await self._turn(self.page + 1)

    async def _turn(self, page: int) -> None:
        entry = await acting(self)
        try:
            await self._read(entry, page)
        except AppError as error:
            await say_wrong(self, error)

    async def _read(self, entry: Entry, page: int) -> None:
        sought = sought_of(self._filters, entry.market.timezone)
        page = max(1, page)
        async with tenant_session(entry.market.id) as session:
            found, count = await deeds(session, entry.actor, sought, page)
        self.deeds = [_deed(one, entry) for one in found]
        self.count, self.page = count, page
        self.pages = max(1, -(-count // PAGE))
        self.sought = sought != Sought(zone=sought.zone)
        self.query = urlencode({name: text for name, text in self._filters.items() if text})


def _deed(one: AuditEntry, entry: Entry) -> Deed:
    return Deed(
        id=str(one.id),
        when=format_datetime(
            one.created_at,
            "short",
            tzinfo=ZoneInfo(entry.market.timezone),
            locale=entry.locale.replace("-", "_"),
        ),
        who=one.actor_name or one.actor_kind,
        address=one.address,
        action=one.action,
        subject=f"{one.subject_kind} {one.subject_id}".strip(),
        before=_told(one.before),
        after=_told(one.after),
    )


def _told(fields: dict[str, Any]) -> str:
    lines = (
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in fields.items()
    )
    return "\n".join(lines)[:2000]
