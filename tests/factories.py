"""Rows for tests: one of each kind, in whichever market the session is bound to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pgvector import HalfVector

from app.accounts.factors.models import Authenticator, Passkey, RecoveryCode
from app.accounts.keys.models import ApiKey
from app.accounts.models import Person, RoleGrant, SignIn, Ticket
from app.accounts.tokens.models import SigningKey
from app.accounts.ways.models import Identity, SignInWay
from app.audit.models import AuditEntry
from app.catalogue.models import Listing, Provider
from app.conversations.models import (
    Conversation,
    ConversationEvent,
    ConversationShare,
    ReplyApproval,
    ReplyFeedback,
)
from app.database import TenantSession
from app.jobs.models import Job
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from app.markets.models import HostClaim
from app.markets.opening import create_market
from app.privacy.models import Consent
from app.search.models import SearchEntry, SearchPlace
from tests.analytics_rows import ANALYTICS_ROWS
from tests.attachment_rows import ATTACHMENT_ROWS
from tests.budget_rows import BUDGET_ROWS
from tests.chosen_factories import category_choice, former_article_address, upload
from tests.document_rows import DOCUMENT_ROWS
from tests.event_rows import EVENT_ROWS
from tests.model_rows import MODEL_ROWS
from tests.offer_rows import OFFER_ROWS
from tests.photo_rows import listing_photo
from tests.project_rows import PROJECT_ROWS
from tests.rows import kept as _kept
from tests.rows import numbers as _numbers
from tests.search_rows import SEARCH_ROWS
from tests.social_rows import SOCIAL_ROWS


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


async def reply_approval(session: TenantSession, **more: Any) -> ReplyApproval:
    """An approval of a reply that has nothing to say."""
    reply = more.get("reply_id") or (await conversation_event(session, kind="reply")).id
    return await _kept(session, ReplyApproval, {"reply_id": reply}, more)


async def conversation_share(session: TenantSession, **more: Any) -> ConversationShare:
    """A link to a fresh conversation."""
    if "conversation_id" not in more:
        more["conversation_id"] = (await conversation(session)).id
    return await _kept(session, ConversationShare, {"upto": 1}, more)


async def reply_feedback(session: TenantSession, **more: Any) -> ReplyFeedback:
    """That a reply was not good."""
    reply = more.get("reply_id") or (await conversation_event(session, kind="reply")).id
    usual = {"good": False, "reason": "wrong", "note": "It is closed on Mondays."}
    return await _kept(session, ReplyFeedback, {"reply_id": reply, **usual}, more)


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


async def search_place(session: TenantSession, **more: Any) -> SearchPlace:
    """A place of an index that was never filled."""
    return await _kept(session, SearchPlace, {}, more)


async def role_grant(session: TenantSession, **more: Any) -> RoleGrant:
    """The role of an operator, given to a fresh person."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    return await _kept(session, RoleGrant, {"role": "operator"}, more)


async def ticket(session: TenantSession, **more: Any) -> Ticket:
    """A ticket of no purpose that lasts an hour."""
    return await _kept(
        session,
        Ticket,
        {
            "purpose": "none",
            "email": "ada@example.com",
            "token_hash": next(_numbers).to_bytes(32, "big"),
            "expires_at": datetime.now(UTC) + timedelta(hours=1),
        },
        more,
    )


async def signing_key(session: TenantSession, **more: Any) -> SigningKey:
    """A key that signed long ago, so that it stands in nobody's way."""
    usual = {
        "kid": f"key{next(_numbers)}",
        "public": {},
        "private": "{}",
        "retired_at": datetime.now(UTC) - timedelta(days=400),
    }
    return await _kept(session, SigningKey, usual, more)


async def api_key(session: TenantSession, **more: Any) -> ApiKey:
    """A key that may read, and whose secret nobody knows."""
    number = next(_numbers)
    usual = {
        "name": f"Key {number}",
        "prefix": f"prefix{number}",
        "secret_hash": number.to_bytes(32, "big"),
        "scopes": ["market.read"],
    }
    return await _kept(session, ApiKey, usual, more)


async def audit_entry(session: TenantSession, **more: Any) -> AuditEntry:
    """A deed of the program itself."""
    usual = {"actor_kind": "system", "action": "nothing.done", "subject_kind": "nothing"}
    return await _kept(session, AuditEntry, usual, more)


async def job(session: TenantSession, **more: Any) -> Job:
    """A job that waits and that nobody will do."""
    return await _kept(session, Job, {"kind": "nothing"}, more)


async def consent(session: TenantSession, **more: Any) -> Consent:
    """That a fresh person agreed to the terms."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    return await _kept(session, Consent, {"kind": "terms", "given": True}, more)


async def sign_in_way(session: TenantSession, **more: Any) -> SignInWay:
    """A way that is switched off."""
    usual = {"kind": "oidc", "name": "Ours", "issuer": "https://id.example.com", "client_id": "us"}
    return await _kept(session, SignInWay, usual, more)


async def identity(session: TenantSession, **more: Any) -> Identity:
    """Who a fresh person is elsewhere."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    usual = {"issuer": "https://id.example.com", "subject": f"subject-{next(_numbers)}"}
    return await _kept(session, Identity, usual, more)


async def passkey(session: TenantSession, **more: Any) -> Passkey:
    """A passkey of a fresh person that opens nothing."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    usual = {"credential_id": next(_numbers).to_bytes(16, "big"), "public_key": b"none"}
    return await _kept(session, Passkey, usual, more)


async def authenticator(session: TenantSession, **more: Any) -> Authenticator:
    """An unconfirmed secret of a fresh person."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    return await _kept(session, Authenticator, {"secret": "JBSWY3DPEHPK3PXP"}, more)


async def recovery_code(session: TenantSession, **more: Any) -> RecoveryCode:
    """A code of a fresh person that nobody knows."""
    if "person_id" not in more:
        more["person_id"] = (await person(session)).id
    return await _kept(
        session, RecoveryCode, {"code_hash": next(_numbers).to_bytes(32, "big")}, more
    )


async def host_claim(session: TenantSession, **more: Any) -> HostClaim:
    """A domain that nobody has proved yet."""
    usual = {"host": f"own{next(_numbers)}.example", "proof": "agora-verify=x"}
    return await _kept(session, HostClaim, usual, more)


ROWS: dict[str, Callable[..., Any]] = {
    "person": person,
    "sign_in": sign_in,
    "provider": provider,
    "category_choice": category_choice,
    "upload": upload,
    "listing": listing,
    "listing_photo": listing_photo,
    "article": article,
    "former_article_address": former_article_address,
    **DOCUMENT_ROWS,
    **BUDGET_ROWS,
    **PROJECT_ROWS,
    **ANALYTICS_ROWS,
    **SEARCH_ROWS,
    **SOCIAL_ROWS,
    "conversation": conversation,
    "conversation_event": conversation_event,
    "reply_approval": reply_approval,
    "conversation_share": conversation_share,
    "reply_feedback": reply_feedback,
    **ATTACHMENT_ROWS,
    **OFFER_ROWS,
    "search_entry": search_entry,
    "search_place": search_place,
    "role_grant": role_grant,
    "ticket": ticket,
    "signing_key": signing_key,
    "api_key": api_key,
    "audit_entry": audit_entry,
    "job": job,
    **EVENT_ROWS,
    "host_claim": host_claim,
    "consent": consent,
    "sign_in_way": sign_in_way,
    "identity": identity,
    "passkey": passkey,
    "authenticator": authenticator,
    "recovery_code": recovery_code,
    **MODEL_ROWS,
}
"""How to make a row of each tenant table; a table without one fails the isolation tests."""
