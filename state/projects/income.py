"""What an event brought in, on the page of its budget."""

import dataclasses
from typing import Any

import reflex as rx

from app.analytics.income import (
    SOURCES,
    add_told_income,
    brought_by,
    currency_of,
    remove_income,
    summed,
)
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, money, translate, written_date
from app.markets.shaping import NotAccepted
from app.projects.keeping import project_of
from state.admin.entry import Entry, acting, say_done, say_wrong, translated
from state.filters import Option
from state.payloads import form_of, text_of, uuid_of


@dataclasses.dataclass(frozen=True)
class Row:
    """Money that came in, written out."""

    id: str
    source: str
    title: str
    amount: str
    received: str


class IncomeState(rx.State):
    """The income of one event."""

    project_id: rx.Field[str] = rx.field("")
    currency: rx.Field[str] = rx.field("")
    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    sources: rx.Field[list[Option]] = rx.field(default_factory=list)
    total: rx.Field[str] = rx.field("")
    """Of what came in in the currency that the event is reckoned in; empty for nothing."""
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    drawn: rx.Field[int] = rx.field(0)
    """Counts what was added, so that the form is made anew then."""

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Write down what came in."""
        entry = await acting(self)
        told = {name: text_of(value, 300) for name, value in form_of(form).items()}
        self.problem = self.problem_field = ""
        try:
            async with tenant_session(entry.market.id) as session:
                await add_told_income(
                    session,
                    entry.actor,
                    entry.market,
                    uuid_of(self.project_id),
                    told,
                    entry.locale,
                )
        except AppError as error:
            self.problem = await translated(self, error)
            self.problem_field = error.field if isinstance(error, NotAccepted) else ""
            await say_wrong(self, error)
            return
        self.drawn += 1
        await self._show(entry, self.project_id)
        await say_done(self, N_("Added."))

    @rx.event
    async def remove(self, income_id: str):
        """Take an entry away that was a mistake."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await remove_income(
                    session, entry.actor, uuid_of(self.project_id), uuid_of(text_of(income_id, 60))
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._show(entry, self.project_id)
        await say_done(self, N_("Removed."))

    async def _show(self, entry: Entry, project_id: str) -> None:
        locale = entry.locale
        async with tenant_session(entry.market.id) as session:
            project = await project_of(session, entry.actor, uuid_of(project_id))
            found = await brought_by(session, project.id)
            self.currency = await currency_of(session, project, entry.market.currency)
        self.project_id, self.problem, self.problem_field = project_id, "", ""
        self.sources = [Option(key, translate(locale, name)) for key, name in SOURCES.items()]
        self.rows = [
            Row(
                id=str(one.id),
                source=translate(locale, SOURCES[one.source]),
                title=one.title,
                amount=money(one.amount, one.currency, locale),
                received=written_date(one.received, locale) if one.received else "",
            )
            for one in found
        ]
        total = summed(found, self.currency)
        self.total = money(total, self.currency, locale) if total else ""
