"""What is said of a provider's services, and their answers."""

import dataclasses
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, in_locale, written_date
from app.markets.directory import MarketCard
from app.reviews.answering import Received, answer_review, reviews_received
from state.admin.entry import acting, say_done, say_wrong
from state.office.entry import enter_office
from state.page import refuse
from state.payloads import form_of, text_of, uuid_of


@dataclasses.dataclass(frozen=True)
class ReceivedRow:
    """A review as the office shows it."""

    id: str
    service: str
    stars: int
    name: str
    text: str
    lang: str
    day: str
    answer: str


class OfficeReviewsState(rx.State):
    """The reviews of what the providers offer that a person acts for."""

    rows: rx.Field[list[ReceivedRow]] = rx.field(default_factory=list)
    loaded: rx.Field[bool] = rx.field(False)
    shown: rx.Field[int] = rx.field(0)
    """Counts the readings, so that fields take what was saved."""

    @rx.event
    async def load(self):
        """Show what was said."""
        self.loaded = False
        entry = await enter_office(self, title=N_("Reviews"))
        if entry is None:
            return
        try:
            entry.actor.must(Permission.OFFER)
        except AppError as error:
            await refuse(self, error)
            return
        await self._show(entry.market, entry.actor, entry.locale)

    @rx.event
    async def answer(self, form: dict[str, Any]):
        """Answer a review, or change the answer; without words it is taken back."""
        entry, told = await acting(self), form_of(form)
        try:
            which = uuid_of(told.get("review"))
            text = text_of(told.get(f"answer-{which}"))
            async with tenant_session(entry.market.id) as session:
                review = await answer_review(session, entry.actor, which, text)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._show(entry.market, entry.actor, entry.locale)
        if review.answer:
            await say_done(self, N_("Your answer stands below the review."))
        else:
            await say_done(self, N_("Your answer is taken back."))

    async def _show(self, market: MarketCard, actor: Actor, locale: str) -> None:
        async with tenant_session(market.id) as session:
            found = await reviews_received(session, actor)
        self.rows = [_row(one, locale) for one in found]
        self.loaded = True
        self.shown += 1


def _row(received: Received, locale: str) -> ReceivedRow:
    review = received.review
    return ReceivedRow(
        id=str(review.id),
        service=in_locale(received.listing.title, locale),
        stars=review.stars,
        name=review.name,
        text=review.text,
        lang=review.locale,
        day=written_date(review.created_at.date(), locale),
        answer=review.answer,
    )
