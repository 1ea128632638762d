"""The first page of the console: how the market does, from its own rows."""

from __future__ import annotations

import dataclasses

import reflex as rx
from babel.dates import format_date
from sqlalchemy import func
from sqlmodel import col, select

from app.accounts import figures as people
from app.accounts.permissions import Permission
from app.catalogue import figures as catalogue
from app.conversations import figures as conversations
from app.database import tenant_session
from app.i18n import N_
from app.jobs.models import Job
from state.admin.entry import Entry, enter

DAYS = 30


@dataclasses.dataclass(frozen=True)
class Bar:
    """A day in the chart; `height` is a percentage of the highest."""

    day: str
    messages: int
    conversations: int
    height: int


@dataclasses.dataclass(frozen=True)
class Share:
    """A state of listings and how many are in it."""

    state: str
    count: int
    width: int


class OverviewState(rx.State):
    """Figures and charts."""

    loaded: rx.Field[bool] = rx.field(False)
    members: rx.Field[int] = rx.field(0)
    new_members: rx.Field[int] = rx.field(0)
    listings: rx.Field[int] = rx.field(0)
    providers: rx.Field[int] = rx.field(0)
    shares: rx.Field[list[Share]] = rx.field(default_factory=list)
    bars: rx.Field[list[Bar]] = rx.field(default_factory=list)
    messages: rx.Field[int] = rx.field(0)
    replies: rx.Field[int] = rx.field(0)
    answered: rx.Field[int] = rx.field(0)
    answered_percent: rx.Field[int] = rx.field(0)
    unanswered: rx.Field[list[str]] = rx.field(default_factory=list)
    jobs_waiting: rx.Field[int] = rx.field(0)
    jobs_failed: rx.Field[int] = rx.field(0)

    @rx.event
    async def load(self):
        """Show the overview."""
        entry = await enter(self, Permission.SEE_FIGURES, place="", title=N_("Console"))
        if entry is None:
            return
        await self._count(entry)
        self.loaded = True

    @rx.event
    async def refresh(self):
        """Count again."""
        await self.load()

    async def _count(self, entry: Entry) -> None:
        market, actor = entry.market, entry.actor
        async with tenant_session(market.id) as session:
            counted = await people.members(session, actor, DAYS)
            states = await catalogue.listings_by_state(session, actor)
            self.providers = await catalogue.provider_total(session, actor)
            days = await conversations.by_day(session, actor, DAYS, market.timezone)
            replies = await conversations.answers(session, actor, DAYS)
            self.unanswered = (
                list(await conversations.unanswered(session, actor, DAYS))
                if actor.may(Permission.SEE_CONVERSATIONS)
                else []
            )
            jobs = dict(
                (await session.exec(select(Job.state, func.count()).group_by(col(Job.state)))).all()
            )
        self.members, self.new_members = counted.all, counted.new
        self.listings = states["published"]
        total = max(1, sum(states.values()))
        self.shares = [
            Share(state, count, round(100 * count / total)) for state, count in states.items()
        ]
        highest = max(1, *(day.messages for day in days))
        self.bars = [
            Bar(
                format_date(day.day, "d MMM", locale=entry.locale.replace("-", "_")),
                day.messages,
                day.conversations,
                round(100 * day.messages / highest),
            )
            for day in days
        ]
        self.messages = sum(day.messages for day in days)
        self.replies, self.answered = replies.replies, replies.answered
        self.answered_percent = round(100 * replies.answered / max(1, replies.replies))
        self.jobs_waiting = jobs.get("waiting", 0) + jobs.get("running", 0)
        self.jobs_failed = jobs.get("failed", 0)
