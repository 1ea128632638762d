"""The list of one's events, and the form of a new one."""

import dataclasses
from typing import Any

import reflex as rx

from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, money, ntranslate, translate, written_date
from app.markets.shaping import NotAccepted
from app.projects.facts import FACTS
from app.projects.keeping import Overview, create_project, projects_of, today_in
from app.projects.plans import TEMPLATES, template_of
from state.admin.entry import Entry, acting, say_wrong, translated
from state.filters import Option
from state.payloads import text_of
from state.projects.entry import enter_events


@dataclasses.dataclass(frozen=True)
class EventRow:
    """An event as the list shows it."""

    id: str
    kind: str
    kind_name: str
    title: str
    when: str
    facts: str
    """Guests, place and budget in a line."""
    state: str
    state_name: str
    progress: str
    """How many tasks are done; empty where there are none."""
    done: int
    tasks: int
    overdue: str


class EventsState(rx.State):
    """The events that the person prepares."""

    events: rx.Field[list[EventRow]] = rx.field(default_factory=list)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    currency: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the events."""
        self.loaded = False
        entry = await enter_events(self, title=N_("Your events"), home=True)
        if entry is not None:
            await self._show(entry)

    @rx.event
    async def create(self, form: dict[str, Any]):
        """Begin to prepare an event, and open it."""
        entry = await acting(self)
        told = {name: text_of(form[name]) for name in FACTS if name in form}
        self.problem, self.problem_field = "", ""
        try:
            async with tenant_session(entry.market.id) as session:
                made = await create_project(session, entry.actor, entry.market, told)
        except NotAccepted as error:
            self.problem, self.problem_field = await translated(self, error), error.field
            return None
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/events/{made.id}")

    async def _show(self, entry: Entry) -> None:
        market, locale = entry.market, entry.locale
        async with tenant_session(market.id) as session:
            found = await projects_of(session, entry.actor, locale, today_in(market))
        self.events = [_row(one, locale) for one in found]
        self.kinds = kind_options(locale)
        self.currency = market.currency
        self.problem = self.problem_field = ""
        self.loaded = True


def kind_options(locale: str) -> list[Option]:
    """The types of events by their names."""
    return [Option(one.kind, translate(locale, one.name)) for one in TEMPLATES.values()]


def state_name(state: str, locale: str) -> str:
    """What the state of an event is called."""
    return {
        "draft": translate(locale, "being thought about"),
        "active": translate(locale, "being prepared"),
        "completed": translate(locale, "took place"),
    }.get(state, state)


def _row(one: Overview, locale: str) -> EventRow:
    guests = (
        ntranslate(locale, "%(count)s guest", "%(count)s guests", one.guests) if one.guests else ""
    )
    budget = (
        money(one.budget_amount, one.budget_currency or "", locale)
        if one.budget_amount is not None
        else ""
    )
    kind = translate(locale, template_of(one.kind).name)
    return EventRow(
        id=str(one.id),
        kind=one.kind,
        kind_name=kind if kind != one.title else "",
        title=one.title,
        when=written_date(one.day, locale) if one.day else translate(locale, "No day yet"),
        facts=" · ".join(filter(None, (guests, one.place, budget))),
        state=one.state,
        state_name=state_name(one.state, locale),
        progress=(
            translate(locale, "Tasks done: %(done)s of %(tasks)s", done=one.done, tasks=one.tasks)
            if one.tasks
            else ""
        ),
        done=one.done,
        tasks=one.tasks,
        overdue=(translate(locale, "Overdue: %(count)s", count=one.overdue) if one.overdue else ""),
    )
