"""Quotes: what members ask providers, who are told by letter and answer in their office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select, update

from app.accounts.actors import Actor
from app.accounts.models import Person
from app.accounts.permissions import Permission
from app.audit.log import record
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import on_show
from app.conversations import log
from app.database import TenantSession, tenant_session
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.jobs.work import nightly
from app.markets.directory import MarketCard, all_markets
from app.markets.shaping import NotAccepted
from app.vendors import letters
from app.vendors.models import QuoteRequest
from app.vendors.projects import check_own
from app.vendors.wanted import QuotesWanted

LASTS = timedelta(days=14)
"""How long a provider may answer."""

LONGEST_NOTE = 2000
LARGEST = Decimal(10) ** 11


class KeyUsed(AppError):
    """The key stands for another question already."""

    status = Conflict.status


@dataclass(frozen=True)
class Asked:
    """A request with the name of the provider, or of the person who asks, beside it."""

    request: QuoteRequest
    provider: str
    person: str

    @property
    def state(self) -> str:
        """How it stands now; one that nobody answered in time has expired."""
        overdue = self.request.expires_at <= datetime.now(UTC)
        return "expired" if self.request.state == "sent" and overdue else self.request.state


async def services(
    session: TenantSession, listing_ids: Sequence[UUID]
) -> list[tuple[Listing, Provider]]:
    """The listings asked about, in their order; raises `NotFound` if one is not on show."""
    found = await session.exec(
        select(Listing, Provider)
        .join(Provider, col(Provider.id) == col(Listing.provider_id))
        .where(col(Listing.id).in_(listing_ids), on_show())
    )
    by_id = {listing.id: (listing, provider) for listing, provider in found}
    if missing := [one for one in listing_ids if one not in by_id]:
        raise NotFound("There is no such service: %(id)s", id=missing[0])
    return [by_id[one] for one in dict.fromkeys(listing_ids)]


async def request_quotes(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    wanted: QuotesWanted,
    *,
    key: str,
    locale: str,
    conversation_id: UUID | None = None,
) -> list[Asked]:
    """Ask each provider of these listings for a price, and write to them.

    Once for `key`: the same question again returns what was asked. Raises `KeyUsed` for another
    question under it, `NotFound` for a listing that is not on show, and `NotAllowed`.
    """
    actor.must(Permission.REQUEST_QUOTES)
    person_id = _person(actor)
    # Of two requests with one key, the second waits and finds what the first has written.
    await (await session.connection()).execute(
        text("select pg_advisory_xact_lock(hashtextextended(:of, 0))"),
        {"of": f"quotes:{session.tenant_id}:{person_id}:{key}"},
    )
    former = await asked_for(
        session, QuoteRequest.person_id == person_id, QuoteRequest.key == key, limit=50
    )
    if former:
        if former[0].request.digest != wanted.digest():
            raise KeyUsed("This key was used for another request.")
        return former
    await check_own(session, person_id, wanted.project_id)
    by_provider: dict[UUID, tuple[Provider, list[Listing]]] = {}
    for listing, provider in await services(session, wanted.listing_ids):
        by_provider.setdefault(provider.id, (provider, []))[1].append(listing)
    asked: list[Asked] = []
    for provider, listings in by_provider.values():
        row = QuoteRequest(
            person_id=person_id,
            provider_id=provider.id,
            key=key,
            digest=wanted.digest(),
            services=[{"id": str(one.id), "title": one.title} for one in listings],
            message=wanted.message,
            facts=wanted.facts(market.currency),
            project_id=wanted.project_id,
            conversation_id=conversation_id,
            locale=locale,
            expires_at=datetime.now(UTC) + LASTS,
        )
        session.add(row)
        await session.flush()
        await letters.tell_provider(session, actor, market, row)
        asked.append(Asked(row, provider.name, actor.name))
    told = {"providers": [one.provider for one in asked], "key": key}
    await record(session, actor, "quotes.requested", "quote_request", key, after=told)
    return asked


async def quotes_of(
    session: TenantSession, actor: Actor, project_id: UUID | None = None
) -> list[Asked]:
    """What the person asked for, the newest first; of one project, if one is named."""
    actor.must(Permission.REQUEST_QUOTES)
    wanted: list[Any] = [QuoteRequest.person_id == _person(actor)]
    if project_id is not None:
        wanted.append(QuoteRequest.project_id == project_id)
    return await asked_for(session, *wanted)


async def requests_to(session: TenantSession, actor: Actor) -> list[Asked]:
    """What the providers that the actor acts for were asked, the newest first."""
    actor.must(Permission.OFFER)
    return await asked_for(session, col(QuoteRequest.provider_id).in_(actor.providers))


async def answer_quote(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    request_id: UUID,
    amount: object,
    note: object,
) -> QuoteRequest:
    """Name a price in the market's currency; raises `NotAccepted`, `NotFound` or `Conflict`."""
    row = await _to_answer(session, actor, request_id)
    row.amount, row.currency = _amount(amount), market.currency
    return await _answered(session, actor, market, row, "answered", note)


