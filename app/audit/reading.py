"""Reading the audit log: searched, page by page, or taken out as a file."""

import csv
import io
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, cast, func, or_
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.audit.models import AuditEntry
from app.database import TenantSession

PAGE = 25
_BATCH = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("created_at", "actor_kind", "actor_name", "actor_id", "action"),
    *("subject_kind", "subject_id", "before", "after", "address"),
)
"""The columns of a file, in their order."""


@dataclass(frozen=True)
class Sought:
    """What a reader looks for; what is empty does not narrow. Days are in `zone`."""

    words: str = ""
    noun: str = ""
    """The first part of an action: `market` finds `market.rebranded`."""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"


async def deeds(
    session: TenantSession, actor: Actor, sought: Sought, page: int = 1
) -> tuple[list[AuditEntry], int]:
    """A page of entries, the newest first, and how many there are on all pages."""
    actor.must(Permission.SEE_AUDIT)
    conditions = _conditions(sought)
    count = await session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions))
    query = (
        select(AuditEntry)
        .where(*conditions)
        .order_by(col(AuditEntry.created_at).desc(), col(AuditEntry.id))
        .offset((max(page, 1) - 1) * PAGE)
        .limit(PAGE)
    )
    return list((await session.exec(query)).all()), count or 0


async def nouns(session: TenantSession, actor: Actor) -> list[str]:
    """The kinds of deeds that the log has."""
    actor.must(Permission.SEE_AUDIT)
    first = func.split_part(col(AuditEntry.action), ".", 1)
    return sorted((await session.exec(select(first).distinct())).all())


async def taken_out(
    session: TenantSession, actor: Actor, sought: Sought, form: str
) -> AsyncGenerator[str]:
    """The entries as text, `csv` or `jsonl`, the oldest first; taking them out is a deed too."""
    actor.must(Permission.SEE_AUDIT)
    await record(session, actor, "audit.exported", "audit", form)
    query = (
        select(AuditEntry)
        .where(*_conditions(sought))
        .order_by(col(AuditEntry.created_at), col(AuditEntry.id))
        .execution_options(yield_per=_BATCH)
    )
    if form == "csv":
        # Spreadsheets take a file for UTF-8 when it begins so.
        yield "\ufeff" + _csv([COLUMNS])
    result = await session.stream_scalars(query)
    async for entries in result.partitions(_BATCH):
        rows = [_row(entry) for entry in entries]
        if form == "csv":
            yield _csv([tuple(_cell(row[name]) for name in COLUMNS) for row in rows])
        else:
            yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def sought_of(asked: Mapping[str, object], zone: str) -> Sought:
    """What a query or a form asks for; what is no date does not narrow."""

    def text(name: str) -> str:
        told = asked.get(name)
        return told.replace("\x00", "").strip()[:200] if isinstance(told, str) else ""

    def day(name: str) -> date | None:
        try:
            found = date.fromisoformat(text(name))
        except ValueError:
            return None
        # Years beyond these have no neighbour to count to.
        return found if 1970 <= found.year <= 9000 else None

    return Sought(text("words"), text("noun"), day("since"), day("until"), zone)


def _row(entry: AuditEntry) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in COLUMNS}
    return json.loads(json.dumps(told, default=str))


def _cell(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value or "")
    # A spreadsheet would run a cell that begins like a formula.
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.words:
        places = (
            col(AuditEntry.action),
            col(AuditEntry.actor_name),
            col(AuditEntry.subject_id),
            col(AuditEntry.address),
            cast(col(AuditEntry.before), Text),
            cast(col(AuditEntry.after), Text),
        )
        found.extend(
            or_(*(place.icontains(word, autoescape=True) for place in places))
            for word in sought.words.split()[:8]
        )
    if sought.noun:
        found.append(col(AuditEntry.action).startswith(f"{sought.noun}.", autoescape=True))
    if sought.since:
        found.append(col(AuditEntry.created_at) >= _begin(sought.since, sought.zone))
    if sought.until:
        found.append(
            col(AuditEntry.created_at) < _begin(sought.until + timedelta(days=1), sought.zone)
        )
    return found


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
