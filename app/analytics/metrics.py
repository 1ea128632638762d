"""What is counted in a market: how often each thing happened, by day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import text

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.spans import Span
from app.database import TenantSession
from app.i18n import N_

Tallied = Literal["page_views", "searches"]
"""What `app.analytics.counting` counts as it happens, for it leaves no row."""
Metric = Literal[
    "page_views",
    "searches",
    "conversations",
    "messages",
    "members",
    "quote_requests",
    "quotes",
    "events",
    "registrations",
    "arrivals",
    "ratings",
]


@dataclass(frozen=True)
class _Counted:
    name: str
    """What people call it; a message id."""
    table: str
    at: str = "created_at"
    count: str = "count(*)"
    only: str = "true"
    tallied: Tallied | None = None
    """By what the table knows it, where it holds counts of days."""


METRICS: dict[Metric, _Counted] = {
    "page_views": _Counted(N_("Pages shown"), "day_count", tallied="page_views"),
    "searches": _Counted(N_("Searches"), "day_count", tallied="searches"),
    "conversations": _Counted(N_("Conversations"), "conversation"),
    "messages": _Counted(N_("Messages"), "conversation_event", only="kind = 'message'"),
    "members": _Counted(N_("New members"), "person"),
    "quote_requests": _Counted(N_("Requests for quotes"), "quote_request"),
    "quotes": _Counted(
        N_("Quotes given"), "quote_request", at="answered_at", only="state = 'answered'"
    ),
    "events": _Counted(N_("Events begun"), "project"),
    "registrations": _Counted(N_("Registrations"), "registration", count="sum(party)"),
    "arrivals": _Counted(N_("Guests who came"), "attendance", at="arrived_at", count="sum(party)"),
    "ratings": _Counted(N_("Ratings of events"), "guest_feedback"),
}
"""Everything that can be asked for, in the order in which it is shown."""


async def daily(
    session: TenantSession, actor: Actor, span: Span, metrics: Collection[Metric]
) -> dict[Metric, list[int]]:
    """For each metric its count on every day of the span; for who may see figures."""
    actor.must(Permission.SEE_FIGURES)
    connection = await session.connection()
    told: dict[Metric, list[int]] = {}
    for metric, counted in METRICS.items():
        if metric not in metrics:
            continue
        told_by = span.bounds() | {
            "first": span.first,
            "last": span.last,
            "kind": counted.tallied,
        }
        rows = await connection.execute(_query(counted), told_by)
        found: dict[date, int] = {row.day: int(row.number) for row in rows}
        told[metric] = [found.get(day, 0) for day in span.each()]
    return told


def _query(counted: _Counted):
    if counted.tallied:
        return text(
            "select day, number from day_count"
            " where kind = :kind and day >= :first and day <= :last"
        )
    # The names are ours, from the table above.
    return text(
        f"select ({counted.at} at time zone :zone)::date as day, {counted.count} as number"  # noqa: S608
        f" from {counted.table}"
        f" where {counted.at} >= :since and {counted.at} < :until and {counted.only} group by 1"
    )
