"""Tools around those who offer: search, compare, keep, and ask for quotes."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.accounts.permissions import Permission
from app.approvals.tools import Call, Editable, Options, Preview, Tool, known
from app.catalogue import reading
from app.catalogue.cards import card_of
from app.catalogue.choices import choices
from app.database import TenantSession
from app.i18n import N_, in_locale, ntranslate, translate
from app.search.index import Filters, Query
from app.search.serving import search_index
from app.vendors import comparing, shortlists
from app.vendors.quotes import request_quotes, services
from app.vendors.wanted import QuotesWanted


class SearchWanted(BaseModel):
    """A need, in the words of whoever has it."""

    model_config = ConfigDict(extra="forbid")

    need: str = Field(min_length=1, max_length=500)
    city: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=20)
    limit: int = Field(default=5, ge=1, le=20)


class Listings(BaseModel):
    """Which services are meant."""

    model_config = ConfigDict(extra="forbid")

    listing_ids: list[UUID] = Field(min_length=2, max_length=5)


class OneListing(BaseModel):
    """Which service is meant, and for which of the person's projects, if for one."""

    model_config = ConfigDict(extra="forbid")

    listing_id: UUID
    project_id: UUID | None = None


async def _search(session: TenantSession, call: Call, wanted: SearchWanted) -> dict[str, Any]:
    city = await reading.known_city(session, wanted.city) if wanted.city else None
    query = Query(
        wanted.need,
        call.locale,
        limit=wanted.limit,
        filters=Filters(city=city, language=wanted.language),
    )
    hits = await search_index().search(session, query)
    cards = await reading.cards(session, [hit.id for hit in hits], call.locale)
    return {
        "services": [
            {"id": card.id, "title": card.title, "provider": card.provider, "price": card.price}
            for card in cards
        ]
    }


async def _compare(session: TenantSession, call: Call, wanted: Listings) -> dict[str, Any]:
    compared = await comparing.compare(session, wanted.listing_ids, call.locale)
    return {
        "same_unit": compared.same_unit,
        "services": [
            {
                "id": row.card.id,
                "title": row.card.title,
                "provider": row.card.provider,
                "amount": None if row.amount is None else str(row.amount),
                "currency": row.currency,
                "unit": row.unit,
                "languages": row.card.languages,
                "place": row.card.city,
                "least": row.least,
                "missing": list(row.missing),
            }
            for row in compared.rows
        ],
    }


async def _keep(session: TenantSession, call: Call, wanted: OneListing) -> dict[str, Any]:
    await shortlists.keep(session, call.actor, wanted.listing_id, wanted.project_id)
    return {"kept": str(wanted.listing_id)}


async def _request(session: TenantSession, call: Call, wanted: QuotesWanted) -> dict[str, Any]:
    asked = await request_quotes(
        session,
        call.actor,
        call.market,
        wanted,
        key=call.key,
        locale=call.locale,
        conversation_id=call.conversation_id,
    )
    return {"requests": [str(one.request.id) for one in asked]}


async def _describe_request(session: TenantSession, locale: str, wanted: QuotesWanted) -> Preview:
    found = await services(session, wanted.listing_ids)
    providers = list(dict.fromkeys(provider.name for _, provider in found))
    return Preview(
        what=ntranslate(
            locale,
            "Your message goes to %(count)s provider, who is asked for a price.",
            "Your message goes to %(count)s providers, who are asked for a price.",
            len(providers),
        ),
        to=tuple(
            f"{provider.name}: {in_locale(listing.title, locale)}" for listing, provider in found
        ),
        cost=translate(locale, "Asking costs nothing and books nothing."),
    )


async def _request_options(session: TenantSession, locale: str, wanted: QuotesWanted) -> Options:
    decided = await choices(session)
    offered: list[tuple[str, str]] = []
    for listing, provider in await services(session, wanted.listing_ids):
        card = card_of(listing, provider, locale, decided.name(listing.category, locale))
        offered.append((card.id, f"{provider.name}: {card.title}"))
    return {"listing_ids": offered}


async def _describe_reading(_session: TenantSession, locale: str, _wanted: BaseModel) -> Preview:
    return Preview(translate(locale, "Nothing is changed."))


async def _describe_keeping(session: TenantSession, locale: str, wanted: OneListing) -> Preview:
    ((listing, provider),) = await services(session, [wanted.listing_id])
    title = in_locale(listing.title, locale)
    return Preview(
        translate(locale, "%(service)s goes on your shortlist.", service=title), (provider.name,)
    )


SEARCH = known(
    Tool(
        name="search_services",
        about="Find services of this market for a need.",
        arguments=SearchWanted,
        permission=Permission.READ,
        effect="reads",
        describe=_describe_reading,
        do=_search,
    )
)
COMPARE = known(
    Tool(
        name="compare_services",
        about="Compare two to five services by price, unit, languages and place.",
        arguments=Listings,
        permission=Permission.READ,
        effect="reads",
        describe=_describe_reading,
        do=_compare,
    )
)
KEEP = known(
    Tool(
        name="keep_on_shortlist",
        about="Put a service on the person's own shortlist.",
        arguments=OneListing,
        permission=Permission.REQUEST_QUOTES,
        effect="keeps",
        describe=_describe_keeping,
        do=_keep,
    )
)
REQUEST_QUOTES = known(
    Tool(
        name="request_quotes",
        about="Ask the providers of up to five services for a price. Waits for approval.",
        arguments=QuotesWanted,
        permission=Permission.REQUEST_QUOTES,
        effect="commits",
        describe=_describe_request,
        do=_request,
        editable=(
            Editable("message", N_("Message"), "lines", 2000),
            Editable("listing_ids", N_("To whom"), "choices"),
            Editable("date", N_("Date"), "date"),
            Editable("guests", N_("Guests"), "number"),
            Editable("place", N_("Place")),
            Editable("budget", N_("Budget"), "number"),
        ),
        options=_request_options,
    )
)
