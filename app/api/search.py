"""`GET /api/v1/search`: what a market offers for a need."""

import time
from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, WithJsonSchema

from app.accounts.permissions import Permission
from app.analytics.counting import count
from app.api.callers import AnyCaller, Marketplace
from app.catalogue import reading
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import negotiate
from app.knowledge.reading import public_articles_by_id
from app.markets.directory import MarketCard
from app.search.asking import DEFAULT_LIMIT, HALF_THE_GLOBE_KM, KINDS, LARGEST_PRICE, MOST, asked
from app.search.explaining import Match, found_in, matches, understood
from app.search.explaining import Place as Where
from app.search.index import Hit
from app.search.serving import search_index
from app.search.suggesting import suggestions

router = APIRouter(tags=["Search"])


# Texts that `app.search.asking` reads; the schemas say what fits.
Whole = Annotated[
    str | None,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}),
]
Amount = Annotated[
    str | None, WithJsonSchema({"type": "number", "minimum": 0, "maximum": int(LARGEST_PRICE)})
]
Name = Annotated[
    str | None, WithJsonSchema({"type": "string", "pattern": r"^[^\s\u0000][^\u0000]*$"})
]
Place = Annotated[str | None, WithJsonSchema({"type": "string", "examples": ["52.52,13.40,5"]})]
Sort = Annotated[
    str | None, WithJsonSchema({"type": "string", "enum": list(KINDS), "default": "listing"})
]


class Wanted(BaseModel):
    """What is looked for. Filters fail closed: one that cannot be read is refused."""

    q: Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[^\s\u0000]"})] = Field(
        description="The need, in the words of whoever has it."
    )
    locale: str | None = Field(
        default=None, description="The reader's language; without it the browser's."
    )
    kind: Sort = None
    limit: Whole = None
    category: Name = Field(default=None, description="A category, as `craft/plumber`.")
    city: Name = Field(
        default=None, description="A town, as any of the market's languages calls it."
    )
    lang: Name = Field(default=None, description="A language that the provider speaks, as `ar`.")
    price_max: Amount = None
    currency: Name = Field(default=None, description="Without it the market's.")
    near: Place = Field(
        default=None,
        description=f"Latitude, longitude and kilometres, up to {HALF_THE_GLOBE_KM}.",
    )


class Price(BaseModel):
    """What is asked per unit; the amount as a decimal."""

    amount: str
    currency: str
    unit: str


class Matched(BaseModel):
    """Words of the query that stand in one place of a result."""

    place: Where = Field(
        description=(
            "`detail` is something that both speak of, perhaps in other words; `meaning` stands "
            "alone, where no word is shared."
        )
    )
    words: list[str] = Field(description="None where it is found by its meaning alone.")


class Result(BaseModel):
    """A listing, or a help article."""

    kind: Literal["listing", "article"]
    external_id: str
    title: str
    summary: str
    url: str = Field(description="A path on the market's host.")
    price: Price | None
    score: float
    matches: list[Matched] = Field(
        description="Why it was found, by the query as it was understood, with typos mended."
    )
    category: str | None = None
    provider: str | None = None
    city: str | None = None


class Results(BaseModel):
    """What fits, best first."""

    results: list[Result]
    took_ms: float


@router.get(
    "/api/v1/search", response_model=Results, summary="Search the market", operation_id="search"
)
async def search(
    request: Request, market: Marketplace, caller: AnyCaller, wanted: Annotated[Wanted, Query()]
) -> Any:
    """The listings (or articles) that fit `q`, best first, in the reader's language."""
    started = time.perf_counter()
    caller.actor.must(Permission.READ)
    if len(set(request.query_params)) != len(request.query_params.multi_items()):
        raise AppError("Each parameter may be given once.")
    locale = _reader(request, market)
    query = asked(wanted.model_dump(exclude_none=True), locale=locale, currency=market.currency)
    async with tenant_session(market.id) as session:
        if query.filters.city is not None:
            city = await reading.known_city(session, query.filters.city)
            query = replace(query, filters=replace(query.filters, city=city))
        hits = await search_index().search(session, query)
        results = await shown(session, hits, locale)
    count(market, "searches")
    took = round((time.perf_counter() - started) * 1000, 1)
    return {"results": results, "took_ms": took}


class Suggested(BaseModel):
    """A line to choose, and the path on the market's host that it leads to."""

    kind: Literal["category", "need", "provider"]
    text: str
    note: str = Field(description="What it belongs to, or nothing.")
    url: str


class AllSuggested(BaseModel):
    """What may be about to be looked for, the likeliest first."""

    suggestions: list[Suggested]


@router.get(
    "/api/v1/search/suggestions",
    response_model=AllSuggested,
    summary="Suggest while somebody types",
    operation_id="suggest",
)
async def suggest(
    request: Request,
    market: Marketplace,
    caller: AnyCaller,
    q: Annotated[str, Query(description="The letters so far; two at least.")] = "",
) -> Any:
    """Categories, needs and providers of the market that the letters begin."""
    caller.actor.must(Permission.READ)
    async with tenant_session(market.id) as session:
        found = await suggestions(session, q, _reader(request, market))
    return {"suggestions": [asdict(one) for one in found]}


async def shown(session: TenantSession, hits: list[Hit], locale: str) -> list[dict[str, Any]]:
    """The hits as the API shows them, in their order; those gone meanwhile are left out."""
    listings = [hit.id for hit in hits if hit.kind == "listing"]
    found = await reading.found_listings(session, listings, locale)
    cards = {listing.id: (card, listing) for card, listing in found}
    texts = await public_articles_by_id(
        session, [hit.id for hit in hits if hit.kind == "article"], locale
    )
    results: list[dict[str, Any]] = []
    for hit in hits:
        said = understood(hit.said)
        if hit.kind == "listing" and hit.id in cards:
            card, listing = cards[hit.id]
            results.append(
                {
                    "kind": "listing",
                    "external_id": card.external_id,
                    "title": card.title,
                    "summary": card.summary,
                    "url": card.url,
                    "category": card.category,
                    "provider": card.provider,
                    "city": card.city or None,
                    "price": reading.price_of(listing),
                    "score": hit.score,
                    "matches": _told(found_in(said, card, listing, hit.details)),
                }
            )
        elif hit.kind == "article" and (article := texts.get(hit.id)):
            results.append(
                {
                    "kind": "article",
                    "external_id": article.slug,
                    "title": article.title,
                    "summary": hit.passage,
                    "url": article.url,
                    "price": None,
                    "score": hit.score,
                    "matches": _told(matches(said, {"title": article.title, "text": hit.passage})),
                }
            )
    return results


def _told(found: list[Match]) -> list[dict[str, Any]]:
    return [{"place": match.place, "words": list(match.words)} for match in found]


def _reader(request: Request, market: MarketCard) -> str:
    """The reader's language: as asked where the market offers it, else as the browser prefers."""
    wanted = request.query_params.get("locale") or request.headers.get("accept-language", "")
    return negotiate(wanted, market.locales, market.default_locale)
