"""What every page shows besides its own content: the head, the market and the languages."""

import dataclasses
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import reflex as rx

from app.accounts.actors import SecondFactorNeeded
from app.catalogue.sharing.showing import SharedPicture
from app.errors import AppError
from app.i18n import LOCALES, direction, nearest, negotiate, own_name, translate
from app.markets.branding import brand_style
from app.markets.directory import MarketCard, market_for_host
from app.markets.modules import has_page
from app.rendering import ssr
from app.rendering.fonts import font_preload
from app.rendering.head import alternates
from app.rendering.structured_data import json_ld
from app.settings import settings
from state.access import visitors_may
from state.locale import LocaleState


@dataclasses.dataclass(frozen=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    href: str
    current: bool


@dataclasses.dataclass(frozen=True)
class Crumb:
    """A step of the way from the home page to this one."""

    name: str
    href: str


@dataclasses.dataclass(frozen=True)
class Visit:
    """Who is asked for what: the market, the language and the path after the language."""

    market: MarketCard
    locale: str
    path: str
    query: Mapping[str, str]

    @property
    def slug(self) -> str:
        """The last part of the path, which names the thing that the page shows."""
        return self.path.rpartition("/")[2]

    @property
    def home(self) -> str:
        """The path of the market's home page."""
        return f"/{self.locale}"

    def ask_address(self, question: str) -> str:
        """The path of the chat with `question` ready to be sent."""
        return f"{self.home}/chat?q={quote(question)}"

    def address(self, path: str | None = None, locale: str | None = None) -> str:
        """The absolute address of `path` (after the language) on the market's main host."""
        asked = self.path if path is None else path
        origin = settings().origin(self.market.host)
        return f"{origin}/{locale or self.locale}{asked}"


class PageState(rx.State):
    """The head of the page and the frame around its content."""

    head_title: rx.Field[str] = rx.field("Agora")
    description: rx.Field[str] = rx.field("")
    canonical: rx.Field[str] = rx.field("")
    alternates: rx.Field[list[dict[str, str]]] = rx.field(default_factory=list)
    structured_data: rx.Field[str] = rx.field("")
    robots: rx.Field[str] = rx.field("")
    kind: rx.Field[str] = rx.field("website")
    image: rx.Field[str] = rx.field("")
    """The address of the picture that stands for the page elsewhere; empty where it has none."""
    image_width: rx.Field[str] = rx.field("")
    image_height: rx.Field[str] = rx.field("")
    image_alt: rx.Field[str] = rx.field("")
    missing: rx.Field[bool] = rx.field(default=False)
    refusal: rx.Field[str] = rx.field("")
    """Why the person may not see the page; empty when they may."""
    lacks_factor: rx.Field[bool] = rx.field(default=False)
    """Whether a second factor is all that stands between the person and the page."""
    market_name: rx.Field[str] = rx.field("")
    tagline: rx.Field[str] = rx.field("")
    brand: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: brand_style({}))
    logo: rx.Field[str] = rx.field("")
    """The address of the market's logo; empty where the mark of Agora stands."""
    logo_alone: rx.Field[bool] = rx.field(default=False)
    """Whether the logo holds the name, which then is not written beside it."""
    home: rx.Field[str] = rx.field("/")
    switched_off: rx.Field[list[str]] = rx.field(default_factory=list)
    """Modules that the market does without; see `app.markets.modules`."""
    in_market: rx.Field[bool] = rx.field(default=False)
    text_direction: rx.Field[str] = rx.field("ltr")
    languages: rx.Field[list[LanguageLink]] = rx.field(default_factory=list)
    crumbs: rx.Field[list[Crumb]] = rx.field(default_factory=list)

    @rx.event
    @visitors_may
    async def load_missing(self):
        """Show that there is no such page."""
        if await arrive(self) is not None:
            await not_found(self)


OF_A_MARKET = frozenset(
    {
        "c",
        "s",
        "p",
        "search",
        "help",
        "documents",
        "chat",
        "texts",
        "signup",
        "office",
        "admin",
        "events",
        "shortlist",
        "reviews",
    }
)
"""Parts of a path, after the language, that the platform's own host has no pages for."""


async def arrive(state: rx.State) -> Visit | None:
    """Find out what page is asked for, and fill the frame around it.

    None means that the host or the language does not exist; the page has been declared missing
    then, and the handler has nothing left to do. A member's page calls it as well.
    """
    page = await state.get_state(PageState)
    url = state.router.url
    segments = [part for part in url.path.split("/") if part]
    asked = segments[0] if segments else ""
    market = await market_for_host(state.router.headers.host)
    page.missing, page.refusal = False, ""
    page.crumbs = []
    page.in_market = market is not None and not market.is_platform
    if market is None:
        await speak(state, asked if asked in LOCALES else _preferred(state, LOCALES, LOCALES[0]))
        page.market_name, page.home, page.brand = "Agora", "/", brand_style({})
        page.languages, page.logo = [], ""
        await not_found(state)
        return None
    locale = asked if asked in LOCALES else market.default_locale
    await speak(state, locale, str(market.brand.get("font") or "onest"), market.wording)
    visit = Visit(
        market=market,
        locale=locale,
        path="/" + "/".join(segments[1:]) if segments[1:] else "",
        query=dict(url.query_parameters),
    )
    page.market_name = market.named(locale)
    page.tagline = market.promise(locale)
    page.brand = brand_style(market.brand)
    page.logo = logo_path(market)
    page.logo_alone = bool((market.brand.get("logo") or {}).get("alone"))
    page.home = f"/{locale if locale in market.locales else market.default_locale}"
    page.languages = [
        LanguageLink(code, own_name(code), f"/{code}{visit.path}", current=code == locale)
        for code in market.locales
    ]
    page.switched_off = sorted(market.switched_off)
    elsewhere = segments[1:2] == ["platform"]
    if market.is_platform:
        elsewhere = bool(OF_A_MARKET.intersection(segments[1:2]))
    if asked not in market.locales or elsewhere:
        page.languages = [
            LanguageLink(code, own_name(code), f"/{code}", current=False) for code in market.locales
        ]
        await not_found(state)
        return None
    if not has_page(market, next(iter(segments[1:]), "")):
        await not_found(state)
        return None
    return visit


