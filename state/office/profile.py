"""The first page of the office: who the provider is, and what they offer so far."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.catalogue.choices import kinds_to_choose
from app.catalogue.editing import create_listing, send_for_approval
from app.catalogue.finding import listings_by
from app.catalogue.forms import listing_fields
from app.catalogue.providers import (
    become_provider,
    edit_provider,
    provider_fields,
    provider_of,
)
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, own_name, translate
from app.markets.shaping import NotAccepted
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, acting, say_done, say_wrong, translated
from state.filters import Option
from state.listings import named_units, state_name
from state.office.entry import enter_office
from state.payloads import text_of, uuid_of


@dataclasses.dataclass(frozen=True)
class About:
    """What a provider says about themselves in one language."""

    code: str
    language: str
    text: str


@dataclasses.dataclass(frozen=True)
class Offer:
    """A listing of one's own."""

    id: str
    title: str
    category: str
    price: str
    state: str
    state_name: str
    reason: str


class OfficeState(EditedMarket, rx.State):
    """A provider's profile and listings; for other members, the form of their first offer."""

    provider_id: rx.Field[str] = rx.field("")
    """Empty for a member who offers nothing yet."""
    name: rx.Field[str] = rx.field("")
    abouts: rx.Field[list[About]] = rx.field(default_factory=list)
    offers: rx.Field[list[Offer]] = rx.field(default_factory=list)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    units: rx.Field[list[Option]] = rx.field(default_factory=list)
    currency: rx.Field[str] = rx.field("")
    at_once: rx.Field[bool] = rx.field(False)
    """Whether the market shows what is sent without looking at it."""
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the office."""
        self.loaded = False
        await self._open()

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save name and text."""
        wanted = {"name": text_of(form.get("name"))}
        for about in self.abouts:
            wanted[f"about.{about.code}"] = text_of(form.get(f"about.{about.code}"))
        await self._save(wanted)

    @rx.event
    async def offer(self, form: dict[str, Any]):
        """Make a provider of the member with a first listing, and send it to the staff."""
        entry = await acting(self)
        market, locale = entry.market, entry.locale
        told = {name: text_of(form.get(name)) for name in ("category", "amount", "unit")}
        for name in ("title", "description", "city"):
            told[f"{name}.{locale}"] = text_of(form.get(name))
        told["languages"] = locale
        self.problem, self.problem_field = "", ""
        try:
            who = provider_fields(form.get("name"), {})
            fields = listing_fields(told, market.locales)
            async with tenant_session(market.id) as session:
                made = await become_provider(session, entry.actor, who)
            # Looked up anew: the role was given a moment ago.
            actor = (await acting(self)).actor
            async with tenant_session(market.id) as session:
                first = await create_listing(session, actor, market, made.id, fields)
                await send_for_approval(session, actor, market, first.id)
        except NotAccepted as error:
            self.problem, self.problem_field = await translated(self, error), error.field
            await say_wrong(self, error)
            return
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._open()
        if self.at_once:
            await say_done(self, N_("Your service is on the market."))
        else:
            await say_done(self, N_("Sent. The market looks at it before it is shown."))

    async def _enter(self) -> Entry | None:
        return await enter_office(self, title=N_("Your services"), home=True)

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        own = sorted(actor.providers)
        if not own:
            self.provider_id = ""
            return {}, 0
        found = await provider_of(session, actor, own[0])
        self.provider_id = str(found.id)
        told = {f"about.{code}": text for code, text in found.about.items()}
        return {"name": found.name} | told, found.version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        about = {
            name.removeprefix("about."): text for name, text in wanted.items() if name != "name"
        }
        fields = provider_fields(wanted.get("name"), about)
        await edit_provider(session, actor, uuid_of(self.provider_id), seen, fields)

    def _names(self, locale: str) -> Mapping[str, str]:
        about = translate(locale, "About you")
        named = {f"about.{one.code}": f"{about} ({one.language})" for one in self.abouts}
        return {"name": translate(locale, "Name")} | named

    async def _show(self, entry: Entry, stands: Told) -> None:
        market, locale = entry.market, entry.locale
        self.offers = []
        async with tenant_session(market.id) as session:
            self.kinds = [
                Option(kind.value, kind.name) for kind in await kinds_to_choose(session, locale)
            ]
            found = await listings_by(session, entry.actor, locale) if self.provider_id else []
        self.offers = [
            Offer(
                str(one.id),
                one.title,
                one.category,
                one.price,
                one.state,
                state_name(one.state, locale),
                one.reason,
            )
            for one in found
        ]
        self.name = stands.get("name", entry.actor.name)
        self.abouts = [
            About(code, own_name(code), stands.get(f"about.{code}", "")) for code in market.locales
        ]
        self.units = [Option(unit, per) for unit, per in named_units(locale)]
        self.currency = market.currency
        self.at_once = bool(market.policy.get("publish_at_once"))
        self.loaded = True
