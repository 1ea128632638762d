"""The one font file that the top of a page needs, so that a browser may fetch it at once."""

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
    script = "cyrillic" if locale == "ru" else "latin"
    # Arabic has one font, whatever stands beside it.
    path = _built(_ARABIC if locale == "ar" else f"{font}-{script}-wght-normal", web)
    return f"<{path}>; rel=preload; as=font; type=font/woff2; crossorigin" if path else ""


@lru_cache
def _built(name: str, web: Path) -> str:
    # The build adds a digest of its content to a file's name.
    found = sorted((web / ASSETS).glob(f"{name}-*.woff2"))
    return f"/assets/{found[0].name}" if found else ""