def logo_path(market: MarketCard) -> str:
    """The address of a market's logo, which changes with the image; empty where it has none."""
    logo = market.brand.get("logo") or {}
    return f"/files/logo/{logo['file']}" if logo else ""


async def not_found(state: rx.State) -> None:
    """Declare that the page does not exist: status 404, and the frame with advice inside."""
    page = await state.get_state(PageState)
    language = (await state.get_state(LocaleState)).language
    page.missing = True
    page.head_title = translate(language, "This page does not exist.").rstrip(".")
    page.description = page.canonical = page.structured_data = ""
    _show_no_picture(page)
    page.alternates = []
    page.robots = "noindex"
    ssr.status(404)
    ssr.hydrate("interaction")


async def refuse(state: rx.State, error: AppError) -> None:
    """Declare that the person may not see the page: status 403, and the reason inside."""
    page = await state.get_state(PageState)
    language = (await state.get_state(LocaleState)).language
    page.refusal = translate(language, error.message, **error.params)
    page.lacks_factor = isinstance(error, SecondFactorNeeded)
    page.head_title = page.refusal.rstrip(".")
    page.description = page.canonical = page.structured_data = ""
    _show_no_picture(page)
    page.alternates, page.crumbs = [], []
    page.robots = "noindex"
    ssr.status(error.status if error.status == HTTPStatus.NOT_FOUND else HTTPStatus.FORBIDDEN)


async def present(
    state: rx.State,
    visit: Visit,
    *,
    title: str,
    description: str,
    query: Mapping[str, str] | None = None,
    structured_data: Sequence[Mapping[str, Any]] = (),
    crumbs: Sequence[Crumb] = (),
    kind: str = "website",
    image: SharedPicture | None = None,
    written: Sequence[str] | None = None,
) -> None:
    """Fill the head of a public page, which may be shared and needs no JavaScript to be read.

    `query` are the parameters that make it a page of its own (`page=2`); others do not count.
    `image` is the picture that is shown where the page is shared. `written` are the
    languages that its content is in, the nearest ones first; all of the market's when nothing is
    said. In any other the page shows the nearest, and search engines are led to that one.
    """
    page = await state.get_state(PageState)
    suffix = f"?{urlencode(query)}" if query else ""
    name = page.market_name
    page.head_title = title if name in title else f"{title} · {name}"
    page.description = description
    locales = visit.market.locales
    told = locales if written is None else [code for code in written if code in locales]
    source = nearest(visit.locale, told)
    page.canonical = visit.address(locale=source) + suffix if source else ""
    page.robots = "" if source == visit.locale else "noindex"
    page.alternates = []
    if not page.robots:
        spoken = [code for code in locales if code in told]
        page.alternates = alternates(
            {code: visit.address(locale=code) + suffix for code in spoken},
            visit.market.default_locale,
        )
    for position, link in enumerate(page.languages):
        page.languages[position] = dataclasses.replace(
            link, href=f"/{link.code}{visit.path}{suffix}"
        )
    things = list(structured_data)
    page.crumbs = [Crumb(name, visit.home), *crumbs] if crumbs else []
    if crumbs:
        things.append(_breadcrumbs(visit, page.crumbs))
    page.structured_data = json_ld(*things) if things else ""
    page.kind = kind
    page.image = settings().origin(visit.market.host) + image.path if image else ""
    page.image_width = str(image.width) if image else ""
    page.image_height = str(image.height) if image else ""
    page.image_alt = image.alt if image else ""
    ssr.hydrate("interaction")
    ssr.cache(60)


async def present_unlisted(state: rx.State, visit: Visit, *, title: str) -> None:
    """Fill the head of a page that search engines leave out: search, sign-in, chat.

    Declares nothing about caching, so the page is made for each visitor.
    """
    page = await state.get_state(PageState)
    page.head_title = f"{title} · {page.market_name}"
    page.description = page.tagline
    page.canonical = page.structured_data = ""
    _show_no_picture(page)
    page.alternates = []
    page.robots = "noindex"
    ssr.hydrate("interaction")


def _show_no_picture(page: PageState) -> None:
    page.image = page.image_width = page.image_height = page.image_alt = ""


def _breadcrumbs(visit: Visit, crumbs: Sequence[Crumb]) -> dict[str, Any]:
    origin = settings().origin(visit.market.host)
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": crumb.name,
                "item": origin + crumb.href if crumb.href else visit.address(),
            }
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }


async def speak(
    state: rx.State,
    locale: str,
    font: str = "onest",
    wording: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Show the page in this language and the market's words, and have its font fetched early."""
    spoken = await state.get_state(LocaleState)
    spoken.language, spoken.wording = locale, dict((wording or {}).get(locale, {}))
    (await state.get_state(PageState)).text_direction = direction(locale)
    if preload := font_preload(locale, font):
        ssr.header("link", preload)


def _preferred(state: rx.State, offered: Sequence[str], default: str) -> str:
    return negotiate(state.router.headers.accept_language, offered, default)