async def decline_quote(
    session: TenantSession, actor: Actor, market: MarketCard, request_id: UUID, note: object
) -> QuoteRequest:
    """Say that the provider will not do it; raises as `answer_quote`."""
    row = await _to_answer(session, actor, request_id)
    return await _answered(session, actor, market, row, "declined", note)


@nightly("vendors.quotes")
async def let_go() -> None:
    """In every market, let requests go that nobody answered in time."""
    for market in await all_markets():
        async with tenant_session(market.id) as session:
            await session.exec(
                update(QuoteRequest)
                .where(
                    col(QuoteRequest.state) == "sent",
                    col(QuoteRequest.expires_at) <= datetime.now(UTC),
                )
                .values(state="expired")
            )


async def _to_answer(session: TenantSession, actor: Actor, request_id: UUID) -> QuoteRequest:
    actor.must(Permission.OFFER)
    row = await session.get(QuoteRequest, request_id, with_for_update=True, populate_existing=True)
    if row is None or row.provider_id not in actor.providers:
        raise NotFound("There is no such request.")
    if row.state != "sent":
        raise Conflict("This request was answered already.")
    if row.expires_at <= datetime.now(UTC):
        raise Conflict("The time to answer is over.")
    return row


async def _answered(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    row: QuoteRequest,
    state: str,
    note: object,
) -> QuoteRequest:
    said = note.replace("\x00", "").strip() if isinstance(note, str) else ""
    if len(said) > LONGEST_NOTE:
        raise NotAccepted("At most %(count)s characters, please.", field="note", count=LONGEST_NOTE)
    row.state, row.note = state, said
    row.answered_by, row.answered_at = actor.id, datetime.now(UTC)
    session.add(row)
    await session.flush()
    provider = await session.get_one(Provider, row.provider_id)
    if row.conversation_id is not None:
        told = {
            "request_id": str(row.id),
            "provider": provider.name,
            "state": state,
            "amount": None if row.amount is None else str(row.amount),
            "currency": row.currency,
            "note": said,
        }
        try:
            await log.append(session, row.conversation_id, "quote", told)
        except NotFound:
            # The person deleted the conversation meanwhile; the answer stands among their quotes.
            row.conversation_id = None
    await letters.tell_person(session, actor, market, row, provider.name)
    await record(session, actor, f"quote.{state}", "quote_request", row.id)
    return row


async def asked_for(session: TenantSession, *wanted: Any, limit: int = 200) -> list[Asked]:
    """The requests that fit, the newest first; who may see them is for the caller to say."""
    found = await session.exec(
        select(QuoteRequest, Provider.name, Person.name)
        .join(Provider, col(Provider.id) == col(QuoteRequest.provider_id))
        .join(Person, col(Person.id) == col(QuoteRequest.person_id))
        .where(*wanted)
        .order_by(col(QuoteRequest.created_at).desc(), col(QuoteRequest.id))
        .limit(limit)
    )
    return [Asked(row, provider, person) for row, provider, person in found]


def _amount(told: object) -> Decimal:
    text_ = str(told).strip().replace(" ", "").replace("\u00a0", "")
    if text_.count(",") == 1 and "." not in text_:
        text_ = text_.replace(",", ".")
    try:
        amount = Decimal(text_)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != round(amount, 2):
        raise NotAccepted("Write the price as a number, such as 49.90.", field="amount")
    return amount


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAllowed("You are not allowed to do this.")
    return actor.person_id
