"""The brand as an editor sees it: fields, a preview of both schemes, how well its colour reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_, own_name, translate
from app.markets import directory
from app.markets.branding import (
    FONTS,
    READABLE,
    Brand,
    brand_of,
    brand_style,
    colour_of,
    readings,
    rebrand,
)
from app.markets.logos import rehang_logo
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.page import logo_path

_PAPER = {
    "light": {"--paper": "#faf8f4", "--surface": "#ffffff", "--sunken": "#f1eee7"}
    | {"--ink": "#1c1b19", "--muted": "#625e57", "--line": "#e3ded3"},
    "dark": {"--paper": "#15171a", "--surface": "#1d2024", "--sunken": "#101214"}
    | {"--ink": "#ecebe7", "--muted": "#a7a49c", "--line": "#33373d"},
}
"""The tokens of both schemes, as `assets/agora.css` has them: the preview shows both at once."""

PROBLEMS = {
    "too_large": N_("The file is too large."),
    "no_room": N_("This market has used up the space for its files."),
    "not_an_image": N_("A logo is a PNG, JPEG or WebP image."),
    "conflict": N_("Somebody else changed this while you were editing."),
    "none": N_("Choose a file first."),
}


@dataclasses.dataclass(frozen=True)
class Texts:
    """Name and tagline in one of the market's languages."""

    code: str
    language: str
    name: str
    tagline: str


@dataclasses.dataclass(frozen=True)
class Verdict:
    """How well the colour reads in one scheme, as three numbers and whether it was moved."""

    scheme: str
    given: str
    text: str
    button: str
    moved: bool


class BrandState(EditedMarket, rx.State):
    """Colour, font, logo, and the words on the sign."""

    color: rx.Field[str] = rx.field("")
    font: rx.Field[str] = rx.field("")
    texts: rx.Field[list[Texts]] = rx.field(default_factory=list)
    logo: rx.Field[str] = rx.field("")
    logo_alone: rx.Field[bool] = rx.field(False)
    tried_color: rx.Field[str] = rx.field("")
    tried_font: rx.Field[str] = rx.field("")
    tried_name: rx.Field[str] = rx.field("")
    tried_tagline: rx.Field[str] = rx.field("")
    light: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    dark: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    verdicts: rx.Field[list[Verdict]] = rx.field(default_factory=list)
    logo_problem: rx.Field[str] = rx.field("")

    @rx.event
    async def load(self):
        """Show the brand as it is."""
        await self._open()
        asked = self.router.url.query_parameters.get("logo", "")
        entry = await acting(self)
        problem = PROBLEMS.get(asked, "")
        self.logo_problem = translate(entry.locale, problem) if problem else ""

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Take over what the form holds."""
        # A colour field cannot be empty, so the text beside it is what counts.
        wanted = {"color": str(form.get("color", "")), "font": str(form.get("font", ""))}
        for row in self.texts:
            for kind in ("name", "tagline"):
                wanted[f"{kind}.{row.code}"] = str(form.get(f"{kind}.{row.code}", ""))
        await self._save(wanted)

    @rx.event
    async def try_color(self, value: str):
        """Show the preview in another colour; nothing is saved."""
        self.tried_color = str(value)[:7]
        self._preview()

    @rx.event
    async def try_font(self, value: str):
        """Show the preview in another font; nothing is saved."""
        self.tried_font = value if value in FONTS else "onest"
        self._preview()

    @rx.event
    async def try_text(self, code: str, kind: str, value: str):
        """Show the preview with other words, in the language that the editor reads."""
        entry = await acting(self)
        if code != entry.locale:
            return
        if kind == "name":
            self.tried_name = str(value)[:80]
        elif kind == "tagline":
            self.tried_tagline = str(value)[:160]

    @rx.event
    async def remove_logo(self):
        """Show the mark instead of the logo."""
        await self._hang(None)

    async def _hang(self, logo: dict[str, Any] | None) -> None:
        entry = await acting(self)
        former = dict(entry.market.brand.get("logo") or {})
        try:
            async with tenant_session(entry.market.id) as session:
                await rehang_logo(session, entry.actor, logo, self.version)
        except AppError as error:
            await say_wrong(self, error)
            return
        directory.forget_market(entry.market.id)
        await self._open()
        self._former, self._can_undo = {"logo": former}, logo is None
        await say_done(self, N_("The logo is taken down."), undo=logo is None)

    @rx.event
    async def undo(self):
        """Take the last change back, of the fields or of the logo."""
        if not self._can_undo:
            return
        if "logo" in self._former:
            await self._hang(self._former["logo"] or None)
            await say_done(self, N_("It is as it was before."))
        else:
            await self._save(self._former, said=N_("It is as it was before."), undo=False)

    async def _enter(self) -> Entry | None:
        return await enter(self, Permission.SHAPE, place="brand", title=N_("Brand"))

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        brand, version = await brand_of(session, actor)
        told = {"color": brand.color, "font": brand.font}
        for kind, texts in (("name", brand.name), ("tagline", brand.tagline)):
            told |= {f"{kind}.{locale}": text for locale, text in texts.items()}
        return told, version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        def of(kind: str) -> dict[str, str]:
            return {
                key.partition(".")[2]: text
                for key, text in wanted.items()
                if key.startswith(f"{kind}.")
            }

        brand = Brand(
            color=wanted["color"], font=wanted["font"], name=of("name"), tagline=of("tagline")
        )
        await rebrand(session, actor, brand, seen)

    def _names(self, locale: str) -> Mapping[str, str]:
        names = {"color": translate(locale, "Colour"), "font": translate(locale, "Font")}
        for row in self.texts:
            names[f"name.{row.code}"] = f"{translate(locale, 'Name')} ({row.language})"
            names[f"tagline.{row.code}"] = f"{translate(locale, 'Tagline')} ({row.language})"
        return names

    async def _show(self, entry: Entry, stands: Told) -> None:
        self.color, self.font = stands["color"], stands["font"]
        market = await directory.market_by_id(entry.market.id) or entry.market
        self.texts = [
            Texts(
                code,
                own_name(code),
                stands.get(f"name.{code}", ""),
                stands.get(f"tagline.{code}", ""),
            )
            for code in market.locales
        ]
        self.logo = logo_path(market)
        self.logo_alone = bool((market.brand.get("logo") or {}).get("alone"))
        self.tried_color, self.tried_font = self.color, self.font
        self.tried_name, self.tried_tagline = (
            market.named(entry.locale),
            market.promise(entry.locale),
        )
        self._preview()

    def _preview(self) -> None:
        colour = colour_of({"color": self.tried_color})
        style = brand_style({"color": colour, "font": self.tried_font})
        font = FONTS.get(self.tried_font) or "var(--font-sans)"
        for scheme in ("light", "dark"):
            shown = _PAPER[scheme] | {
                "--brand": style[f"--brand-{scheme}"],
                "--on-brand": style[f"--on-brand-{scheme}"],
                "--brand-ink": style[f"--brand-ink-{scheme}"],
                "--market-font": font,
                "colorScheme": scheme,
            }
            setattr(self, scheme, shown)
        self.verdicts = [
            Verdict(
                one.scheme,
                f"{one.given}:1",
                f"{one.text}:1",
                f"{one.button}:1",
                moved=one.given < READABLE,
            )
            for one in readings(colour)
        ]
