"""What people thought of answers, as a page of the console, and what staff makes of it."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx
from babel.dates import format_datetime
from babel.numbers import format_decimal

from app.accounts.permissions import Permission
from app.conversations import feedback, traces
from app.conversations.feedback import PAGE, Judged, Sought
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, money, translate
from app.knowledge import questions
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.filters import Option
from state.how import HowStep, step_of
from state.payloads import text_of, uuid_of

DAYS = ("7", "30", "90", "365")
"""How far one can look back; anything else is all the time."""


@dataclasses.dataclass(frozen=True)
class Row:
    """What somebody thought of an answer, written out."""

    id: str
    when: str
    good: bool
    reason: str
    note: str
    question: str
    answer: str
    agent: str
    model: str
    handled: bool
    traced: bool
    cites: bool
    """Whether it cites a document, so that the question can be asked of a set."""


class FeedbackState(rx.State):
    """The judgements that are sought, and how one of the answers was made."""

    loaded: rx.Field[bool] = rx.field(False)
    rows: rx.Field[list[Row]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    sought: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    agents: rx.Field[list[str]] = rx.field(default_factory=list)
    sets: rx.Field[list[Option]] = rx.field(default_factory=list)
    """Sets of questions; none for who may not write them."""
    open_id: rx.Field[str] = rx.field("")
    """The answer of which it is shown how it was made."""
    steps: rx.Field[list[HowStep]] = rx.field(default_factory=list)
    tried: rx.Field[list[str]] = rx.field(default_factory=list)
    tokens: rx.Field[str] = rx.field("")
    cost: rx.Field[str] = rx.field("")
    seconds: rx.Field[str] = rx.field("")

    @rx.event
    async def load(self):
        """Show what is still to be seen to, the newest first."""
        entry = await enter(
            self, Permission.SEE_CONVERSATIONS, place="feedback", title=N_("Feedback")
        )
        if entry is None:
            return
        self.sought, self.number, self.open_id = {"handled": "no"}, 1, ""
        self.sets = []
        if entry.actor.may(Permission.EDIT_KNOWLEDGE):
            async with tenant_session(entry.market.id) as session:
                found = await questions.sets_of(session, entry.actor)
            self.sets = [Option(str(one.id), one.name) for one in found]
        await self._look(entry)

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the judgements that fit the form."""
        names = ("mark", "agent", "handled", "days")
        self.sought = {name: text_of(form.get(name), 40) for name in names}
        self.number, self.open_id = 1, ""
        await self._look(await acting(self))

    @rx.event
    async def earlier(self):
        """Show the page before."""
        self.number = max(1, self.number - 1)
        await self._look(await acting(self))

    @rx.event
    async def later(self):
        """Show the next page."""
        self.number += 1
        await self._look(await acting(self))

    @rx.event
    async def handle(self, reply_id: str):
        """Note that one was seen to, or that it was not."""
        entry = await acting(self)
        known = next((row for row in self.rows if row.id == reply_id), None)
        on = known is None or not known.handled
        try:
            async with tenant_session(entry.market.id) as session:
                await feedback.mark_handled(session, entry.actor, uuid_of(reply_id), on=on)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._look(entry)
        await say_done(self, N_("Seen to.") if on else N_("It is open again."))

    @rx.event
    async def ask(self, reply_id: str, form: dict[str, Any]):
        """Put the question of a good answer into a set, with the documents that it cites."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                one = await feedback.judged_reply(session, entry.actor, uuid_of(reply_id))
                if not (one.good and one.documents):
                    raise AppError(
                        N_("Only a good answer that cites a document says what is right.")
                    )
                await questions.add_question(
                    session,
                    entry.actor,
                    uuid_of(text_of(form.get("set"), 60)),
                    one.question,
                    one.locale,
                    list(one.documents),
                    [],
                )
                await feedback.mark_handled(session, entry.actor, one.reply_id, on=True)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._look(entry)
        await say_done(self, N_("The question is in the set."))

    @rx.event
    async def show_trace(self, reply_id: str):
        """Show how an answer was made; a second time hides it."""
        if self.open_id == reply_id:
            self.open_id = ""
            return
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                found = await traces.trace_of_reply(session, entry.actor, uuid_of(reply_id))
        except AppError as error:
            await say_wrong(self, error)
            return
        trace, locale = found.trace, entry.locale
        self.open_id = str(found.id)
        self.steps = [step_of(one, locale) for one in trace.steps]
        self.tried = [str(one.get("model", "")) for one in trace.tried]
        babel = locale.replace("-", "_")
        self.tokens = format_decimal(trace.tokens_in + trace.tokens_out, locale=babel)
        self.seconds = format_decimal(round(trace.took, 1), locale=babel)
        paid = trace.currency and trace.money
        self.cost = money(trace.money, trace.currency, locale) if paid else ""

    async def _look(self, entry: Entry) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                found, self.total = await feedback.judged(
                    session, entry.actor, _sought(self.sought), self.number
                )
                self.agents = await feedback.agents_judged(session, entry.actor)
        except AppError as error:
            self.rows, self.total = [], 0
            await say_wrong(self, error)
            return
        self.pages = max(1, -(-self.total // PAGE))
        if self.number > self.pages:
            self.number = self.pages
            await self._look(entry)
            return
        self.rows = [_row(one, entry) for one in found]
        self.loaded = True


REASONS = {
    "wrong": N_("It is not true"),
    "missed": N_("It misses my question"),
    "outdated": N_("It is out of date"),
    "tone": N_("The tone is wrong"),
    "other": N_("Something else"),
}


def _sought(told: dict[str, str]) -> Sought:
    days = told.get("days", "")
    return Sought(
        good={"good": True, "bad": False}.get(told.get("mark", "")),
        agent=told.get("agent", ""),
        handled={"yes": True, "no": False}.get(told.get("handled", "")),
        since=datetime.now(UTC) - timedelta(days=int(days)) if days in DAYS else None,
    )


def _row(one: Judged, entry: Entry) -> Row:
    zone = ZoneInfo(entry.market.timezone)
    locale = entry.locale.replace("-", "_")
    return Row(
        id=str(one.reply_id),
        when=format_datetime(one.at, "short", tzinfo=zone, locale=locale),
        good=one.good,
        reason=translate(entry.locale, REASONS[one.reason]) if one.reason in REASONS else "",
        note=one.note,
        question=one.question,
        answer=one.answer,
        agent=one.agent,
        model=one.model,
        handled=one.handled,
        traced=one.traced,
        cites=bool(one.documents),
    )
