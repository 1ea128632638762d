"""A member's own reviews: what they said, what they could review, and the form of one."""

import dataclasses
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.cards import ListingCard
from app.catalogue.models import Listing
from app.catalogue.reading import listing_by_slug
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import in_locale, own_name, translate, written_date
from app.rendering import ssr
from app.reviews.models import Review
from app.reviews.reading import own_reviews, to_review
from app.reviews.writing import must_have_dealt, person_of, review_by
from state.filters import Option
from state.page import Crumb, PageState, Visit, arrive, not_found, present_unlisted, refuse
from state.session import current_actor


@dataclasses.dataclass(frozen=True)
class OwnReview:
    """A review of one's own; `edit_url` is empty where the listing is not on show."""

    id: str
    slug: str
    title: str
    stars: int
    text: str
    day: str
    hidden: bool
    reason: str
    answer: str
    edit_url: str


@dataclasses.dataclass(frozen=True)
class ToReview:
    """A service whose provider the member has dealt with."""

    title: str
    title_lang: str
    provider: str
    write_url: str


class OwnReviewsState(rx.State):
    """What a member said, and what they could say something of."""

    said: rx.Field[list[OwnReview]] = rx.field(default_factory=list)
    waiting: rx.Field[list[ToReview]] = rx.field(default_factory=list)

    @rx.event
    async def load(self):
        """Show the member's reviews."""
        self.said, self.waiting = [], []
        visit = await arrive(self)
        if visit is None:
            return
        locale = visit.locale
        await present_unlisted(self, visit, title=translate(locale, "Your reviews"))
        actor = await current_actor(self, visit.market)
        try:
            async with tenant_session(visit.market.id) as session:
                found = await own_reviews(session, actor)
                waiting = await to_review(session, actor, locale)
        except AppError as error:
            await refuse(self, error)
            return
        self.said = [_own(visit, *one) for one in found]
        self.waiting = [
            ToReview(card.title, card.text_locale, card.provider, form_path(visit, card.slug))
            for card in waiting
        ]


class WriteReviewState(rx.State):
    """The form of one's review of a listing, filled with what one said before."""

    slug: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    title_lang: rx.Field[str] = rx.field("")
    provider: rx.Field[str] = rx.field("")
    listing_url: rx.Field[str] = rx.field("")
    refusal: rx.Field[str] = rx.field("")
    """Why the member cannot review it; empty when they can."""
    exists: rx.Field[bool] = rx.field(False)
    stars: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    written: rx.Field[str] = rx.field("")
    languages: rx.Field[list[Option]] = rx.field(default_factory=list)
    hidden: rx.Field[str] = rx.field("")
    """Why the market hid it; empty where it did not."""
    done: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")

    @rx.event
    async def load(self):
        """Show the form for the listing that the path names."""
        visit = await arrive(self)
        if visit is None:
            return
        locale, self.refusal = visit.locale, ""
        actor = await current_actor(self, visit.market)
        try:
            actor.must(Permission.REVIEW)
            async with tenant_session(visit.market.id) as session:
                detail = await listing_by_slug(session, visit.slug, locale)
                if detail is not None:
                    await self._read(session, actor, visit, detail.card)
        except AppError as error:
            await refuse(self, error)
            return
        if detail is None:
            await not_found(self)
            return
        title = translate(locale, "Your review")
        await present_unlisted(self, visit, title=title)
        ssr.hydrate("interaction")
        page = await self.get_state(PageState)
        page.crumbs = [
            Crumb(page.market_name, visit.home),
            Crumb(detail.card.title, detail.card.url),
            Crumb(title, ""),
        ]
        self.languages = [Option(code, own_name(code)) for code in visit.market.locales]
        self.done = _done(visit.query.get("done", ""), locale)
        self.problem = _problem(visit.query.get("error", ""), locale)

    async def _read(
        self, session: TenantSession, actor: Actor, visit: Visit, card: ListingCard
    ) -> None:
        self.slug, self.title, self.title_lang = card.slug, card.title, card.text_locale
        self.provider, self.listing_url = card.provider, card.url
        listing = await session.get_one(Listing, UUID(card.id))
        review = await review_by(session, person_of(actor), listing.id)
        self.exists, self.hidden = review is not None, ""
        if review is None:
            self.stars, self.text, self.written = 0, "", visit.locale
            self.name = actor.name
            try:
                await must_have_dealt(session, actor, listing)
            except AppError as error:
                self.refusal = translate(visit.locale, error.message, **error.params)
            return
        self.stars, self.text = review.stars, review.text
        self.name, self.written = review.name, review.locale
        if review.state == "hidden":
            self.hidden = review.state_reason


def form_path(visit: Visit, slug: str) -> str:
    """The path of the form of one's review."""
    return f"{visit.home}/reviews/{slug}"


def _own(visit: Visit, review: Review, listing: Listing, shown: bool) -> OwnReview:
    return OwnReview(
        id=str(review.id),
        slug=listing.slug,
        title=in_locale(listing.title, visit.locale),
        stars=review.stars,
        text=review.text,
        day=written_date(review.created_at.date(), visit.locale),
        hidden=review.state == "hidden",
        reason=review.state_reason,
        answer=review.answer,
        edit_url=form_path(visit, listing.slug) if shown else "",
    )


def _done(code: str, locale: str) -> str:
    told = {
        "written": translate(locale, "Thank you, your review is saved."),
        "withdrawn": translate(locale, "Your review is withdrawn."),
    }
    return told.get(code, "")


def _problem(code: str, locale: str) -> str:
    told = {
        "stars": translate(locale, "Choose one to five stars."),
        "text": translate(locale, "Say in a few words how it was."),
        "name": translate(locale, "Say what the review is signed with."),
        "locale": translate(locale, "The market does not speak this language."),
        "too_many": translate(locale, "Too many attempts. Wait a few minutes and try again."),
        "failed": translate(locale, "That did not work. Please try again."),
    }
    return told.get(code, "")
