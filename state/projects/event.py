"""One event: its facts, and what is done with it as a whole.

The board and the timeline beside it are states of their own, which `show` fills.
"""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, translate
from app.projects.facts import FACTS
from app.projects.keeping import (
    complete_project,
    delete_project,
    edit_project,
    facts_of,
    last_day,
    project_of,
    reopen_project,
    title_of,
    today_in,
)
from app.projects.planning import plan
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, acting, say_done, say_wrong
from state.filters import Option
from state.page import refuse
from state.payloads import text_of, uuid_of
from state.projects.board import BoardState
from state.projects.entry import enter_events, name_page
from state.projects.listing import kind_options, state_name
from state.projects.report import ReportState
from state.projects.timeline import TimelineState


class EventState(EditedMarket, rx.State):
    """The facts of the event that the path names."""

    project_id: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    """What it is called, by its type where nobody named it."""
    facts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    state: rx.Field[str] = rx.field("")
    state_name: rx.Field[str] = rx.field("")
    planned: rx.Field[bool] = rx.field(False)
    dated: rx.Field[bool] = rx.field(False)
    can_complete: rx.Field[bool] = rx.field(False)
    ready: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the event, or say that there is none."""
        self.ready = False
        self.project_id = self.router.url.path.rstrip("/").rpartition("/")[2]
        try:
            await self._open()
        except AppError as error:
            await refuse(self, error)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save the facts that the form holds."""
        await self._save({name: text_of(form.get(name)) for name in FACTS})

    @rx.event
    async def plan(self):
        """Plan the event, or bring its plan up to the facts."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                made = await plan(
                    session, entry.actor, uuid_of(self.project_id), today_in(entry.market)
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._open()
        if made.squeezed:
            await say_done(
                self,
                N_("Planned on short notice: days left: %(left)s, usual: %(usual)s."),
                left=made.available,
                usual=made.usual,
            )
        else:
            await say_done(
                self,
                N_("Planned. New tasks: %(added)s, moved: %(moved)s."),
                added=made.added,
                moved=made.moved,
            )

    @rx.event
    async def complete(self):
        """Say that the event has taken place."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await complete_project(
                    session, entry.actor, uuid_of(self.project_id), today_in(entry.market)
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._open()
        await say_done(self, N_("The event has taken place."))

    @rx.event
    async def reopen(self):
        """Take back that the event has taken place."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await reopen_project(session, entry.actor, uuid_of(self.project_id))
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._open()
        await say_done(self, N_("It is being prepared again."))

    @rx.event
    async def delete(self):
        """Delete the event for good."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await delete_project(session, entry.actor, uuid_of(self.project_id))
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/events")

    async def _enter(self) -> Entry | None:
        return await enter_events(self, title=N_("Event"))

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        found = await project_of(session, actor, uuid_of(self.project_id))
        return {name: _written(value) for name, value in facts_of(found).items()}, found.version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        entry = await acting(self)
        await edit_project(session, actor, entry.market, uuid_of(self.project_id), wanted, seen)

    def _names(self, locale: str) -> Mapping[str, str]:
        return {
            "kind": translate(locale, "Kind of event"),
            "title": translate(locale, "Title"),
            "day": translate(locale, "Day"),
            "begins": translate(locale, "Begins at"),
            "days": translate(locale, "Days"),
            "guests": translate(locale, "Guests"),
            "place": translate(locale, "Place"),
            "budget_amount": translate(locale, "Budget"),
            "budget_currency": translate(locale, "Currency"),
            "notes": translate(locale, "Notes"),
        }

    async def _show(self, entry: Entry, stands: Told) -> None:
        market, locale = entry.market, entry.locale
        today = today_in(market)
        async with tenant_session(market.id) as session:
            found = await project_of(session, entry.actor, uuid_of(self.project_id))
        self.title = title_of(found, locale)
        self.facts = {name: str(value) for name, value in stands.items()}
        self.facts["budget_currency"] = self.facts["budget_currency"] or market.currency
        self.kinds = kind_options(locale)
        self.state, self.state_name = found.state, state_name(found.state, locale)
        self.planned, self.dated = found.planned_on is not None, found.day is not None
        last = last_day(found)
        self.can_complete = found.state != "completed" and last is not None and last <= today
        await name_page(self, self.title)
        board = await self.get_state(BoardState)
        board.project_id = self.project_id
        await board._show(entry)
        timeline = await self.get_state(TimelineState)
        timeline.project_id = self.project_id
        await timeline._show(entry)
        report = await self.get_state(ReportState)
        await report._show(entry, self.project_id, over=self.state == "completed")
        self.ready = True


def _written(value: Any) -> str:
    """A fact as a field of the form holds it."""
    if value is None:
        return ""
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value).removesuffix(".00")
