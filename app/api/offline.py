"""What is shown where there is no network: one page per language, kept by a service worker.

The worker keeps those pages and nothing else: what people read is never written to their device.
Its text names the build, the languages and what the pages say, so a browser notices any change.
"""

import hashlib
import json
from collections.abc import Mapping
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.api.appearance import looked_for
from app.i18n import LOCALES, direction, translate
from app.markets.branding import PAPER_DARK, PAPER_LIGHT, brand_style
from app.markets.directory import MarketCard
from app.markets.icons import svg_icon
from app.rendering.build import build_served

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """\
<!doctype html><html lang="{locale}" dir="{direction}"><head><meta charset="utf-8">\
<meta name="viewport" content="width=device-width, initial-scale=1">\
<meta name="robots" content="noindex"><title>{title} · {market}</title><style>\
:root{{color-scheme:light dark;--paper:{light};--ink:#1c1b19;--muted:#625e57;{brand}\
--fill:var(--brand-light);--on:var(--on-brand-light)}}\
@media(prefers-color-scheme:dark){{:root{{--paper:{dark};--ink:#ecebe7;--muted:#a7a49c;\
--fill:var(--brand-dark);--on:var(--on-brand-dark)}}}}\
body{{display:grid;place-content:center;min-height:100vh;min-height:100dvh;margin:0;padding:2rem;\
box-sizing:border-box;background:var(--paper);color:var(--ink);\
font:1.0625rem/1.6 system-ui,sans-serif}}main{{max-width:30rem}}svg{{width:3.5rem;display:block}}\
h1{{font-size:1.75rem;line-height:1.2;margin:1.5rem 0 .75rem}}p{{margin:0 0 .5rem}}\
.more{{color:var(--muted)}}a{{display:inline-block;margin-top:1.5rem;padding:.625rem 1.5rem;\
border-radius:99px;background:var(--fill);color:var(--on);text-decoration:none;font-weight:600}}\
a:focus-visible{{outline:3px solid var(--ink);outline-offset:2px}}</style></head>\
<body><main>{mark}<h1>{title}</h1><p>{said}</p><p class="more">{more}</p>\
<a href="">{again}</a></main></body></html>"""
_WORKER = """\
// What is shown without a network. Nothing else is kept: not what somebody reads, not who they are.
const KEPT = {kept}, LOCALES = {locales};
const place = (locale) => "/offline/" + locale;
addEventListener("install", (event) => event.waitUntil((async () => {{
  const pages = LOCALES.map((locale) => new Request(place(locale), {{ cache: "reload" }}));
  await (await caches.open(KEPT)).addAll(pages);
  await skipWaiting();
}})()));
addEventListener("activate", (event) => event.waitUntil((async () => {{
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
  // The page is asked for while the worker starts, so that nobody waits for it.
  await registration.navigationPreload?.enable();
  await clients.claim();
}})()));
addEventListener("fetch", (event) => {{
  const {{ request }} = event;
  if (request.mode !== "navigate" || request.method !== "GET") return;
  event.respondWith((async () => {{
    try {{
      return (await event.preloadResponse) || (await fetch(request));
    }} catch (lost) {{
      const first = new URL(request.url).pathname.split("/")[1];
      const locale = LOCALES.includes(first) ? first : LOCALES[0];
      const page = await caches.match(place(locale), {{ cacheName: KEPT }});
      if (!page) throw lost;
      return page;
    }}
  }})());
}});
"""


async def page(request: Request) -> Response:
    """The page in one of the market's languages; it needs nothing that it does not hold."""
    market = await looked_for(request)
    locale = request.path_params["locale"]
    if locale not in _locales(market):
        return Response(status_code=404)
    headers = {"cache-control": "no-cache", "content-security-policy": _POLICY}
    return HTMLResponse(_written(market, locale), headers=headers)


async def worker(request: Request) -> Response:
    """The service worker of the market."""
    market = await looked_for(request)
    locales = _locales(market)
    digest = hashlib.sha256(build_served().encode())
    for locale in locales:
        digest.update(_written(market, locale).encode())
    text = _WORKER.format(
        kept=json.dumps(f"agora-{digest.hexdigest()[:16]}"), locales=json.dumps(locales)
    )
    return Response(text, media_type="text/javascript", headers={"cache-control": "no-cache"})


def _locales(market: MarketCard | None) -> list[str]:
    """The languages of a host, the one first that stands in for others."""
    if market is None:
        return list(LOCALES)
    rest = [locale for locale in market.locales if locale != market.default_locale]
    return [market.default_locale, *rest]


def _written(market: MarketCard | None, locale: str) -> str:
    brand: Mapping[str, Any] = market.brand if market else {}
    colours = {name: value for name, value in brand_style(brand).items() if "brand" in name}
    return _PAGE.format(
        locale=locale,
        direction=direction(locale),
        light=PAPER_LIGHT,
        dark=PAPER_DARK,
        brand="".join(f"{name}:{value};" for name, value in colours.items()),
        market=escape(market.named(locale) if market else "Agora"),
        mark=svg_icon(brand),
        title=escape(translate(locale, "You are offline")),
        said=escape(translate(locale, "This page needs a network, and there is none just now.")),
        more=escape(translate(locale, "Nothing of what you read here is kept on this device.")),
        again=escape(translate(locale, "Try again")),
    )


routes = [Route("/offline/{locale}", page), Route("/sw.js", worker)]
