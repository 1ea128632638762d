"""What a page says to the script that draws a map of streets, where the installation has one."""

import json
from urllib.parse import urlsplit

from app.catalogue.areas import Area
from app.i18n import translate
from app.rendering import ssr
from app.rendering.streets import SCRIPT, SHEET
from app.settings import settings


def streets_of(area: Area | None, locale: str) -> tuple[str, str]:
    """What `assets/streets.js` is told, and the host that tiles come from; empty without them.

    Lets the page fetch pictures from there.
    """
    own = settings()
    if area is None or not own.map_tiles:
        return "", ""
    ssr.pictures_from(own.tiles_origin)
    told = {
        "script": SCRIPT,
        "sheet": SHEET,
        "tiles": own.map_tiles,
        "zoom": own.map_zoom,
        "credit": own.map_credit,
        "creditUrl": own.map_credit_url or "",
        "at": [area.lat, area.lon],
        "metres": area.metres,
        "name": translate(locale, "Map of streets"),
        "closer": translate(locale, "Closer"),
        "farther": translate(locale, "Farther"),
        "failed": translate(locale, "The map does not load at the moment."),
    }
    return json.dumps(told, ensure_ascii=False), urlsplit(own.tiles_origin).hostname or ""
