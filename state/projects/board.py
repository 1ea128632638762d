"""The board of an event's tasks: three columns, moved by buttons."""

import dataclasses
import json
from typing import Any
from uuid import UUID

import reflex as rx
from babel.dates import format_date

from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate
from app.markets.shaping import NotAccepted
from app.projects.keeping import today_in
from app.projects.planning import timeline_of
from app.projects.tasks import COLUMNS, Task, add_task, delete_task, edit_task, move_task
from state.admin.entry import Entry, acting, say_done, say_wrong, translated
from state.filters import Option
from state.payloads import text_of, uuid_of
from state.projects.timeline import TimelineState

EDITED = ("title", "due", "days", "assignee")


@dataclasses.dataclass(frozen=True)
class Card:
    """A task on the board."""

    id: str
    title: str
    due: str
    due_value: str
    days: str
    assignee: str
    waits: str
    """The open tasks that it waits for, in a line."""
    overdue: bool
    critical: bool
    first: bool
    last: bool
    version: int


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of the board; `before` and `after` are the states beside it, empty at the edge."""

    state: str
    name: str
    before: str
    before_name: str
    after: str
    after_name: str
    count: int
    cards: list[Card]


class BoardState(rx.State):
    """The tasks of one event, and which of them is being changed."""

    project_id: rx.Field[str] = rx.field("")
    columns: rx.Field[list[Column]] = rx.field(default_factory=list)
    count: rx.Field[int] = rx.field(0)
    editing: rx.Field[str] = rx.field("")
    """The id of the task whose card is a form."""
    others: rx.Field[list[Option]] = rx.field(default_factory=list)
    """The tasks that the one being changed may wait for."""
    waits_for: rx.Field[list[str]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    added: rx.Field[int] = rx.field(0)
    """Counts what was written down, so that the form is made anew after each."""
    # Reflex copies this default for each tab.
    _seen: dict[str, int] = {}

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Write a task down."""
        entry = await acting(self)
        told = {name: text_of(form.get(name)) for name in ("title", "due") if form.get(name)}
        self.problem = self.problem_field = ""
        try:
            async with tenant_session(entry.market.id) as session:
                await add_task(session, entry.actor, uuid_of(self.project_id), told)
        except NotAccepted as error:
            self.problem, self.problem_field = await translated(self, error), "new"
            return
        except AppError as error:
            await say_wrong(self, error)
            return
        self.added += 1
        await self._follow(entry)

    @rx.event
    async def move(self, task_id: str, column: str):
        """Put a task into another column; it keeps the keyboard."""
        await self._moved(task_id, text_of(column), None)
        return _focus(str(task_id))

    @rx.event
    async def shift(self, task_id: str, by: int):
        """Put a task higher or lower in its column; it keeps the keyboard."""
        wanted = str(task_id)
        for column in self.columns:
            ids = [card.id for card in column.cards]
            if wanted in ids:
                step = -1 if str(by) == "-1" else 1
                await self._moved(wanted, column.state, max(0, ids.index(wanted) + step))
                break
        return _focus(wanted)

    @rx.event
    async def begin_editing(self, task_id: str):
        """Show the form of a task in its card."""
        self.problem = self.problem_field = ""
        self.editing = str(task_id)
        entry = await acting(self)
        await self._show(entry)

    @rx.event
    async def leave(self):
        """Leave the task as it is; what has the keyboard is the card again."""
        left, self.editing = self.editing, ""
        return _focus(left)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save the task whose card is a form."""
        entry = await acting(self)
        self.problem = self.problem_field = ""
        told: dict[str, Any] = {name: text_of(form.get(name)) for name in EDITED}
        told["needs"] = [one.value for one in self.others if form.get(f"needs.{one.value}")]
        try:
            task_id = uuid_of(self.editing)
            async with tenant_session(entry.market.id) as session:
                await edit_task(
                    session, entry.actor, task_id, told, self._seen.get(str(task_id)) or None
                )
        except NotAccepted as error:
            self.problem, self.problem_field = await translated(self, error), error.field
            return None
        except AppError as error:
            await say_wrong(self, error)
            return None
        self.editing = ""
        await self._follow(entry)
        return _focus(str(task_id))

    @rx.event
    async def remove(self, task_id: str):
        """Delete a task for good."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await delete_task(session, entry.actor, uuid_of(task_id))
        except AppError as error:
            await say_wrong(self, error)
            return
        self.editing = ""
        await self._follow(entry)
        await say_done(self, N_("The task is deleted."))

    async def _moved(self, task_id: str, column: str, place: int | None) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await move_task(session, entry.actor, uuid_of(task_id), column, place)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._follow(entry)

    async def _follow(self, entry: Entry) -> None:
        """Show the board and the timeline as they are now."""
        await self._show(entry)
        timeline = await self.get_state(TimelineState)
        timeline.project_id = self.project_id
        await timeline._show(entry)

    async def _show(self, entry: Entry) -> None:
        market, locale = entry.market, entry.locale
        try:
            async with tenant_session(market.id) as session:
                shown = await timeline_of(
                    session, entry.actor, uuid_of(self.project_id), locale, today_in(market)
                )
        except AppError as error:
            self.columns, self.count = [], 0
            await say_wrong(self, error)
            return
        tasks = sorted(shown.tasks, key=lambda one: one.position)
        titles = {one.id: one.title for one in tasks if one.state != "done"}
        names = column_names(locale)
        self.columns = []
        for place, state in enumerate(COLUMNS):
            own = [one for one in tasks if one.state == state]
            before = COLUMNS[place - 1] if place else ""
            after = COLUMNS[place + 1] if place + 1 < len(COLUMNS) else ""
            cards = [
                _card(
                    one,
                    locale,
                    titles,
                    overdue=shown.reckoning.by_task[one.id].overdue,
                    critical=one.id in shown.reckoning.chain,
                    first=number == 0,
                    last=number == len(own) - 1,
                )
                for number, one in enumerate(own)
            ]
            self.columns.append(
                Column(
                    state,
                    names[state],
                    before,
                    names.get(before, ""),
                    after,
                    names.get(after, ""),
                    len(own),
                    cards,
                )
            )
        self.count = len(tasks)
        self._seen = {str(one.id): one.version for one in tasks}
        edited = next((one for one in tasks if str(one.id) == self.editing), None)
        self.others = [Option(str(one.id), one.title) for one in tasks if one is not edited]
        self.waits_for = [str(one) for one in edited.needs] if edited else []


