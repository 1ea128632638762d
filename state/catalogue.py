"""What the pages of listings and providers show."""

import reflex as rx

from app.catalogue.areas import Area, area_of
from app.catalogue.cards import ListingCard, ListingDetail, ProviderCard
from app.catalogue.choices import choices
from app.catalogue.editing import listing_of
from app.catalogue.models import Provider
from app.catalogue.photos.showing import ShownPhoto, in_words
from app.catalogue.ratings import Rating
from app.catalogue.reading import (
    detail_of,
    listing_by_slug,
    provider_by_slug,
    similar,
)
from app.catalogue.sharing.showing import picture_for
from app.catalogue.towns import Town, towns
from app.database import tenant_session
from app.errors import AppError
from app.i18n import language_list, language_name, nearest, ntranslate, translate
from app.markets.changes import shown
from app.rendering import ssr
from app.reviews.reading import Said
from state.access import visitors_may
from state.page import Crumb, Visit, arrive, not_found, present, present_unlisted, refuse
from state.payloads import uuid_of
from state.reviews import ReviewsState
from state.session import current_actor
from state.streets import streets_of
from state.structured import address_of, aggregate, item_list, service

ENOUGH_WORDS = 60
"""Signs of a description that says enough by itself."""
DESCRIBED = 155
"""About as many signs of a description as a search engine shows."""


class ListingState(rx.State):
    """One listing, who offers it, and others like it."""

    card: rx.Field[ListingCard | None] = rx.field(None)
    paragraphs: rx.Field[list[str]] = rx.field(default_factory=list)
    foreign: rx.Field[str] = rx.field("")
    radius: rx.Field[str] = rx.field("")
    area: rx.Field[Area | None] = rx.field(None)
    streets: rx.Field[str] = rx.field("")
    tile_host: rx.Field[str] = rx.field("")
    others: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    ask: rx.Field[str] = rx.field("")
    photos: rx.Field[list[ShownPhoto]] = rx.field(default_factory=list)

    @rx.event
    @visitors_may
    async def load(self):
        """Show the listing that the path names."""
        visit = await arrive(self)
        if visit is None:
            return
        known: list[Town] = []
        reviews: list[Said] = []
        async with tenant_session(visit.market.id) as session:
            detail = await listing_by_slug(session, visit.slug, visit.locale)
            if detail is not None:
                self.others = await similar(session, detail.card, 3)
                known = await towns(session)
                reviews = await (await self.get_state(ReviewsState))._newest(session, visit, detail)
        if detail is None:
            await not_found(self)
            return
        self._fill(visit, detail, known)
        card = detail.card
        # Beside it stand services of the same category.
        ssr.shows(shown("listing", card.id), shown("category", card.category))
        await present(
            self,
            visit,
            title=f"{card.title} · {card.provider}",
            description=_described(" ".join(self.paragraphs) or card.title, card),
            structured_data=[service(visit, detail, reviews)],
            crumbs=[Crumb(card.category_name, detail.category_url), Crumb(card.title, "")],
            kind="product",
            image=picture_for(visit.market, visit.locale, detail),
            written=detail.locales,
        )

    @rx.event
    async def load_preview(self):
        """Show a listing in any state to those who write it or look it over."""
        visit = await arrive(self)
        if visit is None:
            return
        actor = await current_actor(self, visit.market)
        try:
            async with tenant_session(visit.market.id) as session:
                listing = await listing_of(session, actor, uuid_of(visit.slug))
                provider = await session.get_one(Provider, listing.provider_id)
                decided = await choices(session)
                detail = await detail_of(session, listing, provider, visit.locale, decided)
                known = await towns(session)
        except AppError as error:
            await refuse(self, error)
            return
        self._fill(visit, detail, known)
        self.others = []
        (await self.get_state(ReviewsState))._fill(visit, detail.card, Rating(), [])
        await present_unlisted(self, visit, title=detail.card.title)

    def _fill(self, visit: Visit, detail: ListingDetail, known: list[Town]) -> None:
        card = self.card = detail.card
        self.photos = in_words(detail.photos, card.title, visit.locale)
        self.paragraphs = [text for text in detail.description.split("\n") if text.strip()]
        source = card.text_locale
        if source not in detail.locales:
            # It has a title in that language, and its text in another.
            source = nearest(visit.locale, detail.locales)
        self.foreign = language_name(source, visit.locale) if source != visit.locale else ""
        self.radius = f"{detail.radius_km:g}" if detail.radius_km else ""
        self.area = area_of(detail, known, visit.locale)
        self.streets, self.tile_host = streets_of(self.area, visit.locale)
        self.ask = visit.ask_address(
            translate(
                visit.locale,
                "I have a question about “%(title)s” by %(provider)s: ",
                title=card.title,
                provider=card.provider,
            )
        )


class ProviderState(rx.State):
    """A provider and what they offer."""

    card: rx.Field[ProviderCard | None] = rx.field(None)
    cards: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    spoken: rx.Field[str] = rx.field("")
    places: rx.Field[str] = rx.field("")
    ask: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def load(self):
        """Show the provider that the path names."""
        visit = await arrive(self)
        if visit is None:
            return
        async with tenant_session(visit.market.id) as session:
            found = await provider_by_slug(session, visit.slug, visit.locale)
        if found is None:
            await not_found(self)
            return
        card, self.cards = found
        ssr.shows(shown("provider", card.id))
        ssr.shows(*(shown("listing", offered.id) for offered in self.cards))
        self.card = card
        codes = sorted({code for offered in self.cards for code in offered.languages})
        self.spoken = language_list(codes, visit.locale)
        self.places = ", ".join(sorted({offered.city for offered in self.cards if offered.city}))
        kinds = sorted({offered.category_name for offered in self.cards})
        self.ask = visit.ask_address(
            translate(visit.locale, "I have a question to %(provider)s: ", provider=card.name)
        )
        await present(
            self,
            visit,
            title=card.name,
            description=ntranslate(
                visit.locale,
                "%(provider)s offers %(count)s service in %(market)s: %(kinds)s.",
                "%(provider)s offers %(count)s services in %(market)s: %(kinds)s.",
                card.listings,
                provider=card.name,
                market=visit.market.named(visit.locale),
                kinds=", ".join(kinds[:6]),
            ),
            structured_data=[
                {
                    "@type": "LocalBusiness",
                    "@id": visit.address() + "#provider",
                    "name": card.name,
                    "url": visit.address(),
                    "address": address_of(self.places),
                    "knowsLanguage": codes,
                    "aggregateRating": aggregate(card.average, card.reviews),
                },
                item_list(visit, card.name, self.cards),
            ],
            crumbs=[Crumb(card.name, "")],
            kind="profile",
            # Without words of their own the page is as much in one language as in another.
            written=[code for code in card.written if code in visit.market.locales] or None,
        )


def _described(text: str, card: ListingCard) -> str:
    """What a search engine shows; a listing of few words is told by its facts as well."""
    if len(text) >= ENOUGH_WORDS:
        return _shortened(text)
    facts = (text, card.category_name, card.provider, card.city, card.price)
    return _shortened(" · ".join(fact for fact in facts if fact))


def _shortened(text: str) -> str:
    if len(text) <= DESCRIBED:
        return text
    return text[: DESCRIBED - 1].rsplit(" ", 1)[0].rstrip(",;:–. ") + "…"
