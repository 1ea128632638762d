"""Rows of approvals, quotes, shortlists and texts, for tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.approvals.models import Approval, OutsideEffect
from app.catalogue.models import Listing, Provider
from app.conversations.models import Conversation
from app.database import TenantSession
from app.vendors.models import QuoteRequest, ShortlistEntry
from tests import factories
from tests.review_rows import REVIEW_ROWS
from tests.rows import kept, numbers
from tests.writing_rows import WRITING_ROWS


async def approval(session: TenantSession, **more: Any) -> Approval:
    """A proposal to ask a fresh provider for a quote, in a fresh conversation."""
    if "person_id" not in more:
        more["person_id"] = (await factories.person(session)).id
    if "conversation_id" not in more:
        talk: Conversation = await factories.conversation(session, person_id=more["person_id"])
        more["conversation_id"] = talk.id
    if "arguments" not in more:
        listing: Listing = await factories.listing(session)
        more["arguments"] = {"listing_ids": [str(listing.id)], "message": "A leaking tap"}
    usual = {
        "tool": "request_quotes",
        "key": f"key-{next(numbers)}",
        "locale": "en",
        "expires_at": _soon(),
    }
    return await kept(session, Approval, usual, more)


async def outside_effect(session: TenantSession, **more: Any) -> OutsideEffect:
    """An effect that was cut off."""
    return await kept(session, OutsideEffect, {"key": f"effect-{next(numbers)}"}, more)


async def quote_request(session: TenantSession, **more: Any) -> QuoteRequest:
    """What a fresh person asked a fresh provider."""
    if "person_id" not in more:
        more["person_id"] = (await factories.person(session)).id
    if "provider_id" not in more:
        provider: Provider = await factories.provider(session)
        more["provider_id"] = provider.id
    usual = {
        "key": f"key-{next(numbers)}",
        "digest": "0" * 64,
        "message": "A leaking tap",
        "locale": "en",
        "expires_at": _soon(),
    }
    return await kept(session, QuoteRequest, usual, more)


async def shortlist_entry(session: TenantSession, **more: Any) -> ShortlistEntry:
    """A fresh listing that a fresh person keeps in mind."""
    if "person_id" not in more:
        more["person_id"] = (await factories.person(session)).id
    listing_id: UUID | None = more.get("listing_id")
    more["listing_id"] = listing_id or (await factories.listing(session)).id
    return await kept(session, ShortlistEntry, {}, more)


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(days=3)


OFFER_ROWS: dict[str, Callable[..., Any]] = {
    **REVIEW_ROWS,
    "approval": approval,
    "outside_effect": outside_effect,
    "quote_request": quote_request,
    "shortlist_entry": shortlist_entry,
    **WRITING_ROWS,
}
