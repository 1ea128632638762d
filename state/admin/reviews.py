"""Reviews as the market's staff sees them: those that were reported first of all."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from app.accounts.permissions import Permission
from app.catalogue.cards import listing_path
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, in_locale, translate, written_date
from app.reviews.moderating import (
    SOUGHT,
    Moderated,
    hide_review,
    leave_review,
    restore_review,
    reviews_found,
    waiting,
)
from app.reviews.reporting import REASONS
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.payloads import form_of, text_of, uuid_of


@dataclasses.dataclass(frozen=True)
class Complaint:
    """What somebody finds wrong with a review."""

    reason: str
    note: str
    day: str


@dataclasses.dataclass(frozen=True)
class ModeratedRow:
    """A review as the console shows it."""

    id: str
    service: str
    url: str
    provider: str
    stars: int
    name: str
    text: str
    lang: str
    day: str
    edited: str
    answer: str
    hidden: bool
    reason: str
    complaints: list[Complaint]


class AdminReviewsState(rx.State):
    """A page of the reviews that are sought."""

    rows: rx.Field[list[ModeratedRow]] = rx.field(default_factory=list)
    which: rx.Field[str] = rx.field("")
    """One of `SOUGHT`, or empty for all."""
    waiting: rx.Field[int] = rx.field(0)
    """How many were reported and not looked at."""
    total: rx.Field[int] = rx.field(0)
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show what was reported, or everything where nothing was."""
        self.loaded = False
        entry = await enter(self, Permission.MODERATE_REVIEWS, place="reviews", title=N_("Reviews"))
        if entry is None:
            return
        self.which, self.number = "reported", 1
        await self._look(entry)
        if not self.total:
            self.which = ""
            await self._look(entry)

    @rx.event
    async def seek(self, which: str):
        """Show the reviews of one kind."""
        self.which, self.number = which if which in SOUGHT else "", 1
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
    async def hide(self, form: dict[str, Any]):
        """Take a review off the pages."""
        told = form_of(form)

        async def do(session: TenantSession, entry: Entry) -> None:
            which = uuid_of(told.get("review"))
            await hide_review(session, entry.actor, which, text_of(told.get(f"reason-{which}")))

        await self._do(do, N_("The review is hidden. Its author reads why."))

    @rx.event
    async def restore(self, review_id: str):
        """Show a hidden review again."""

        async def do(session: TenantSession, entry: Entry) -> None:
            await restore_review(session, entry.actor, uuid_of(review_id))

        await self._do(do, N_("The review is shown again."))

    @rx.event
    async def leave(self, review_id: str):
        """Find nothing wrong with a review that was reported."""

        async def do(session: TenantSession, entry: Entry) -> None:
            await leave_review(session, entry.actor, uuid_of(review_id))

        await self._do(do, N_("The review stays. The reports are closed."))

    async def _do(
        self, do: Callable[[TenantSession, Entry], Awaitable[None]], message: str
    ) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await do(session, entry)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._look(entry)
        await say_done(self, message)

    async def _look(self, entry: Entry) -> None:
        try:
            async with tenant_session(entry.market.id) as session:
                found = await reviews_found(session, entry.actor, self.which, self.number)
                self.waiting = await waiting(session, entry.actor)
        except AppError as error:
            self.rows, self.total = [], 0
            await say_wrong(self, error)
            return
        self.rows = [_row(one, entry.locale) for one in found.rows]
        self.total, self.number, self.pages = found.total, found.number, found.pages
        self.loaded = True


def _row(one: Moderated, locale: str) -> ModeratedRow:
    review = one.review
    return ModeratedRow(
        id=str(review.id),
        service=in_locale(one.listing.title, locale),
        url=listing_path(locale, one.listing.slug),
        provider=one.provider,
        stars=review.stars,
        name=review.name,
        text=review.text,
        lang=review.locale,
        day=written_date(review.created_at.date(), locale),
        edited=written_date(review.edited_at.date(), locale) if review.edited_at else "",
        answer=review.answer,
        hidden=review.state == "hidden",
        reason=review.state_reason,
        complaints=[
            Complaint(
                translate(locale, REASONS.get(report.reason, REASONS["other"])),
                report.note,
                written_date(report.created_at.date(), locale),
            )
            for report in one.reports
        ],
    )
