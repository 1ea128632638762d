"""What the pages of categories, listings and providers show."""

from typing import Any

import reflex as rx

from app.catalogue.cards import ListingCard, ListingDetail, ProviderCard
from app.catalogue.choices import choices
from app.catalogue.editing import listing_of
from app.catalogue.models import Provider
from app.catalogue.photos.showing import ShownPhoto, in_words
from app.catalogue.reading import (
    category_name,
    detail_of,
    listing_by_slug,
    listings_of_category,
    places_and_languages,
    provider_by_slug,
    similar,
)
from app.catalogue.taxonomy import category_of_slug
from app.database import tenant_session
from app.errors import AppError
from app.i18n import language_list, language_name, ntranslate, translate
from app.markets.changes import shown
from app.rendering import ssr
from app.settings import settings
from state.access import visitors_may
from state.filters import Option, PageLink, language_options, page_links, place_options
from state.page import Crumb, Visit, arrive, not_found, present, present_unlisted, refuse
from state.payloads import uuid_of
from state.session import current_actor

ENOUGH_WORDS = 60
"""Signs of a description that says enough by itself."""
DESCRIBED = 155
"""About as many signs of a description as a search engine shows."""


class CategoryState(rx.State):
    """The listings of one category."""

    name: rx.Field[str] = rx.field("")
    cards: rx.Field[list[ListingCard]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    cities: rx.Field[list[Option]] = rx.field(default_factory=list)
    spoken: rx.Field[list[Option]] = rx.field(default_factory=list)
    city: rx.Field[str] = rx.field("")
    spoken_chosen: rx.Field[str] = rx.field("")
    links: rx.Field[list[PageLink]] = rx.field(default_factory=list)
    path: rx.Field[str] = rx.field("")
    ask: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def load(self):
        """Show a page of the category's listings."""
        visit = await arrive(self)
        if visit is None:
            return
        kind = category_of_slug(visit.slug)
        if kind is None:
            await not_found(self)
            return
        asked = visit.query.get("page", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
        self.city, self.spoken_chosen = visit.query.get("city", ""), visit.query.get("lang", "")
        async with tenant_session(visit.market.id) as session:
            name = await category_name(session, kind.key, visit.locale)
            if name is None:
                await not_found(self)
                return
            cities, spoken = await places_and_languages(session, visit.locale, kind.key)
            found = await listings_of_category(
                session,
                kind.key,
                visit.locale,
                page=number,
                city=self.city,
                language=self.spoken_chosen,
            )
        # A category without services (all have at least a language or none at all) has no page.
        filtered = bool(self.city or self.spoken_chosen)
        if number != found.number or not (found.total or filtered):
            await not_found(self)
            return
        ssr.shows(shown("category", kind.key), *(shown("listing", card.id) for card in found.cards))
        self.name = name
        self.cards, self.total = found.cards, found.total
        self.cities = place_options(cities)
        self.spoken = language_options(spoken, visit.locale)
        self.path = visit.home + visit.path
        kept = {"city": self.city, "lang": self.spoken_chosen}
        self.links = page_links(self.path, kept, found.number, found.pages)
        self.ask = visit.ask_address(self.name + ": ")
        title = self.name
        if number > 1:
            title += " · " + translate(visit.locale, "page %(number)s", number=number)
        await present(
            self,
            visit,
            title=title,
            description=ntranslate(
                visit.locale,
                "%(category)s: %(count)s service in %(market)s, with price, place and languages. "
                "Compare, or ask Maestro which one fits.",
                "%(category)s: %(count)s services in %(market)s, with prices, places and "
                "languages. Compare, or ask Maestro which one fits.",
                self.total,
                category=self.name,
                market=visit.market.named(visit.locale),
            ),
            query={"page": str(number)} if number > 1 else None,
            structured_data=[_item_list(visit, self.name, self.cards)],
            crumbs=[Crumb(self.name, "")],
        )


class ListingState(rx.State):
    """One listing, who offers it, and others like it."""

    card: rx.Field[ListingCard | None] = rx.field(None)
    paragraphs: rx.Field[list[str]] = rx.field(default_factory=list)
    foreign: rx.Field[str] = rx.field("")
    radius: rx.Field[str] = rx.field("")
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
        async with tenant_session(visit.market.id) as session:
            detail = await listing_by_slug(session, visit.slug, visit.locale)
            if detail is not None:
                self.others = await similar(session, detail.card, 3)
        if detail is None:
            await not_found(self)
            return
        self._fill(visit, detail)
        card = detail.card
        # Beside it stand services of the same category.
        ssr.shows(shown("listing", card.id), shown("category", card.category))
        await present(
            self,
            visit,
            title=f"{card.title} · {card.provider}",
            description=_described(" ".join(self.paragraphs) or card.title, card),
            structured_data=[_service(visit, detail)],
            crumbs=[Crumb(card.category_name, detail.category_url), Crumb(card.title, "")],
            kind="product",
            image=detail.photos[0].src if detail.photos else "",
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
        except AppError as error:
            await refuse(self, error)
            return
        self._fill(visit, detail)
        self.others = []
        await present_unlisted(self, visit, title=detail.card.title)

    def _fill(self, visit: Visit, detail: ListingDetail) -> None:
        card = self.card = detail.card
        self.photos = in_words(detail.photos, card.title, visit.locale)
        self.paragraphs = [text for text in detail.description.split("\n") if text.strip()]
        self.foreign = (
            language_name(card.text_locale, visit.locale)
            if card.text_locale != visit.locale
            else ""
        )
        self.radius = f"{detail.radius_km:g}" if detail.radius_km else ""
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
                    "address": _address(self.places),
                    "knowsLanguage": codes,
                },
                _item_list(visit, card.name, self.cards),
            ],
            crumbs=[Crumb(card.name, "")],
            kind="profile",
        )


