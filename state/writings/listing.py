"""The list of one's texts, and what can be chosen in the form of a new one."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_datetime

from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, direction, language_name, translate
from app.markets.directory import MarketCard
from app.markets.modules import check_on
from app.writings.exporting import made_by
from app.writings.keeping import PAGE, writings_of
from app.writings.models import Writing
from state.admin.entry import Entry, acting
from state.filters import Option
from state.page import refuse
from state.payloads import text_of, uuid_of
from state.projects.entry import enter_part
from state.writings.choices import (
    ServiceOption,
    events_to_choose,
    services_to_propose,
    subjects_to_tell,
)
from state.writings.entry import enter_texts


@dataclasses.dataclass(frozen=True)
class WritingRow:
    """A text as the list shows it."""

    id: str
    title: str
    kind: str
    kind_name: str
    beginning: str
    direction: str
    locale: str
    language: str
    made: str
    """Who wrote it."""
    on: str


class WritingsState(rx.State):
    """One page of the person's texts, or of those of one event."""

    ready: rx.Field[bool] = rx.field(False)
    project_id: rx.Field[str] = rx.field("")
    """The event whose texts these are; empty for all."""
    rows: rx.Field[list[WritingRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    kind: rx.Field[str] = rx.field("proposal")
    """Which form is open."""
    chosen_event: rx.Field[str] = rx.field("")
    events: rx.Field[list[Option]] = rx.field(default_factory=list)
    services: rx.Field[list[ServiceOption]] = rx.field(default_factory=list)
    """What a proposal for the chosen event may put forward."""
    subjects: rx.Field[list[Option]] = rx.field(default_factory=list)
    """What a marketing text may make known: `kind:id`."""
    languages: rx.Field[list[Option]] = rx.field(default_factory=list)
    language: rx.Field[str] = rx.field("")
    refused: rx.Field[str] = rx.field("")
    """Why no text was written; empty while none was refused."""

    @rx.event
    async def load(self):
        """Show all texts of the person."""
        self.ready, self.project_id, self.chosen_event = False, "", ""
        entry = await enter_texts(self, title=N_("Your texts"), home=True)
        if entry is not None:
            await self._enter(entry)

    @rx.event
    async def load_of_event(self):
        """Show the texts of the event that the path names."""
        self.ready = False
        entered = await enter_part(self, "texts", N_("Texts"))
        if entered is None:
            return
        entry, project = entered
        try:
            check_on(entry.market, "chat")
        except AppError as error:
            await refuse(self, error)
            return
        self.project_id = self.chosen_event = str(project.id)
        await self._enter(entry)

    @rx.event
    async def choose_kind(self, kind: str):
        """Open the form of a proposal or of a marketing text."""
        self.kind = "marketing" if kind == "marketing" else "proposal"
        self.refused = ""

    @rx.event
    async def choose_event(self, project_id: str):
        """Offer the services that are on the shortlist of this event."""
        self.chosen_event = text_of(project_id, 60)
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                self.services = await services_to_propose(session, entry, self.chosen_event)
        except AppError:
            self.services = []

    @rx.event
    async def turn(self, by: int):
        """Show the page before or after."""
        step = -1 if str(by) == "-1" else 1
        self.number = min(max(1, self.number + step), self.pages)
        await self._list(await acting(self))

    async def _enter(self, entry: Entry) -> None:
        self.number, self.kind, self.refused = 1, "proposal", ""
        self.languages = [
            Option(code, language_name(code, entry.locale)) for code in entry.market.locales
        ]
        self.language = entry.locale
        async with tenant_session(entry.market.id) as session:
            self.events = await events_to_choose(session, entry)
            self.subjects = await subjects_to_tell(session, entry, self.project_id)
            self.services = await services_to_propose(session, entry, self.chosen_event)
        await self._list(entry)
        self.ready = True

    async def _list(self, entry: Entry) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                project = uuid_of(self.project_id) if self.project_id else None
                found, self.total = await writings_of(
                    session, entry.actor, project, min(max(1, self.number), 10_000)
                )
        except AppError:
            found, self.total = [], 0
        self.pages = max(1, -(-self.total // PAGE))
        self.rows = [row_of(one, entry) for one in found]


def row_of(one: Writing, entry: Entry) -> WritingRow:
    """A text written out for a list."""
    words = " ".join(one.text.split())
    return WritingRow(
        id=str(one.id),
        title=one.title,
        kind=one.kind,
        kind_name=kind_name(one.kind, entry.locale),
        beginning=words if len(words) <= 160 else words[:160].rsplit(" ", 1)[0] + "…",
        direction=direction(one.locale),
        locale=one.locale,
        language=language_name(one.locale, entry.locale),
        made=made_by(one, entry.locale),
        on=written_moment(one.updated_at, entry.market, entry.locale),
    )


def kind_name(kind: str, locale: str) -> str:
    """What a kind of text is called."""
    return {
        "proposal": translate(locale, "Proposal"),
        "marketing": translate(locale, "Marketing text"),
    }.get(kind, kind)


def written_moment(at: datetime, market: MarketCard, locale: str) -> str:
    """A moment as the market's clocks show it."""
    return format_datetime(
        at, "medium", tzinfo=ZoneInfo(market.timezone), locale=locale.replace("-", "_")
    )