def column_names(locale: str) -> dict[str, str]:
    """What the columns of the board are called."""
    return {
        "todo": translate(locale, "To do"),
        "doing": translate(locale, "Begun"),
        "done": translate(locale, "Done"),
    }


def _card(
    one: Task,
    locale: str,
    titles: dict[UUID, str],
    *,
    overdue: bool,
    critical: bool,
    first: bool,
    last: bool,
) -> Card:
    waiting = [titles[task_id] for task_id in one.needs if task_id in titles]
    return Card(
        id=str(one.id),
        title=one.title,
        due=short_date(one.due, locale) if one.due else "",
        due_value=str(one.due or ""),
        days=str(one.days),
        assignee=one.assignee,
        waits=(
            translate(locale, "Waits for: %(tasks)s", tasks=", ".join(waiting))
            if waiting and one.state != "done"
            else ""
        ),
        overdue=overdue,
        critical=critical,
        first=first,
        last=last,
        version=one.version,
    )


def short_date(day: Any, locale: str) -> str:
    """A day as a card shows it."""
    return format_date(day, "medium", locale=locale.replace("-", "_"))


def _focus(task_id: str):
    wanted = json.dumps(task_id)
    # A frame later, when the card stands in its new place.
    return rx.call_script(
        "requestAnimationFrame(() => requestAnimationFrame(() => "
        "[...document.querySelectorAll('[data-task]')]"
        f".find(card => card.dataset.task === {wanted})?.focus()))"
    )