def _item_list(visit: Visit, name: str, cards: list[ListingCard]) -> dict[str, Any]:
    origin = settings().origin(visit.market.host)
    return {
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(cards),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": card.title,
                "url": origin + card.url,
            }
            for position, card in enumerate(cards, start=1)
        ],
    }


def _service(visit: Visit, detail: ListingDetail) -> dict[str, Any]:
    card = detail.card
    origin = settings().origin(visit.market.host)
    offer = None
    if detail.amount is not None:
        offer = {
            "@type": "Offer",
            "price": str(detail.amount),
            "priceCurrency": detail.currency,
            "url": visit.address(),
            "priceSpecification": {
                "@type": "UnitPriceSpecification",
                "price": str(detail.amount),
                "priceCurrency": detail.currency,
                "unitText": card.unit,
            },
        }
    area: dict[str, Any] | None = None
    if detail.lat is not None and detail.lon is not None and detail.radius_km:
        area = {
            "@type": "GeoCircle",
            "geoMidpoint": {
                "@type": "GeoCoordinates",
                "latitude": detail.lat,
                "longitude": detail.lon,
            },
            "geoRadius": round(detail.radius_km * 1000),
        }
    elif card.city:
        area = {"@type": "City", "name": card.city}
    return {
        "@type": "Service",
        "name": card.title,
        "description": detail.description,
        "serviceType": card.category_name,
        "url": visit.address(),
        "inLanguage": card.text_locale,
        "availableLanguage": card.languages,
        "image": [origin + photo.src for photo in detail.photos],
        "areaServed": area,
        "offers": offer,
        "provider": {
            "@type": "LocalBusiness",
            "@id": f"{origin}{card.provider_url}#provider",
            "name": card.provider,
            "url": origin + card.provider_url,
            "address": _address(card.city),
        },
    }


def _address(city: str) -> dict[str, str] | None:
    return {"@type": "PostalAddress", "addressLocality": city} if city else None


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
