"""Rows of what events bring in, and of the reports on them, for tests."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from app.analytics.models import DayCount, EventIncome, EventReport
from app.database import TenantSession
from tests.project_rows import project
from tests.rows import kept


async def event_income(session: TenantSession, **more: Any) -> EventIncome:
    """Tickets of a fresh event for five hundred euros."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    usual = {"source": "tickets", "title": "Evening", "amount": Decimal(500), "currency": "EUR"}
    return await kept(session, EventIncome, usual, more)


async def event_report(session: TenantSession, **more: Any) -> EventReport:
    """An empty report on a fresh event."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    return await kept(session, EventReport, {"event_id": uuid4()}, more)


async def day_count(session: TenantSession, **more: Any) -> DayCount:
    """Twelve pages shown on a day of its own."""
    day = date(2020, 1, 1) + timedelta(days=uuid4().int % 100_000)
    return await kept(session, DayCount, {"day": day, "kind": "page_views", "number": 12}, more)


ANALYTICS_ROWS: dict[str, Callable[..., Any]] = {
    "day_count": day_count,
    "event_income": event_income,
    "event_report": event_report,
}
"""How to make a row of each table of analytics."""
