"""What a person sees of an event's budget, and what they can do in it."""

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.budgets.changing import begin, line_with, put_line, remove_line
from app.budgets.forms import field_number
from app.budgets.inputs import LineInput
from app.budgets.keeping import (
    Kept,
    NoBudget,
    as_inputs,
    budget_of,
    replace_lines,
)
from app.budgets.lines import CATEGORIES, category_name
from app.database import TenantSession, tenant_session
from app.errors import AppError, Conflict
from app.i18n import N_, money, translate
from app.markets.shaping import NotAccepted
from app.projects.keeping import project_of, title_of
from app.rendering import ssr
from state.admin.entry import AdminState, Entry, acting, say_done, say_wrong, translated
from state.filters import Option
from state.page import Crumb, PageState, arrive, present_unlisted, refuse
from state.payloads import form_of, text_of, uuid_of
from state.projects.income import IncomeState
from state.session import current_actor

Deed = Callable[[TenantSession, Actor, UUID, Kept], Awaitable[Kept]]


@dataclasses.dataclass(frozen=True)
class Row:
    """A line of the budget; `planned` and `actual` as fields show them, the rest written out."""

    id: str
    category: str
    category_name: str
    title: str
    planned: str
    actual: str
    planned_money: str
    actual_money: str
    over: str
    """By how much it costs more than planned; empty where it does not."""
    paid: bool
    note: str
    listing_id: str


@dataclasses.dataclass(frozen=True)
class Bar:
    """A category in the chart: lengths in percent of the longest bar."""

    category: str
    name: str
    planned: str
    expected: str
    over: str
    planned_length: float
    expected_length: float
    within_length: float
    """Of the expected, what is within the plan; what is over begins there."""
    over_length: float


