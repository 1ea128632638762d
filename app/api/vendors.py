"""`/api/v1/vendors`: finding those who offer, comparing what they offer, asking for quotes."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, Field, WithJsonSchema

from app.accounts import limits
from app.accounts.permissions import Permission
from app.api.callers import AnyCaller, Marketplace, Signed
from app.api.problems import locale_of
from app.api.search import Amount, Name, Place, Price, Whole
from app.catalogue import reading
from app.catalogue.cards import ListingCard
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import translate
from app.markets.directory import MarketCard
from app.search.asking import asked
from app.search.serving import search_index
from app.vendors import comparing
from app.vendors.quotes import Asked, request_quotes
from app.vendors.reading import offered_by, vendor
from app.vendors.wanted import QuotesWanted

router = APIRouter(prefix="/api/v1/vendors", tags=["Vendors"])

_Ids = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
            r"(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){1,4}$",
        }
    ),
]
_Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="The caller's own mark of this request: sent again with it, it is made once.",
    ),
]


class Wanted(BaseModel):
    """What is looked for. Filters fail closed: one that cannot be read is refused."""

    q: Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[^\s\u0000]"})] = Field(
        description="The need, in the words of whoever has it."
    )
    locale: str | None = None
    limit: Whole = None
    category: Name = None
    city: Name = None
    lang: Name = None
    price_max: Amount = None
    currency: Name = None
    near: Place = None


class Vendor(BaseModel):
    """Who offers something; `url` is a path on the market's host."""

    id: str
    name: str
    url: str


class Offer(BaseModel):
    """A service of a vendor. `id` is what a comparison and a request for quotes take."""

    id: str
    title: str
    summary: str
    url: str
    category: str
    vendor: Vendor
    city: str
    languages: list[str]
    price: Price | None


class FoundOffer(Offer):
    """A service, with how well it fits."""

    score: float


class Found(BaseModel):
    """What fits, best first."""

    results: list[FoundOffer]
    took_ms: float


class VendorDetail(Vendor):
    """A vendor with their services."""

    about: str
    offers: list[Offer]


class ComparedOffer(Offer):
    """A service beside others. `missing` says what is not known of it."""

    least: bool = Field(description="Whether it is the least expensive of those beside it.")
    radius_km: float | None
    missing: list[Literal["price", "unit", "languages", "place", "reviews"]]
    missing_names: list[str]


class Comparison(BaseModel):
    """Services side by side."""

    same_unit: bool = Field(description="Whether the prices are for the same thing.")
    offers: list[ComparedOffer]


class QuoteRequest(BaseModel):
    """What one vendor was asked."""

    id: str
    vendor_id: str
    vendor: str
    listing_ids: list[str]
    state: Literal["sent", "answered", "declined", "expired"]
    amount: str | None
    currency: str
    note: str
    expires_at: datetime


class QuoteRequests(BaseModel):
    """One request for each vendor."""

    requests: list[QuoteRequest]


@router.get("/search", response_model=Found, summary="Search", operation_id="searchVendors")
async def search(
    request: Request, market: Marketplace, caller: AnyCaller, wanted: Annotated[Wanted, Query()]
) -> Any:
    """Services that fit `q`, best first, each with who offers it."""
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
        scores = {str(hit.id): hit.score for hit in hits}
        cards = await reading.cards(session, [hit.id for hit in hits], locale)
        offers = await _offers(session, cards)
    results = [told | {"score": scores[told["id"]]} for told in offers]
    return {"results": results, "took_ms": round((time.perf_counter() - started) * 1000, 1)}


@router.get(
    "/comparison", response_model=Comparison, summary="Compare", operation_id="compareVendors"
)
async def compare(
    request: Request,
    market: Marketplace,
    caller: AnyCaller,
    ids: Annotated[_Ids, Query(description="Two to five ids of services, with commas.")],
) -> Any:
    """Two to five services side by side: prices, units, languages, places, and what is missing."""
    caller.actor.must(Permission.READ)
    locale = _reader(request, market)
    wanted = [_id(one) for one in ids.split(",")]
    async with tenant_session(market.id) as session:
        compared = await comparing.compare(session, wanted, locale)
        offers = await _offers(session, [row.card for row in compared.rows])
    beside = [
        {
            "least": row.least,
            "radius_km": row.radius_km,
            "missing": list(row.missing),
            "missing_names": [translate(locale, comparing.MISSING[key]) for key in row.missing],
        }
        for row in compared.rows
    ]
    told = [offer | more for offer, more in zip(offers, beside, strict=True)]
    return {"same_unit": compared.same_unit, "offers": told}


@router.get(
    "/{vendor_id}", response_model=VendorDetail, summary="Read a vendor", operation_id="readVendor"
)
async def one(
    request: Request,
    market: Marketplace,
    caller: AnyCaller,
    vendor_id: Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})],
) -> Any:
    """Who it is and what they offer."""
    caller.actor.must(Permission.READ)
    locale = _reader(request, market)
    async with tenant_session(market.id) as session:
        card, cards = await vendor(session, _id(vendor_id), locale)
        offers = await _offers(session, cards)
    about = {"id": card.id, "name": card.name, "url": card.url, "about": card.about}
    return about | {"offers": offers}


@router.post(
    "/request-quote",
    status_code=201,
    response_model=QuoteRequests,
    summary="Ask for quotes",
    operation_id="requestQuotes",
)
async def ask(
    request: Request, market: Marketplace, caller: Signed, key: _Key, told: QuotesWanted
) -> Any:
    """Ask the vendors of one to five services for a price. They answer in their office.

    Sent again with the same `Idempotency-Key` it makes nothing new and answers the same; with
    another body under that key it is refused.
    """
    caller.actor.must(Permission.REQUEST_QUOTES)
    await limits.spend("quotes", market.id, str(caller.actor.id))
    async with tenant_session(market.id) as session:
        made = await request_quotes(
            session, caller.actor, market, told, key=f"api:{key}", locale=_reader(request, market)
        )
    return {"requests": [_request(each) for each in made]}


def _request(asked: Asked) -> dict[str, Any]:
    row = asked.request
    return {
        "id": str(row.id),
        "vendor_id": str(row.provider_id),
        "vendor": asked.provider,
        "listing_ids": [one["id"] for one in row.services],
        "state": asked.state,
        "amount": None if row.amount is None else str(row.amount),
        "currency": row.currency,
        "note": row.note,
        "expires_at": row.expires_at,
    }


async def _offers(session: TenantSession, cards: list[ListingCard]) -> list[dict[str, Any]]:
    ids = [UUID(card.id) for card in cards]
    prices = await reading.prices(session, ids)
    owners = await offered_by(session, ids)
    return [
        {
            "id": card.id,
            "title": card.title,
            "summary": card.summary,
            "url": card.url,
            "category": card.category,
            "vendor": {"id": owners[card.id], "name": card.provider, "url": card.provider_url},
            "city": card.city,
            "languages": card.languages,
            "price": prices.get(UUID(card.id)),
        }
        for card in cards
    ]


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("There is no such vendor.") from error


def _reader(request: Request, market: MarketCard) -> str:
    locale = locale_of(request)
    return locale if locale in market.locales else market.default_locale
