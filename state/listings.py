"""The form of a listing, in the console and in a provider's office alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.catalogue.choices import kinds_to_choose
from app.catalogue.editing import create_listing, edit_listing, listing_of
from app.catalogue.forms import PER_LOCALE, form_of, listing_fields
from app.catalogue.models import Listing, Provider
from app.catalogue.units import UNITS, per_unit
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import own_name, translate
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry
from state.filters import Option
from state.page import refuse
from state.payloads import text_of, uuid_of
from state.photos import show_photos
from state.session import current_market

PLAIN = (
    "category",
    "amount",
    "currency",
    "unit",
    "lat",
    "lon",
    "radius_km",
    "languages",
    "tags",
    "photo",
)
NEW = "new"


@dataclasses.dataclass(frozen=True)
class ListingTexts:
    """What a listing says in one of the market's languages."""

    code: str
    language: str
    title: str
    description: str
    city: str


class ListingForm(EditedMarket, mixin=True):
    """Everything about a listing that can be written."""

    listing_id: rx.Field[str] = rx.field("")
    """Empty for a listing that is not saved yet."""
    provider_id: rx.Field[str] = rx.field("")
    provider: rx.Field[str] = rx.field("")
    texts: rx.Field[list[ListingTexts]] = rx.field(default_factory=list)
    told: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    units: rx.Field[list[Option]] = rx.field(default_factory=list)
    state: rx.Field[str] = rx.field("")
    state_name: rx.Field[str] = rx.field("")
    reason: rx.Field[str] = rx.field("")
    public_path: rx.Field[str] = rx.field("")
    preview_path: rx.Field[str] = rx.field("")
    ready: rx.Field[bool] = rx.field(False)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save what the form holds."""
        market = await current_market(self)
        names = [f"{text}.{code}" for text in PER_LOCALE for code in market.locales]
        wanted = {name: text_of(form.get(name), 100_000) for name in (*names, *PLAIN)}
        was_new = not self.listing_id
        await self._save(wanted, undo=not was_new)
        if was_new and self.listing_id:
            return rx.redirect(self._place(self.listing_id))
        return None

    async def _opened(self) -> None:
        """Show the listing, or say that there is none."""
        try:
            await self._open()
        except AppError as error:
            await refuse(self, error)

    def _place(self, listing_id: str) -> str:
        raise NotImplementedError

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        if not self.listing_id:
            return {}, 0
        found = await listing_of(session, actor, uuid_of(self.listing_id))
        market = await current_market(self)
        return form_of(found, market.locales, market.default_locale), found.version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        market = await current_market(self)
        fields = listing_fields(wanted, market.locales)
        if self.listing_id:
            await edit_listing(session, actor, market, uuid_of(self.listing_id), seen, fields)
            return
        made = await create_listing(session, actor, market, uuid_of(self.provider_id), fields)
        self.listing_id = str(made.id)

    def _names(self, locale: str) -> Mapping[str, str]:
        plain = {
            "title": translate(locale, "Title"),
            "description": translate(locale, "Description"),
            "city": translate(locale, "City"),
        }
        named = {
            f"{name}.{text.code}": f"{called} ({text.language})"
            for name, called in plain.items()
            for text in self.texts
        }
        return named | {
            "category": translate(locale, "Category"),
            "amount": translate(locale, "Price"),
            "currency": translate(locale, "Currency"),
            "unit": translate(locale, "Unit"),
            "lat": translate(locale, "Latitude"),
            "lon": translate(locale, "Longitude"),
            "radius_km": translate(locale, "Radius in kilometres"),
            "languages": translate(locale, "Languages spoken"),
            "tags": translate(locale, "Tags"),
            "photo": translate(locale, "Picture"),
        }

    async def _show(self, entry: Entry, stands: Told) -> None:
        market, locale = entry.market, entry.locale
        async with tenant_session(market.id) as session:
            kinds = await kinds_to_choose(session, locale)
            self.kinds = [Option(kind.value, kind.name) for kind in kinds]
            listing = (
                await session.get(Listing, uuid_of(self.listing_id)) if self.listing_id else None
            )
            owner = listing.provider_id if listing else _known(self.provider_id)
            provider = await session.get(Provider, owner) if owner else None
        self.provider_id = str(owner or "")
        self.provider = provider.name if provider else ""
        self.units = [Option(unit, per) for unit, per in named_units(locale)]
        self.texts = [
            ListingTexts(
                code,
                own_name(code),
                stands.get(f"title.{code}", ""),
                stands.get(f"description.{code}", ""),
                stands.get(f"city.{code}", ""),
            )
            for code in _own_first(market.locales, market.default_locale)
        ]
        self.told = {name: stands.get(name, "") for name in PLAIN}
        if not listing:
            self.told |= {"currency": market.currency, "languages": market.default_locale}
        self.state = listing.state if listing else ""
        self.state_name = state_name(self.state, locale) if listing else ""
        self.reason = listing.state_reason if listing else ""
        self.public_path = f"/{locale}/s/{listing.slug}" if listing else ""
        self.preview_path = f"/{locale}/office/preview/{listing.id}" if listing else ""
        await show_photos(self, entry, self.listing_id)
        self.ready = True


def state_name(state: str, locale: str) -> str:
    """What the state of a listing is called."""
    return {
        "draft": translate(locale, "draft"),
        "waiting": translate(locale, "waiting for approval"),
        "published": translate(locale, "published"),
        "hidden": translate(locale, "hidden"),
        "refused": translate(locale, "refused"),
    }.get(state, state)


def state_options(locale: str) -> list[Option]:
    """The states of a listing, as a filter offers them."""
    states = ("waiting", "published", "draft", "hidden", "refused")
    return [Option(one, state_name(one, locale)) for one in states]


def named_units(locale: str) -> list[tuple[str, str]]:
    """What prices can be for, by names in the reader's language."""
    return [(unit, per_unit(locale, unit)) for unit in UNITS]


def _own_first(locales: tuple[str, ...], own: str) -> list[str]:
    return sorted(locales, key=lambda code: code != own)


def _known(told: str) -> UUID | None:
    return uuid_of(told) if told else None
