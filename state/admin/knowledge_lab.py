"""The knowledge lab: what a question finds and why, and how well sets of questions are answered."""

import asyncio
import dataclasses
from itertools import zip_longest
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate, written_date
from app.jobs.queue import FINISHED, job_of
from app.knowledge import overseeing, questions
from app.knowledge.models import Measurement, Question
from app.search.index import Access
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.admin.knowledge import PATIENCE, PAUSE
from state.filters import Option
from state.page import Crumb
from state.payloads import text_of, uuid_of
from state.session import path_parts

READERS: dict[str, tuple[Access, ...]] = {
    "public": ("public",),
    "members": ("public", "members"),
    "staff": ("public", "members", "staff"),
}
FIGURES = ("recall", "mrr", "precision", "abstained")


@dataclasses.dataclass(frozen=True)
class LookedRow:
    """A passage that was looked at; numbers are written out."""

    title: str
    heading: str
    text: str
    url: str
    access: str
    given: bool
    sure: str
    meaning: str
    wording: str
    named: str
    rank: str


@dataclasses.dataclass(frozen=True)
class QuestionRow:
    """A question of the set, and how it went the last time."""

    id: str
    text: str
    expected: str
    passages: str
    went: str
    """`right`, `late`, `wrong` or empty where it was not asked yet."""


@dataclasses.dataclass(frozen=True)
class MeasurementRow:
    """A measurement; figures in per cent, -1 for none; `change` is against the one before."""

    at: str
    note: str
    questions: int
    recall: int
    mrr: int
    precision: int
    abstained: int
    change: str


