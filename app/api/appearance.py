"""What browsers and home screens ask of a market's look: its icons and its web manifest."""

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.i18n import LOCALES, direction, translate
from app.markets.branding import PAPER_LIGHT, brand_style
from app.markets.directory import MarketCard, market_for_host
from app.markets.icons import png_icon, svg_icon

SIZES = (180, 192, 512)
"""Pixels of the PNG icons: the first is what iOS puts on its home screen."""
_HEADERS = {"cache-control": "public, max-age=3600"}


async def manifest(request: Request) -> Response:
    """The web manifest in the language of `?locale=`, else in the market's own."""
    market = await looked_for(request)
    asked = request.query_params.get("locale", "")
    offered = market.locales if market else LOCALES
    locale = asked if asked in offered else market.default_locale if market else LOCALES[0]
    return Response(
        json.dumps(_manifest(market, locale), ensure_ascii=False),
        media_type="application/manifest+json",
        headers=_HEADERS | {"content-language": locale},
    )


async def icon(request: Request) -> Response:
    """The mark as SVG."""
    return await _svg(request, maskable=False)


async def maskable_icon(request: Request) -> Response:
    """The mark as SVG for launchers that cut their own shape."""
    return await _svg(request, maskable=True)


async def bitmap_icon(request: Request) -> Response:
    """The mark as PNG, in one of the sizes that the manifest names."""
    size = int(request.path_params["size"])
    if size not in SIZES:
        return Response(status_code=404)
    market = await looked_for(request)
    drawn = await asyncio.to_thread(png_icon, market.brand if market else {}, size)
    return Response(drawn, media_type="image/png", headers=_HEADERS)


async def _svg(request: Request, *, maskable: bool) -> Response:
    market = await looked_for(request)
    drawn = svg_icon(market.brand if market else {}, maskable=maskable)
    return Response(drawn, media_type="image/svg+xml", headers=_HEADERS)


async def looked_for(request: Request) -> MarketCard | None:
    """The market whose look is asked for; None on a host without one, which has the program's."""
    return await market_for_host(request.headers.get("host", ""))


def _manifest(market: MarketCard | None, locale: str) -> dict[str, Any]:
    name = market.named(locale) if market else "Agora"
    told = {
        "id": "/",
        "name": name,
        "short_name": name,
        "description": market.promise(locale) if market else "",
        "lang": locale,
        "dir": direction(locale),
        "start_url": f"/{locale}",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER_LIGHT,
        "theme_color": brand_style(market.brand if market else {})["--brand-light"],
        "icons": [
            {"src": "/icon.svg", "type": "image/svg+xml", "sizes": "any"},
            {
                "src": "/icon-maskable.svg",
                "type": "image/svg+xml",
                "sizes": "any",
                "purpose": "maskable",
            },
            # The mark leaves a fifth on every side, so that a launcher may cut the same picture.
            *(
                {
                    "src": f"/icon-{size}.png",
                    "type": "image/png",
                    "sizes": f"{size}x{size}",
                    "purpose": purpose,
                }
                for size in SIZES
                for purpose in ("any", "maskable")
            ),
        ],
        "shortcuts": [
            {"name": translate(locale, "Ask Maestro"), "url": f"/{locale}/chat"},
            {"name": translate(locale, "Search for a service"), "url": f"/{locale}/search"},
        ]
        if market
        else [],
    }
    return {key: value for key, value in told.items() if value}


routes = [
    Route("/manifest.webmanifest", manifest),
    Route("/icon.svg", icon),
    Route("/icon-maskable.svg", maskable_icon),
    Route("/icon-{size:int}.png", bitmap_icon),
]
