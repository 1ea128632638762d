"""Rows for tests: one of each kind, in whichever market the session is bound to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from pgvector import HalfVector
from sqlmodel import SQLModel

from app.accounts.models import Person, SignIn
from app.catalogue.models import Listing, Provider
from app.conversations.models import Conversation, ConversationEvent
from app.database import TenantSession
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from app.markets.opening import create_market
from app.search.models import SearchEntry

_numbers = count(1)
Row = TypeVar("Row", bound=SQLModel)


async def open_market(key: str | None = None, **more: Any) -> MarketCard:
    """A fresh market of its own, so that tests never meet each other's rows."""
    number = next(_numbers)
    asked: dict[str, Any] = {
        "name": {"en": f"Market {number}", "ru": f"Рынок {number}"},
        "tagline": {"en": "Services near you", "ru": "Услуги рядом"},
        "locales": ["en", "ru"],
        "currency": "EUR",
    }
    return await create_market(key or f"test{number}", **{**asked, **more})


async def person(session: TenantSession, **more: Any) -> Person:
    """A member who cannot sign in with any password."""
    return await _kept(
        session,
        Person,
        {
            "email": f"person{next(_numbers)}@example.com",
            "name": "Ada",
            "password_hash": "!",
            "locale": "en",
        },
        more,
    )


async def sign_in(session: TenantSession, **more: Any) -> SignIn:
    """A sign-in that lasts an hour."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    return await _kept(
        session,
        SignIn,
        {
            "token_hash": next(_numbers).to_bytes(32, "big"),
            "expires_at": datetime.now(UTC) + timedelta(hours=1),
        },
        more,
    )


async def provider(session: TenantSession, **more: Any) -> Provider:
    """A provider."""
    number = next(_numbers)
    return await _kept(
        session,
        Provider,
        {"external_id": f"p-{number}", "slug": f"provider-{number}", "name": f"Provider {number}"},
        more,
    )


async def listing(session: TenantSession, **more: Any) -> Listing:
    """A plumber's listing in English and Russian."""
    number = next(_numbers)
    if "provider_id" not in more:
        more["provider_id"] = (await provider(session)).id
    return await _kept(
        session,
        Listing,
        {
            "external_id": f"l-{number}",
            "slug": f"listing-{number}",
            "category": "craft/plumber",
            "title": {"en": "Plumber on call", "ru": "Сантехник на вызов"},
            "description": {"en": "Repairs leaking taps.", "ru": "Чинит текущие краны."},
            "languages": ["en", "ru"],
            "tags": [],
        },
        more,
    )


async def article(session: TenantSession, **more: Any) -> Article:
    """A public help article in English."""
    number = next(_numbers)
    return await _kept(
        session,
        Article,
        {
            "slug": f"article-{number}",
            "title": {"en": "How to cancel"},
            "body": {"en": "You can cancel a booking up to a day before."},
        },
        more,
    )


async def conversation(session: TenantSession, **more: Any) -> Conversation:
    """An empty conversation of a fresh person."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    return await _kept(session, Conversation, {"locale": "en"}, more)


async def conversation_event(session: TenantSession, **more: Any) -> ConversationEvent:
    """A message in a fresh conversation."""
    if "conversation_id" not in more:
        more["conversation_id"] = (await conversation(session)).id
    return await _kept(
        session,
        ConversationEvent,
        {"seq": 1, "kind": "message", "payload": {"text": "Hello"}},
        more,
    )


async def search_entry(session: TenantSession, **more: Any) -> SearchEntry:
    """An entry of a listing that points nowhere; vectors of length 1."""
    return await _kept(
        session,
        SearchEntry,
        {
            "kind": "listing",
            "source_id": uuid4(),
            "locale": "en",
            "digest": "",
            "text": "Repairs leaking taps.",
            "names": "plumber on call",
            "meaning": HalfVector([1.0] + [0.0] * 511),
            "wording": HalfVector([1.0] + [0.0] * 383),
            "hub": 0.0,
            "wording_hub": 0.0,
        },
        more,
    )


ROWS: dict[str, Callable[..., Any]] = {
    "person": person,
    "sign_in": sign_in,
    "provider": provider,
    "listing": listing,
    "article": article,
    "conversation": conversation,
    "conversation_event": conversation_event,
    "search_entry": search_entry,
}
"""How to make a row of each tenant table; a table without one fails the isolation tests."""


async def _kept(
    session: TenantSession, model: type[Row], usual: dict[str, Any], more: dict[str, Any]
) -> Row:
    row = model(**{**usual, **more})
    session.add(row)
    await session.flush()
    return row
