"""What guests thought of an event: their mean, how they spread, and their words."""

import dataclasses
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_date
from babel.numbers import format_decimal

from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_
from app.projects.guests import give_feedback
from app.projects.opinions import PAGE, drop_opinion, opinions_on, ratings_on
from state.admin.entry import Entry, acting, say_done, say_wrong
from state.payloads import form_of, number_of, text_of, uuid_of


@dataclasses.dataclass(frozen=True)
class OpinionRow:
    """What one guest thought."""

    id: str
    name: str
    rating: int
    rating_name: str
    text: str
    on: str


@dataclasses.dataclass(frozen=True)
class Share:
    """How many gave a rating; the length in percent of the longest bar."""

    rating: str
    count: str
    width: float


class OpinionsState(rx.State):
    """A page of what guests thought."""

    project_id: rx.Field[str] = rx.field("")
    rows: rx.Field[list[OpinionRow]] = rx.field(default_factory=list)
    shares: rx.Field[list[Share]] = rx.field(default_factory=list)
    mean: rx.Field[str] = rx.field("")
    """Empty while nobody said anything."""
    count: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    added: rx.Field[int] = rx.field(0)
    """Counts what was added, so that the form is empty after."""

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Write down what somebody thought who did not say who they are."""
        told = form_of(form)
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await give_feedback(
                    session,
                    entry.actor,
                    uuid_of(self.project_id),
                    number_of(told.get("opinion")),
                    text_of(told.get("opinion_text"), 5000),
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        self.added += 1
        self.number = 1
        await self._show(entry, self.project_id)
        await say_done(self, N_("Added."))

    @rx.event
    async def remove(self, opinion_id: str):
        """Delete what somebody thought for good."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await drop_opinion(
                    session, entry.actor, uuid_of(self.project_id), uuid_of(opinion_id)
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._show(entry, self.project_id)
        await say_done(self, N_("Removed."))

    @rx.event
    async def turn(self, by: int):
        """Show the page before or after."""
        step = -1 if str(by) == "-1" else 1
        self.number = min(max(1, self.number + step), self.pages)
        await self._show(await acting(self), self.project_id)

    async def _show(self, entry: Entry, project_id: str) -> None:
        babel = entry.locale.replace("-", "_")
        if self.project_id != project_id:
            self.project_id, self.number = project_id, 1
        wanted = uuid_of(project_id)
        try:
            async with tenant_session(entry.market.id) as session:
                given = await ratings_on(session, entry.actor, wanted)
                found, self.count = await opinions_on(
                    session, entry.actor, wanted, min(max(1, self.number), 10_000)
                )
        except AppError:
            self.rows, self.shares, self.mean, self.count = [], [], "", 0
            return
        self.pages = max(1, -(-self.count // PAGE))
        mean = sum(rating * many for rating, many in given.items()) / max(self.count, 1)
        self.mean = f"{format_decimal(round(mean, 2), '0.##', locale=babel)} / 5" if mean else ""
        most = max(*given.values(), 1)
        self.shares = [
            Share(
                format_decimal(rating, locale=babel),
                format_decimal(many, locale=babel),
                round(many * 100 / most, 2),
            )
            for rating, many in sorted(given.items(), reverse=True)
        ]
        zone = ZoneInfo(entry.market.timezone)
        self.rows = [
            OpinionRow(
                id=str(one.id),
                name=one.name,
                rating=one.rating,
                rating_name=f"{format_decimal(one.rating, locale=babel)} / 5",
                text=one.text,
                on=format_date(one.at.astimezone(zone), "medium", locale=babel),
            )
            for one in found
        ]
