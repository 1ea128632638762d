"""A member's shortlist: what they keep in mind, side by side, and the quotes they asked for."""

import dataclasses
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.catalogue.reading import listing_by_slug
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, in_locale, money, translate
from app.markets.directory import MarketCard
from app.rendering import ssr
from app.vendors import comparing, shortlists
from app.vendors.answers import said
from app.vendors.quotes import Asked, quotes_of
from state.page import arrive, present_unlisted, refuse
from state.payloads import text_of, uuid_of
from state.session import current_actor, current_marketplace, page_locale


@dataclasses.dataclass(frozen=True)
class Kept:
    """A service of the shortlist, as a column of the comparison."""

    id: str
    title: str
    url: str
    provider: str
    price: str
    per: str
    languages: str
    place: str
    missing: str
    least: bool
    compared: bool
    """Whether it is among those that are compared."""


@dataclasses.dataclass(frozen=True)
class Quote:
    """What a provider was asked, and what they answered."""

    id: str
    provider: str
    services: str
    said: str
    note: str
    state: str


class ShortlistState(rx.State):
    """What is kept, compared and asked for."""

    kept: rx.Field[list[Kept]] = rx.field(default_factory=list)
    quotes: rx.Field[list[Quote]] = rx.field(default_factory=list)
    comparable: rx.Field[bool] = rx.field(False)
    """Whether there is something to compare, and the prices are for the same thing."""
    error: rx.Field[str] = rx.field("")
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the shortlist."""
        self.loaded, self.error = False, ""
        visit = await arrive(self)
        if visit is None:
            return
        await present_unlisted(self, visit, title=translate(visit.locale, N_("Your shortlist")))
        ssr.hydrate("load")
        actor = await current_actor(self, visit.market)
        try:
            actor.must(Permission.REQUEST_QUOTES)
        except AppError as error:
            await refuse(self, error)
            return
        await self._show(visit.market, actor, visit.locale)

    @rx.event
    async def keep(self, slug: str):
        """Keep the listing whose page this is."""
        market = await current_marketplace(self)
        actor = await current_actor(self, market)
        locale = page_locale(self, market)
        async with tenant_session(market.id) as session:
            found = await listing_by_slug(session, text_of(slug, 300), locale)
            if found is None:
                raise NotFound("There is no such thing.")
            await shortlists.keep(session, actor, UUID(found.card.id))
        return rx.redirect(f"/{locale}/shortlist")

    @rx.event
    async def drop(self, listing_id: str):
        """Take a listing off."""
        market = await current_marketplace(self)
        actor = await current_actor(self, market)
        async with tenant_session(market.id) as session:
            await shortlists.drop(session, actor, uuid_of(listing_id))
        await self._show(market, actor, page_locale(self, market))

    async def _show(self, market: MarketCard, actor: Actor, locale: str) -> None:
        async with tenant_session(market.id) as session:
            cards = await shortlists.shortlist(session, actor, locale)
            beside = [UUID(card.id) for card in cards[: comparing.MOST]]
            compared: dict[str, comparing.Compared] = {}
            self.comparable = False
            if len(beside) >= comparing.FEWEST:
                comparison = await comparing.compare(session, beside, locale)
                compared = {row.card.id: row for row in comparison.rows}
                self.comparable = comparison.same_unit
            asked = await quotes_of(session, actor)
        self.kept = [
            Kept(
                id=card.id,
                title=card.title,
                url=card.url,
                provider=card.provider,
                price=card.price,
                per=card.per,
                languages=card.spoken,
                place=card.city,
                missing=_missing(compared.get(card.id), locale),
                least=card.id in compared and compared[card.id].least,
                compared=card.id in compared,
            )
            for card in cards
        ]
        self.quotes = [_quote(one, locale) for one in asked]
        self.loaded = True


def _missing(row: comparing.Compared | None, locale: str) -> str:
    if row is None:
        return ""
    return ", ".join(translate(locale, comparing.MISSING[key]) for key in row.missing)


def _quote(asked: Asked, locale: str) -> Quote:
    row = asked.request
    price = "" if row.amount is None else money(row.amount, row.currency, locale)
    return Quote(
        id=str(row.id),
        provider=asked.provider,
        services=", ".join(in_locale(one["title"], locale) for one in row.services),
        said=price or said(asked, locale),
        note=row.note,
        state=asked.state,
    )
