"""A market's brand: its colour, made readable in light and dark, its font, name and tagline."""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.markets.models import Market
from app.markets.shaping import NotAccepted, keep, line_of, market_as_it_is, market_to_edit

DEFAULT = "#1f6f5c"
READABLE = 4.5
"""The least contrast of text, after WCAG 2 level AA."""

PAPER_LIGHT, PAPER_DARK = "#faf8f4", "#15171a"
# Darker than paper by night: with it every colour has one of the two to read upon it.
_INK_LIGHT, _INK_DARK = "#ffffff", "#040404"
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_STEPS = 40

FONTS: dict[str, str] = {
    "onest": "",
    "literata": '"Literata", "Vazirmatn", Georgia, serif',
    "nunito": '"Nunito", "Vazirmatn", system-ui, sans-serif',
    "system": "system-ui, sans-serif",
}
"""The fonts that we serve ourselves, and what stands in the style sheet for each."""

LONGEST_NAME, LONGEST_TAGLINE = 60, 140


@dataclass(frozen=True)
class Brand:
    """What visitors see first; `name` and `tagline` are `{locale: text}`."""

    color: str
    font: str = "onest"
    name: Mapping[str, str] = field(default_factory=dict[str, str])
    tagline: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Reading:
    """How well a pair of colours is read; `scheme` is `light` or `dark`."""

    scheme: str
    given: float
    """The contrast of the colour itself with the page."""
    text: float
    """The contrast of text in the brand's colour, after it was moved until it reads."""
    button: float
    """The contrast of the words on a button."""


async def brand_of(session: TenantSession, actor: Actor) -> tuple[Brand, int]:
    """The brand and the version that an editor begins from."""
    market = await market_as_it_is(session, actor, Permission.SHAPE)
    return _brand(market), market.version


async def rebrand(session: TenantSession, actor: Actor, wanted: Brand, seen: int) -> int:
    """Change colour, font, names and taglines; returns the new version.

    Raises `NotAccepted` with the name of the field, such as `name.ru`, and `Conflict`.
    """
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    before = _brand(market)
    given = _HEX.fullmatch(str(wanted.color))
    if not given:
        raise NotAccepted("A colour is six hex digits, such as #1f6f5c.", field="color")
    if wanted.font not in list(FONTS):
        raise NotAccepted("Choose one of the fonts.", field="font")
    named, promised = dict(market.name), dict(market.tagline)
    for locale in market.locales:
        named[locale] = line_of(f"name.{locale}", wanted.name.get(locale), LONGEST_NAME)
        promised[locale] = line_of(f"tagline.{locale}", wanted.tagline.get(locale), LONGEST_TAGLINE)
    if not named[market.default_locale]:
        raise NotAccepted(
            "The market needs a name in its first language.",
            field=f"name.{market.default_locale}",
        )
    market.name = {locale: text for locale, text in named.items() if text}
    market.tagline = {locale: text for locale, text in promised.items() if text}
    rest = {key: value for key, value in market.brand.items() if key not in ("primary", "color")}
    market.brand = {**rest, "color": f"#{given[1].lower()}", "font": wanted.font}
    return await keep(
        session, actor, market, "market.rebranded", vars(before), vars(_brand(market))
    )


def _brand(market: Market) -> Brand:
    return Brand(
        color=colour_of(market.brand),
        font=str(market.brand.get("font") or "onest"),
        name=dict(market.name),
        tagline=dict(market.tagline),
    )


def colour_of(brand: Mapping[str, Any]) -> str:
    """The brand's colour as `#rrggbb`; the program's own where there is none that can be read."""
    given = _HEX.fullmatch(str(brand.get("color") or brand.get("primary") or DEFAULT))
    return f"#{given[1].lower()}" if given else DEFAULT


def readings(colour: str) -> list[Reading]:
    """How well a colour (`#rrggbb`) is read in both schemes."""
    style = brand_style({"color": colour})
    return [
        Reading(
            scheme,
            given=round(contrast(colour, paper), 1),
            text=round(contrast(style[f"--brand-ink-{scheme}"], paper), 1),
            button=round(contrast(style[f"--on-brand-{scheme}"], style[f"--brand-{scheme}"]), 1),
        )
        for scheme, paper in (("light", PAPER_LIGHT), ("dark", PAPER_DARK))
    ]


def brand_style(brand: Mapping[str, Any]) -> dict[str, str]:
    """CSS variables for a market whose brand colour is `brand["color"]` (six hex digits).

    `--brand-*` fills buttons, `--on-brand-*` is text upon it, `--brand-ink-*` is text in the
    brand's colour upon the page; each pair has a contrast of at least `READABLE`.
    """
    style = dict(_readable_style(colour_of(brand)))
    if font := FONTS.get(str(brand.get("font")), ""):
        style["--market-font"] = font
    return style


@lru_cache(maxsize=1024)
def _readable_style(colour: str) -> Mapping[str, str]:
    style: dict[str, str] = {}
    for scheme, paper, toward in (("light", PAPER_LIGHT, -1), ("dark", PAPER_DARK, 1)):
        # Text in the brand's colour also stands on tinted surfaces, hence the margin.
        ink = readable(colour, paper, toward, READABLE + 1)
        fill = ink if scheme == "dark" else colour
        style[f"--brand-{scheme}"] = fill
        style[f"--on-brand-{scheme}"] = max(
            (_INK_LIGHT, _INK_DARK), key=lambda c: contrast(c, fill)
        )
        style[f"--brand-ink-{scheme}"] = ink
    return style


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (`#rrggbb`), from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, paper: str, toward: int, least: float = READABLE) -> str:
    """`colour`, darkened (`toward` -1) or lightened (1) until it reads upon `paper`."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for step in range(_STEPS + 1):
        moved = lightness + toward * step / _STEPS
        candidate = _hex(colorsys.hls_to_rgb(hue, min(1.0, max(0.0, moved)), saturation))
        if contrast(candidate, paper) >= least:
            return candidate
    return _INK_DARK if toward < 0 else _INK_LIGHT


def _channels(colour: str) -> tuple[float, float, float]:
    return (
        int(colour[1:3], 16) / 255,
        int(colour[3:5], 16) / 255,
        int(colour[5:7], 16) / 255,
    )


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
