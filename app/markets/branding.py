"""A market's colour, made readable: what the pages need to know of it, in light and dark."""

import colorsys
import re
from collections.abc import Mapping
from typing import Any

DEFAULT = "#1f6f5c"
READABLE = 4.5
"""The least contrast of text, after WCAG 2 level AA."""

PAPER_LIGHT, PAPER_DARK = "#faf8f4", "#15171a"
# Darker than paper by night: with it every colour has one of the two to read upon it.
_INK_LIGHT, _INK_DARK = "#ffffff", "#040404"
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_STEPS = 40


def brand_style(brand: Mapping[str, Any]) -> dict[str, str]:
    """CSS variables for a market whose brand colour is `brand["color"]` (six hex digits).

    `--brand-*` fills buttons, `--on-brand-*` is text upon it, `--brand-ink-*` is text in the
    brand's colour upon the page; each pair has a contrast of at least `READABLE`.
    """
    given = _HEX.fullmatch(str(brand.get("color") or brand.get("primary") or DEFAULT))
    colour = f"#{given[1].lower()}" if given else DEFAULT
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