class KnowledgeLabState(rx.State):
    """Asking, and the set of questions that is open."""

    asked: rx.Field[str] = rx.field("")
    reader: rx.Field[str] = rx.field("public")
    looked: rx.Field[list[LookedRow]] = rx.field(default_factory=list)
    done: rx.Field[bool] = rx.field(False)
    sets: rx.Field[list[Option]] = rx.field(default_factory=list)
    open_set: rx.Field[str] = rx.field("")
    rows: rx.Field[list[QuestionRow]] = rx.field(default_factory=list)
    documents: rx.Field[list[Option]] = rx.field(default_factory=list)
    measured: rx.Field[list[MeasurementRow]] = rx.field(default_factory=list)
    measuring: rx.Field[str] = rx.field("")
    progress: rx.Field[int] = rx.field(0)
    total: rx.Field[int] = rx.field(0)
    kept: rx.Field[int] = rx.field(0)
    """Counts what was added, so that forms are empty afterwards."""

    @rx.event
    async def load(self):
        """Show the sets of questions."""
        entry = await enter(
            self,
            Permission.EDIT_KNOWLEDGE,
            place="knowledge/lab",
            title=N_("Knowledge lab"),
            under=(Crumb(translate(path_parts(self)[0], "Documents"), "knowledge"),),
        )
        if entry is None:
            return
        self.looked, self.done, self.measuring = [], False, ""
        await self._refresh(entry)

    @rx.event
    async def ask(self, form: dict[str, Any]):
        """Show what a question finds, and what it passes over."""
        entry = await acting(self)
        self.asked = text_of(form.get("question"), 300).strip()
        reader = text_of(form.get("reader"), 20)
        self.reader = reader if reader in READERS else "public"
        self.looked, self.done = [], False
        if not self.asked:
            return
        async with tenant_session(entry.market.id) as session:
            found = await overseeing.look(
                session, entry.actor, self.asked, entry.locale, READERS[self.reader]
            )
        self.looked = [
            LookedRow(
                title=one.title,
                heading=one.heading,
                text=one.text,
                url=one.url,
                access=one.weighed.access,
                given=one.given,
                sure=f"{one.weighed.sure:.2f}",
                meaning=f"{one.weighed.meaning:.3f}",
                wording=f"{one.weighed.wording:.3f}",
                named=f"{one.weighed.named:.2f}",
                rank=f"{one.weighed.rank:.2f}",
            )
            for one in found
        ]
        self.done = True

    @rx.event
    async def choose(self, set_id: str):
        """Open another set."""
        entry = await acting(self)
        self.open_set = text_of(set_id, 40)
        await self._refresh(entry)

    @rx.event
    async def make(self, form: dict[str, Any]):
        """Begin a new set."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                made = await questions.make_set(session, entry.actor, text_of(form.get("name")))
        except AppError as error:
            await say_wrong(self, error)
            return
        self.open_set = str(made)
        self.kept += 1
        await self._refresh(entry)

    @rx.event
    async def drop(self):
        """Delete the set that is open."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await questions.drop_set(session, entry.actor, uuid_of(self.open_set))
        except AppError as error:
            await say_wrong(self, error)
            return
        self.open_set = ""
        await say_done(self, N_("The set is deleted."))
        await self._refresh(entry)

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Add a question to the set that is open."""
        entry = await acting(self)
        told = text_of(form.get("document"), 40)
        try:
            async with tenant_session(entry.market.id) as session:
                await questions.add_question(
                    session,
                    entry.actor,
                    uuid_of(self.open_set),
                    text_of(form.get("text")),
                    entry.locale,
                    [uuid_of(told)] if told else [],
                    text_of(form.get("passages")).splitlines(),
                )
        except AppError as error:
            await say_wrong(self, error)
            return
        self.kept += 1
        await self._refresh(entry)

    @rx.event
    async def remove(self, question_id: str):
        """Take a question out."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await questions.drop_question(session, entry.actor, uuid_of(question_id))
        except AppError as error:
            await say_wrong(self, error)
        await self._refresh(entry)

    @rx.event
    async def measure(self, form: dict[str, Any]):
        """Measure the set that is open."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                job_id = await questions.have_measured(
                    session, entry.actor, uuid_of(self.open_set), text_of(form.get("note"))
                )
        except AppError as error:
            await say_wrong(self, error)
            return None
        self.measuring, self.progress, self.total = str(job_id), 0, 0
        return KnowledgeLabState.follow

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far the measurement is, and its figures when it is done."""
        for _look in range(PATIENCE):
            async with self:
                if not self.measuring:
                    return
                entry = await acting(self)
                entry.actor.must(Permission.EDIT_KNOWLEDGE)
                async with tenant_session(entry.market.id) as session:
                    job = await job_of(session, uuid_of(self.measuring))
                self.progress, self.total = job.done, job.total
                if job.state in FINISHED:
                    self.measuring = ""
                    if job.problem:
                        await say_wrong(self, AppError(job.problem, **job.report.get("params", {})))
                    await self._refresh(entry)
                    return
            await asyncio.sleep(PAUSE)

    async def _refresh(self, entry: Entry) -> None:
        async with tenant_session(entry.market.id) as session:
            sets = await questions.sets_of(session, entry.actor)
            known = {str(one.id) for one in sets}
            if self.open_set not in known:
                self.open_set = str(sets[0].id) if sets else ""
            listed = await overseeing.documents_of(session, entry.actor)
            asked: list[Question] = []
            measured: list[Measurement] = []
            if self.open_set:
                set_id = UUID(self.open_set)
                asked = await questions.questions_of(session, entry.actor, set_id)
                measured = await questions.measurements_of(session, entry.actor, set_id)
        self.sets = [Option(str(one.id), one.name) for one in sets]
        self.documents = [Option(str(one.id), one.title) for one in listed.documents]
        titles = {str(one.id): one.title for one in listed.documents}
        each = measured[0].figures.get("each", {}) if measured else {}
        nothing = translate(entry.locale, "no answer")
        self.rows = [
            QuestionRow(
                id=str(one.id),
                text=one.text,
                expected=", ".join(titles.get(told, "…") for told in one.documents) or nothing,
                passages=" · ".join(one.passages),
                went=_went(each.get(str(one.id))),
            )
            for one in asked
        ]
        self.measured = [
            _measurement(one, before, entry.locale)
            for one, before in zip_longest(measured, measured[1:])
        ]


def _went(told: dict[str, Any] | None) -> str:
    if told is None:
        return ""
    if not told["answerable"]:
        return "wrong" if told["found"] else "right"
    return {0: "wrong", 1: "right"}.get(told["right_at"], "late")


def _measurement(one: Measurement, before: Measurement | None, locale: str) -> MeasurementRow:
    now = [_percent(one.figures.get(name)) for name in FIGURES]
    then = [_percent(before.figures.get(name)) for name in FIGURES] if before else now
    moved = [
        here - there if here >= 0 and there >= 0 else 0
        for here, there in zip(now, then, strict=True)
    ]
    return MeasurementRow(
        at=f"{written_date(one.created_at.date(), locale)}, {one.created_at:%H:%M} UTC",
        note=one.note,
        questions=int(one.figures.get("questions", 0)),
        recall=now[0],
        mrr=now[1],
        precision=now[2],
        abstained=now[3],
        change=" / ".join(f"{step:+d}" if step else "=" for step in moved) if before else "",
    )


def _percent(share: object) -> int:
    return round(share * 100) if isinstance(share, (int, float)) else -1
