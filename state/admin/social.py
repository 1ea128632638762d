"""What others write of the market elsewhere, as a page of the console."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.accounts.permissions import Permission
from app.analytics.spans import Span, span_of
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate
from app.social.figures import Sounds, sounds_of, topics_of
from app.social.reading import Sought, forget_author, forget_mention, mentions_of, sources_of
from app.social.spans import days_of
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.admin.social_rows import (
    Column,
    MentionRow,
    TopicRow,
    column_of,
    mention_rows,
    shares_of,
    topic_row,
)
from state.filters import Option
from state.payloads import text_of, uuid_of

PAGE = 20
SPANS = (30, 90, 180, 365, 1095)
"""Days that can be looked back over."""
USUAL = 180
MOST_TOPICS = 8


class SocialState(rx.State):
    """How mentions sound, what they are about, and the mentions that are sought."""

    loaded: rx.Field[bool] = rx.field(False)
    some: rx.Field[bool] = rx.field(False)
    """Whether any mention was ever brought in."""
    may_write: rx.Field[bool] = rx.field(False)
    days: rx.Field[str] = rx.field(str(USUAL))
    spans: rx.Field[list[Option]] = rx.field(default_factory=list)
    read: rx.Field[int] = rx.field(0)
    unread: rx.Field[int] = rx.field(0)
    shares: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """Of each sentiment its share, as the reader writes percentages."""
    columns: rx.Field[list[Column]] = rx.field(default_factory=list)
    topics: rx.Field[list[TopicRow]] = rx.field(default_factory=list)
    sought: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    sources: rx.Field[list[Option]] = rx.field(default_factory=list)
    choices: rx.Field[list[Option]] = rx.field(default_factory=list)
    """The topics, to choose one of."""
    rows: rx.Field[list[MentionRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    filled: rx.Field[int] = rx.field(0)
    """Counts how often the form was filled from here, so that it takes new values."""

    @rx.event
    async def load(self):
        """Show how mentions sound and the newest of them."""
        entry = await enter(self, Permission.SEE_FIGURES, place="social", title=N_("Mentions"))
        if entry is None:
            return
        self.number, self.sought = 1, {}
        self.may_write = entry.actor.may(Permission.WRITE_MENTIONS)
        self.spans = [Option(str(days), _days(days, entry.locale)) for days in SPANS]
        await self._reckon(entry)

    @rx.event
    async def refresh(self):
        """Count again."""
        await self._reckon(await acting(self))

    @rx.event
    async def look_back(self, days: str):
        """Look back over so many days."""
        self.days = days if days in map(str, SPANS) else str(USUAL)
        self.number = 1
        await self._reckon(await acting(self))

    @rx.event
    async def search(self, form: dict[str, Any]):
        """Show the mentions that fit the form."""
        names = ("words", "source", "sentiment", "topic")
        self.sought = {name: text_of(form.get(name), 200) for name in names}
        self.number = 1
        await self._look(await acting(self))

    @rx.event
    async def open_topic(self, topic_id: str):
        """Show the mentions of a topic."""
        self.sought, self.number = {"topic": text_of(topic_id, 40)}, 1
        self.filled += 1
        await self._look(await acting(self))
        return rx.call_script("document.getElementById('mentions').scrollIntoView()")

    @rx.event
    async def seek_all(self):
        """Forget what was sought."""
        self.sought, self.number = {}, 1
        self.filled += 1
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
    async def forget(self, mention_id: str):
        """Delete a mention."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await forget_mention(session, entry.actor, uuid_of(mention_id))
        except AppError as error:
            await say_wrong(self, error)
            return
        await say_done(self, N_("The mention is deleted."))
        await self._reckon(entry)

    @rx.event
    async def forget_their(self, mention_id: str):
        """Delete all that the author of a mention wrote in the same place."""
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                gone = await forget_author(session, entry.actor, uuid_of(mention_id))
        except AppError as error:
            await say_wrong(self, error)
            return
        await say_done(self, N_("Deleted: %(count)s."), count=gone)
        await self._reckon(entry)

    async def _reckon(self, entry: Entry) -> None:
        locale, span = entry.locale, _span(entry, self.days)
        try:
            async with tenant_session(entry.market.id) as session:
                sources = await sources_of(session, entry.actor)
                sounds = await sounds_of(session, entry.actor, span)
                topics = await topics_of(session, entry.actor, span, limit=MOST_TOPICS)
        except AppError as error:
            await say_wrong(self, error)
            return
        self.some = bool(sources)
        self.sources = [Option(source, source) for source in sources]
        self._hear(sounds, locale)
        self.topics = [topic_row(one, locale) for one in topics]
        self.choices = [Option(one.id, one.words) for one in self.topics]
        await self._look(entry)
        self.loaded = True

    def _hear(self, sounds: Sounds, locale: str) -> None:
        self.read, self.unread = sounds.read, sounds.unread
        self.shares = shares_of(sounds, locale)
        highest = max((week.total for week in sounds.weeks), default=0)
        self.columns = [column_of(week, highest, locale) for week in sounds.weeks]

    async def _look(self, entry: Entry) -> None:
        sought, span = self.sought, _span(entry, self.days)
        try:
            topic_id = uuid_of(sought["topic"]) if sought.get("topic") else None
            narrowed = Sought(
                sought.get("words", ""),
                sought.get("source", ""),
                sought.get("sentiment", ""),
                topic_id=topic_id,
                span=span,
            )
            async with tenant_session(entry.market.id) as session:
                offset = (max(1, self.number) - 1) * PAGE
                found = await mentions_of(session, entry.actor, narrowed, limit=PAGE, offset=offset)
        except AppError as error:
            await say_wrong(self, error)
            return
        self.total, self.pages = found.total, max(1, -(-found.total // PAGE))
        self.rows = mention_rows(found, entry.locale)


def _span(entry: Entry, days: str) -> Span:
    return span_of(entry.market, last=days_of(entry.market).last, days=int(days))


def _days(days: int, locale: str) -> str:
    names = {
        30: translate(locale, "30 days"),
        90: translate(locale, "90 days"),
        180: translate(locale, "half a year"),
        365: translate(locale, "a year"),
    }
    return names.get(days) or translate(locale, "three years")
