"""One text: read, changed by hand, gone back to how it stood, deleted."""

import dataclasses
from typing import Any
from uuid import UUID

import reflex as rx

from agents.texts import OPEN
from app.database import tenant_session
from app.errors import AppError, Conflict
from app.i18n import N_, direction, language_name, translate
from app.markets.shaping import NotAccepted
from app.writings import keeping
from app.writings.exporting import made_by
from app.writings.models import Writing, WritingVersion
from state.admin.entry import Entry, acting, say_done, say_wrong, translated
from state.messages import Card, Line, cards_of, lines_of
from state.page import Crumb, PageState, refuse
from state.payloads import form_of, number_of, text_of, uuid_of
from state.writings.entry import enter_texts
from state.writings.listing import kind_name, written_moment


@dataclasses.dataclass(frozen=True)
class Opened:
    """A text as its page shows it; named as `state.messages.Message` names the same things."""

    title: str = ""
    text: str = ""
    lines: list[Line] = dataclasses.field(default_factory=list[Line])
    citations: list[Card] = dataclasses.field(default_factory=list[Card])
    direction: str = "ltr"
    kind: str = ""
    kind_name: str = ""
    language: str = ""
    language_name: str = ""
    made: str = ""
    """Who wrote it."""
    composed: bool = False
    """Whether no model wrote it."""
    wished: bool = False
    """Whether a tone or a place was asked for, which only a model heeds."""
    missing: str = ""
    """What of the event was not decided yet."""
    event_url: str = ""


@dataclasses.dataclass(frozen=True)
class VersionRow:
    """How a text stood once."""

    number: int
    name: str
    made: str
    on: str
    current: bool


class OpenedState(rx.State):
    """The text that the path names."""

    ready: rx.Field[bool] = rx.field(False)
    writing_id: rx.Field[str] = rx.field("")
    shown: rx.Field[Opened] = rx.field(default_factory=Opened)
    version: rx.Field[int] = rx.field(0)
    versions: rx.Field[list[VersionRow]] = rx.field(default_factory=list)
    editing: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    refused: rx.Field[str] = rx.field("")
    """Why it was not written anew; empty while that was not refused."""

    @rx.event
    async def load(self):
        """Show the text, or say that there is none."""
        self.ready, self.editing, self.refused = False, False, ""
        self.writing_id = self.router.url.path.rstrip("/").rpartition("/")[2]
        entry = await enter_texts(self, title=N_("Text"))
        if entry is None:
            return
        try:
            await self._open(entry)
        except AppError as error:
            await refuse(self, error)
            return
        page = await self.get_state(PageState)
        page.head_title = f"{self.shown.title} · {page.market_name}"
        page.crumbs = [*page.crumbs[:-1], Crumb(self.shown.title, "")]
        self.ready = True

    @rx.event
    async def begin_editing(self):
        """Show the text as a form."""
        self.editing, self.problem, self.problem_field = True, "", ""

    @rx.event
    async def leave(self):
        """Leave the text as it is."""
        self.editing = False
        return rx.set_focus("edit")

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save what was changed by hand, as a new version."""
        told = form_of(form)
        title = text_of(told.get("title"), 2 * keeping.LONGEST_TITLE)
        text = text_of(told.get("text"), 2 * keeping.LONGEST_TEXT)
        seen = number_of(told.get("version"))
        entry = await acting(self)
        self.problem = self.problem_field = ""
        try:
            async with tenant_session(entry.market.id) as session:
                await keeping.edit(
                    session, entry.actor, uuid_of(self.writing_id), title, text, seen
                )
        except NotAccepted as error:
            self.problem, self.problem_field = await translated(self, error), error.field
            return None
        except AppError as error:
            await say_wrong(self, error)
            if isinstance(error, Conflict):
                # What was typed stays in the form; saved again it becomes the newest version.
                await self._refresh(entry)
            return None
        self.editing = False
        await self._refresh(entry)
        await say_done(self, N_("Saved."), undo=self.version > seen)
        return rx.set_focus("edit")

    @rx.event
    async def go_back_to(self, number: int):
        """Let the text stand as it once stood."""
        entry = await acting(self)
        former = self.version
        try:
            async with tenant_session(entry.market.id) as session:
                await keeping.go_back_to(
                    session, entry.actor, uuid_of(self.writing_id), number_of(number)
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        self.editing = False
        await self._refresh(entry)
        await say_done(self, N_("It is as it was then."), undo=self.version > former)

    @rx.event
    async def say_copied(self):
        """Say that the browser took the text over."""
        await say_done(self, N_("Copied."))

    @rx.event
    async def undo(self):
        """Take the last change back."""
        return OpenedState.go_back_to(self.version - 1)

    @rx.event
    async def remove(self):
        """Delete the text for good."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await keeping.remove(session, entry.actor, uuid_of(self.writing_id))
        except AppError as error:
            await say_wrong(self, error)
            return None
        return rx.redirect(f"/{entry.locale}/texts")

    async def _refresh(self, entry: Entry) -> None:
        """Show the text as it is by now."""
        try:
            await self._open(entry)
        except AppError as error:
            await say_wrong(self, error)

    async def _open(self, entry: Entry) -> None:
        wanted = uuid_of(self.writing_id)
        async with tenant_session(entry.market.id) as session:
            found = await keeping.writing_of(session, entry.actor, wanted)
            versions = await keeping.versions_of(session, entry.actor, wanted)
        self.version = found.version
        self.shown = _shown(found, entry)
        self.versions = [_version(one, found, entry) for one in versions]


def _shown(one: Writing, entry: Entry) -> Opened:
    locale = entry.locale
    cards = cards_of(one.sources)
    composed = one.model == "composer"
    missing = [translate(locale, OPEN[name]) for name in one.missing if name in OPEN]
    return Opened(
        title=one.title,
        text=one.text,
        lines=lines_of(one.text, cards),
        citations=cards,
        direction=direction(one.locale),
        kind=one.kind,
        kind_name=kind_name(one.kind, locale),
        language=one.locale,
        language_name=language_name(one.locale, locale),
        made=made_by(one, locale),
        composed=composed,
        wished=bool(one.asked.get("tone") or one.asked.get("channel")),
        missing=", ".join(missing),
        event_url=_event_url(one.project_id, locale),
    )


def _version(one: WritingVersion, found: Writing, entry: Entry) -> VersionRow:
    locale = entry.locale
    if not one.model:
        made = translate(locale, "Changed by hand")
    elif one.model == "composer":
        made = translate(locale, "Composed without a model")
    else:
        made = translate(locale, "Written by %(model)s", model=one.model)
    return VersionRow(
        number=one.number,
        name=translate(locale, "Version %(number)s", number=one.number),
        made=made,
        on=written_moment(one.created_at, entry.market, locale),
        current=one.number == found.version,
    )


def _event_url(project_id: UUID | None, locale: str) -> str:
    return f"/{locale}/events/{project_id}" if project_id else ""