class BudgetState(rx.State):
    """The budget of one event."""

    ready: rx.Field[bool] = rx.field(False)
    exists: rx.Field[bool] = rx.field(False)
    project_id: rx.Field[str] = rx.field("")
    event_path: rx.Field[str] = rx.field("")
    event_title: rx.Field[str] = rx.field("")
    currency: rx.Field[str] = rx.field("")
    version: rx.Field[int] = rx.field(0)
    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    bars: rx.Field[list[Bar]] = rx.field(default_factory=list)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    planned: rx.Field[str] = rx.field("")
    expected: rx.Field[str] = rx.field("")
    paid: rx.Field[str] = rx.field("")
    unpaid: rx.Field[str] = rx.field("")
    limit: rx.Field[str] = rx.field("")
    """Empty where the event has none."""
    left: rx.Field[str] = rx.field("")
    over_limit: rx.Field[str] = rx.field("")
    """By how much the limit is exceeded; empty where it is not."""
    over_plan: rx.Field[str] = rx.field("")
    limit_field: rx.Field[str] = rx.field("")
    """The limit as the field of the first division shows it."""
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    problem_line: rx.Field[str] = rx.field("")
    """The id of the line that was refused; `new` for the one being added."""
    _former: list[LineInput] = []
    _can_undo: bool = False

    @rx.event
    async def load(self):
        """Show the budget of the event that the path names."""
        self.ready = False
        parts = self.router.url.path.rstrip("/").split("/")
        self.project_id = parts[-2] if len(parts) > 2 else ""
        self._former, self._can_undo = [], False
        visit = await arrive(self)
        if visit is None:
            return
        ssr.hydrate("load")
        await present_unlisted(self, visit, title=translate(visit.locale, N_("Budget")))
        ssr.hydrate("load")
        entry = Entry(visit.market, await current_actor(self, visit.market), visit.locale)
        try:
            async with tenant_session(entry.market.id) as session:
                project = await project_of(session, entry.actor, uuid_of(self.project_id))
        except AppError as error:
            await refuse(self, error)
            return
        admin = await self.get_state(AdminState)
        admin.notice, admin.undoable, admin.place = "", False, "budget"
        self.event_title = title_of(project, visit.locale)
        self.event_path = f"{visit.home}/events/{project.id}"
        page = await self.get_state(PageState)
        page.crumbs = [
            Crumb(page.market_name, visit.home),
            Crumb(self.event_title, self.event_path),
            Crumb(translate(visit.locale, N_("Budget")), ""),
        ]
        await self._open(entry)
        await self._say_asked(visit.query)

    @rx.event
    async def make(self, form: dict[str, Any]):
        """Make the budget: a total divided, or empty where none is told."""
        entry = await acting(self)
        told = text_of(form_of(form).get("total"), 60)
        try:
            async with tenant_session(entry.market.id) as session:
                await begin(
                    session, entry.actor, entry.market, uuid_of(self.project_id), told, entry.locale
                )
        except AppError as error:
            await self._refuse(error, "")
            return
        await self._open(entry)
        await say_done(self, N_("Your budget is made. Change whatever is different for you."))

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save a line; without an id it is a new one."""
        told = {name: text_of(value, 4000) for name, value in form_of(form).items()}
        line_id = told.get("id", "")

        async def put(session: TenantSession, actor: Actor, project_id: UUID, stands: Kept) -> Kept:
            line = line_with(stands, told, (await acting(self)).locale)
            return await put_line(session, actor, project_id, self.version, line)

        await self._do(put, N_("Saved.") if line_id else N_("Added."), line_id or "new")

    @rx.event
    async def remove(self, line_id: str):
        """Take a line out."""
        wanted = text_of(line_id, 60)

        async def out(
            session: TenantSession, actor: Actor, project_id: UUID, _stands: Kept
        ) -> Kept:
            return await remove_line(session, actor, project_id, self.version, uuid_of(wanted))

        await self._do(out, N_("Removed."), wanted)

    @rx.event
    async def undo(self):
        """Take the last change back."""
        if not self._can_undo:
            return
        former = self._former

        async def back(
            session: TenantSession, actor: Actor, project_id: UUID, _stands: Kept
        ) -> Kept:
            return await replace_lines(session, actor, project_id, self.version, former)

        await self._do(back, N_("It is as it was before."), "", undo=False)

    async def _do(self, deed: Deed, message: str, line_id: str, *, undo: bool = True) -> None:
        entry = await acting(self)
        self.problem = self.problem_field = self.problem_line = ""
        try:
            async with tenant_session(entry.market.id) as session:
                project_id = uuid_of(self.project_id)
                before = await budget_of(session, entry.actor, project_id)
                await deed(session, entry.actor, project_id, before)
        except Conflict as error:
            await self._open(entry)
            await say_wrong(self, error)
        except AppError as error:
            await self._refuse(error, line_id)
        else:
            self._former, self._can_undo = as_inputs(before.lines), undo
            await self._open(entry)
            await say_done(self, message, undo=undo)

    async def _refuse(self, error: AppError, line_id: str) -> None:
        self.problem, self.problem_line = await translated(self, error), line_id
        self.problem_field = error.field if isinstance(error, NotAccepted) else ""
        await say_wrong(self, error)

    async def _say_asked(self, query: Mapping[str, str]) -> None:
        """Say what came of a form that was sent without JavaScript."""
        if query.get("said") in SAID:
            await say_done(self, SAID[query["said"]])
        elif wrong := WRONG.get(query.get("error", "")):
            await say_wrong(self, AppError(wrong))

    async def _open(self, entry: Entry) -> None:
        self.problem = self.problem_field = self.problem_line = ""
        async with tenant_session(entry.market.id) as session:
            project = await project_of(session, entry.actor, uuid_of(self.project_id))
            try:
                kept = await budget_of(session, entry.actor, project.id)
            except NoBudget:
                kept = None
        self.kinds = [
            Option(category, category_name(category, entry.locale)) for category in CATEGORIES
        ]
        income = await self.get_state(IncomeState)
        await income._show(entry, self.project_id)
        self.exists, self.ready = kept is not None, True
        self.currency = project.budget_currency or entry.market.currency
        self.limit_field = field_number(project.budget_amount, self.currency, entry.locale)
        self.rows, self.bars = [], []
        if kept is not None:
            self._show(kept, entry.locale)

    def _show(self, kept: Kept, locale: str) -> None:
        self.currency, self.version = kept.currency, kept.version
        sums, left = kept.sums, kept.left

        def written(amount: Decimal | None) -> str:
            return "" if amount is None else money(amount, kept.currency, locale)

        self.rows = [
            Row(
                id=str(line.id),
                category=line.category,
                category_name=category_name(line.category, locale),
                title=line.title,
                planned=field_number(line.planned, kept.currency, locale),
                actual=field_number(line.actual, kept.currency, locale),
                planned_money=written(line.planned),
                actual_money=written(line.actual),
                over=written(line.over) if line.over else "",
                paid=line.paid,
                note=line.note,
                listing_id=str(line.listing_id or ""),
            )
            for line in kept.lines
        ]
        self.bars = bars_of(kept, locale)
        self.planned, self.expected = written(sums.planned), written(sums.expected)
        self.paid, self.unpaid = written(sums.paid), written(sums.unpaid)
        self.limit = written(kept.limit)
        self.left = written(left) if left is not None and left >= 0 else ""
        self.over_limit = written(-left) if left is not None and left < 0 else ""
        self.over_plan = written(sums.over) if sums.over else ""


SAID = {
    "made": N_("Your budget is made. Change whatever is different for you."),
    "saved": N_("Saved."),
    "added": N_("Added."),
    "removed": N_("Removed."),
}
"""What is said after a form, by what its answer's address tells."""

WRONG = {
    "changed": N_("Somebody else changed this while you were editing."),
    "refused": N_("Nothing was saved: look at the amounts and the title again."),
}


def bars_of(kept: Kept, locale: str) -> list[Bar]:
    """The chart of a budget: the plan against the fact by category."""
    longest = max(
        (max(one.sums.planned, one.sums.expected) for one in kept.categories), default=Decimal()
    )

    def length(amount: Decimal) -> float:
        return float(round(amount * 100 / longest, 2)) if longest else 0.0

    return [
        Bar(
            category=one.category,
            name=category_name(one.category, locale),
            planned=money(one.sums.planned, kept.currency, locale),
            expected=money(one.sums.expected, kept.currency, locale),
            over=money(one.sums.over, kept.currency, locale) if one.sums.over else "",
            planned_length=length(one.sums.planned),
            expected_length=length(one.sums.expected),
            within_length=length(one.sums.expected - one.sums.over),
            over_length=length(one.sums.over),
        )
        for one in kept.categories
    ]
