"""What is said of a listing: on its own page, the newest of it, and on a page with all of it."""

import dataclasses
from uuid import UUID

import reflex as rx

from app.catalogue.cards import ListingCard, ListingDetail, listing_path
from app.catalogue.ratings import Rating
from app.catalogue.reading import listing_by_slug
from app.database import TenantSession, tenant_session
from app.i18n import ntranslate, translate, written_date
from app.markets.changes import shown
from app.rendering import ssr
from app.reviews.reading import Said, newest_of, reviews_of
from app.reviews.reporting import REASONS
from state.access import visitors_may
from state.filters import Option, PageLink, page_links
from state.page import Crumb, Visit, arrive, not_found, present
from state.payloads import number_of
from state.structured import reviewed

NEWEST = 3
"""Reviews that stand on the page of the listing itself."""


@dataclasses.dataclass(frozen=True)
class ReviewRow:
    """A review as pages show it; days are written out, and `on` is one as machines read it."""

    id: str
    stars: int
    text: str
    name: str
    lang: str
    day: str
    on: str
    edited: str
    """The day of the last change; empty where there was none."""
    answer: str
    answered: str


@dataclasses.dataclass(frozen=True)
class Bar:
    """How many reviews gave so many stars, and what part of all these are, as a width."""

    stars: int
    count: int
    share: str


class ReviewsState(rx.State):
    """The stars of one listing, and some or all of its reviews."""

    rating: rx.Field[str] = rx.field("")
    """The mean, as the reader writes it; empty where there is no review."""
    count: rx.Field[int] = rx.field(0)
    bars: rx.Field[list[Bar]] = rx.field(default_factory=list)
    rows: rx.Field[list[ReviewRow]] = rx.field(default_factory=list)
    reasons: rx.Field[list[Option]] = rx.field(default_factory=list)
    """Why a review can be reported."""
    slug: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    title_lang: rx.Field[str] = rx.field("")
    provider: rx.Field[str] = rx.field("")
    listing_url: rx.Field[str] = rx.field("")
    all_url: rx.Field[str] = rx.field("")
    write_url: rx.Field[str] = rx.field("")
    links: rx.Field[list[PageLink]] = rx.field(default_factory=list)
    told: rx.Field[str] = rx.field("")
    """What became of a report that was sent from the page."""

    @rx.event
    @visitors_may
    async def load(self):
        """Show a page of the reviews of the listing that the path names."""
        visit = await arrive(self)
        if visit is None:
            return
        slug = visit.path.strip("/").split("/")[1]
        number = number_of(visit.query.get("page", "1"))
        async with tenant_session(visit.market.id) as session:
            detail = await listing_by_slug(session, slug, visit.locale)
            found = await reviews_of(session, slug, max(1, number))
        if detail is None or found is None or not found.reviews or not number:
            # A listing that nobody has reviewed has no such page, which would say nothing.
            await not_found(self)
            return
        card = detail.card
        self._fill(visit, card, found.rating, found.reviews)
        self.links = page_links(self.all_url, {}, found.number, found.pages)
        self.told = _told(visit.query.get("reported", ""), visit.locale)
        ssr.shows(shown("listing", card.id))
        title = translate(visit.locale, "Reviews of “%(title)s”", title=card.title)
        if number > 1:
            title += " · " + translate(visit.locale, "page %(number)s", number=number)
        await present(
            self,
            visit,
            title=title,
            description=ntranslate(
                visit.locale,
                "%(title)s by %(provider)s: %(rating)s of 5 stars from %(count)s review.",
                "%(title)s by %(provider)s: %(rating)s of 5 stars from %(count)s reviews.",
                self.count,
                title=card.title,
                provider=card.provider,
                rating=self.rating,
            ),
            query={"page": str(number)} if number > 1 else None,
            structured_data=[reviewed(visit, detail, found.reviews)],
            crumbs=[
                Crumb(card.category_name, detail.category_url),
                Crumb(card.title, card.url),
                Crumb(translate(visit.locale, "Reviews"), ""),
            ],
            written=detail.locales,
        )

    async def _newest(
        self, session: TenantSession, visit: Visit, detail: ListingDetail
    ) -> list[Said]:
        """Show the newest reviews of a listing on its own page; none are asked for in vain."""
        found: list[Said] = []
        if detail.rating.count:
            found = await newest_of(session, UUID(detail.card.id), NEWEST)
        self._fill(visit, detail.card, detail.rating, found)
        self.links, self.told = [], ""
        return found

    def _fill(self, visit: Visit, card: ListingCard, rating: Rating, found: list[Said]) -> None:
        locale = visit.locale
        self.rating, self.count = rating.written(locale), rating.count
        self.slug, self.title, self.provider = card.slug, card.title, card.provider
        self.title_lang = card.text_locale
        self.listing_url = card.url
        self.all_url = reviews_path(locale, card.slug)
        self.write_url = f"{visit.home}/reviews/{card.slug}"
        self.bars = [
            Bar(stars, count, f"{100 * count / rating.count:.3g}%")
            for stars, count in reversed(list(enumerate(rating.given, start=1)))
            if rating.count
        ]
        self.rows = [review_row(one, locale) for one in found]
        self.reasons = [
            Option(key, translate(locale, said)) for key, said in REASONS.items() if found
        ]


def reviews_path(locale: str, slug: str) -> str:
    """The path of the page with all reviews of a listing."""
    return f"{listing_path(locale, slug)}/reviews"


def review_row(said: Said, locale: str) -> ReviewRow:
    """A review for a reader of `locale`."""
    return ReviewRow(
        id=str(said.id),
        stars=said.stars,
        text=said.text,
        name=said.name,
        lang=said.locale,
        day=written_date(said.at.date(), locale),
        on=said.at.date().isoformat(),
        edited=written_date(said.edited_at.date(), locale) if said.edited_at else "",
        answer=said.answer,
        answered=written_date(said.answered_at.date(), locale) if said.answered_at else "",
    )


def _told(code: str, locale: str) -> str:
    told = {
        "done": translate(locale, "Thank you. The market looks at this review."),
        "gone": translate(locale, "There is no such review."),
        "reason": translate(locale, "Say what is wrong with it."),
        "note": translate(locale, "That was too long. Say it in fewer words."),
        "too_many": translate(locale, "Too many attempts. Wait a few minutes and try again."),
    }
    return told.get(code, "")
