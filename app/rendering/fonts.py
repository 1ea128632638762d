"""The font files that the top of a page needs, so that a browser may fetch them at once."""

from functools import lru_cache
from pathlib import Path

from app.rendering.build import ROOT

ASSETS = Path("build", "client", "assets")
_SERVED = ("onest", "literata", "nunito")
_ARABIC = "vazirmatn-arabic-wght-normal"


def font_preload(locale: str, font: str = "onest", web: Path = ROOT / ".web") -> str:
    """The value of a `Link` header that asks for `font` in the locale's script.

    Empty where there is no build, or none that has the font, and for the reader's own fonts.
    """
    if font not in _SERVED:
        return ""
    if locale == "ar":
        # Arabic has one font, whatever stands beside it.
        names = [_ARABIC]
    elif font == "onest":
        # Spaces, digits and marks of every script stand in the first.
        names = ["onest-basic", *(["onest-cyrillic"] if locale == "ru" else [])]
    else:
        names = [f"{font}-{'cyrillic' if locale == 'ru' else 'latin'}-wght-normal"]
    return ", ".join(
        f"<{path}>; rel=preload; as=font; type=font/woff2; crossorigin"
        for name in names
        if (path := _built(name, web))
    )


@lru_cache
def _built(name: str, web: Path) -> str:
    # A digest of its content was added to a file's name.
    found = sorted((web / ASSETS).glob(f"{name}-*.woff2"))
    return f"/assets/{found[0].name}" if found else ""
