"""The report that stands on the page of an event that is over."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent

from app.analytics.reporting import Reported, report_of
from app.database import tenant_session
from app.i18n import N_, money, translate
from state.admin.entry import Entry
from state.payloads import uuid_of

MISSING = {
    "cost": N_("What it cost: keep a budget with the actual amounts."),
    "income": N_("What it brought in."),
    "other_currency": N_("Income in another currency is not counted."),
    "registrations": N_("Who was invited."),
    "attendance": N_("Who came."),
    "ratings": N_("What the guests thought."),
}


class ReportState(rx.State):
    """What was found of the event when it was over."""

    made: rx.Field[str] = rx.field("")
    """When, in the reader's words; empty while there is no report."""
    waits: rx.Field[bool] = rx.field(False)
    """Whether the event is over and its report is being made."""
    cost: rx.Field[str] = rx.field("")
    revenue: rx.Field[str] = rx.field("")
    percent: rx.Field[str] = rx.field("")
    guests: rx.Field[str] = rx.field("")
    per_guest: rx.Field[str] = rx.field("")
    rating: rx.Field[str] = rx.field("")
    missing: rx.Field[list[str]] = rx.field(default_factory=list)

    async def _show(self, entry: Entry, project_id: str, *, over: bool) -> None:
        async with tenant_session(entry.market.id) as session:
            found = await report_of(session, entry.actor, uuid_of(project_id))
        self.waits, self.made = over and found is None, ""
        if found is not None:
            self._fill(found, entry.locale, entry.market.timezone)

    def _fill(self, found: Reported, locale: str, zone: str) -> None:
        babel, told = locale.replace("-", "_"), found.figures
        currency = str(told["currency"])

        def amount(name: str) -> str:
            number = found.amount(name)
            return "" if number is None else money(number, currency, locale)

        self.made = format_datetime(found.at, "medium", tzinfo=ZoneInfo(zone), locale=babel)
        self.cost, self.per_guest = amount("cost"), amount("cost_per_guest")
        self.revenue = amount("revenue") if found.amount("revenue") else ""
        percent = found.amount("percent")
        self.percent = (
            "" if percent is None else format_percent(percent / 100, "#,##0.##%", locale=babel)
        )
        self.guests = (
            f"{format_decimal(told['came'], locale=babel)} /"
            f" {format_decimal(told['invited'], locale=babel)}"
            if told["came"] or told["invited"]
            else ""
        )
        rating = told["rating"]
        self.rating = (
            ""
            if rating is None
            else f"{format_decimal(Decimal(str(rating)), '0.#', locale=babel)} / 5"
        )
        self.missing = [translate(locale, MISSING[one]) for one in told["missing"]]
