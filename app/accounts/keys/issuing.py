"""Making, using and revoking API keys.

A key reads `agora_PREFIX_SECRET`. The secret is shown once; what is kept is its SHA-256, which is
enough for a secret of 256 random bits.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select, update

from app.accounts.actors import Actor
from app.accounts.keys.models import ApiKey
from app.accounts.keys.remembering import FRESH_SECONDS, forget, remember
from app.accounts.permissions import KEY_SCOPES, Permission
from app.audit import log as audit
from app.database import TenantSession
from app.errors import AppError, NotFound

MARK = "agora_"
LONGEST_NAME = 80
LONGEST_LIFE = timedelta(days=3650)
USE_NOTED_EVERY = timedelta(minutes=1)
MOST_KEYS = 200
"""Living keys of one market."""
_KEY = re.compile(r"agora_([0-9a-f]{12})_([\w-]{43})", re.ASCII)


class KeyRefused(AppError):
    """The key cannot be made as asked."""


@dataclass(frozen=True)
class MadeKey:
    """A new key; `secret` is all of it, and is nowhere else."""

    id: UUID
    secret: str


async def make_key(
    session: TenantSession,
    actor: Actor,
    name: str,
    scopes: Collection[str],
    lasts: timedelta | None = None,
) -> MadeKey:
    """Make a key that may do `scopes`, for ever without `lasts`; raises `KeyRefused`."""
    actor.must(Permission.KEYS)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise KeyRefused("Give the key a name of at most %(count)s characters.", count=LONGEST_NAME)
    asked = sorted(set(scopes))
    if not asked or not set(asked) <= KEY_SCOPES:
        raise KeyRefused("Choose what the key may do.")
    # Nobody hands out what they do not have.
    for scope in asked:
        actor.must(Permission(scope))
    if lasts is not None and not timedelta(0) < lasts <= LONGEST_LIFE:
        raise KeyRefused("A key lasts between a day and ten years.")
    if len(await living_keys(session)) >= MOST_KEYS:
        raise KeyRefused("A market may have at most %(count)s keys.", count=MOST_KEYS)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(
        name=called,
        prefix=prefix,
        secret_hash=_kept(secret),
        scopes=asked,
        made_by=actor.person_id,
        expires_at=datetime.now(UTC) + lasts if lasts else None,
    )
    session.add(key)
    await session.flush()
    shown = {"name": called, "prefix": prefix, "scopes": asked, "expires_at": key.expires_at}
    await audit.record(session, actor, "api_key.made", "api_key", key.id, after=shown)
    return MadeKey(key.id, f"{MARK}{prefix}_{secret}")


async def all_keys(session: TenantSession, actor: Actor) -> list[ApiKey]:
    """Every key of the market, the newest first, with those that were revoked or are over."""
    actor.must(Permission.KEYS)
    return list((await session.exec(select(ApiKey).order_by(col(ApiKey.created_at).desc()))).all())


async def living_keys(session: TenantSession) -> list[UUID]:
    """The ids of the keys that have not been revoked."""
    return list(
        (await session.exec(select(ApiKey.id).where(col(ApiKey.revoked_at).is_(None)))).all()
    )


async def revoke_key(session: TenantSession, actor: Actor, key_id: UUID) -> None:
    """End a key at once; one that has ended stays so. Raises `NotFound`."""
    actor.must(Permission.KEYS)
    key = (
        await session.exec(select(ApiKey).where(ApiKey.id == key_id).with_for_update())
    ).one_or_none()
    if key is None:
        raise NotFound("There is no such key.")
    if key.revoked_at is not None:
        return
    key.revoked_at = datetime.now(UTC)
    session.add(key)
    # Whoever uses it before this is committed may have it noted again, for two seconds.
    forget(key_id)
    shown = {"name": key.name, "prefix": key.prefix}
    await audit.record(session, actor, "api_key.revoked", "api_key", key.id, before=shown)


async def actor_of_key(session: TenantSession, key: str, address: str = "") -> Actor | None:
    """Who acts with this key; None when it opens nothing."""
    read = _KEY.fullmatch(key)
    if read is None:
        return None
    prefix, secret = read.groups()
    found = (await session.exec(select(ApiKey).where(ApiKey.prefix == prefix))).one_or_none()
    now = datetime.now(UTC)
    # The comparison takes as long for a prefix that nobody has.
    right = hmac.compare_digest(_kept(secret), found.secret_hash if found else b"\0" * 32)
    if found is None or not right or found.revoked_at is not None:
        return None
    if found.expires_at is not None and found.expires_at <= now:
        return None
    if found.used_at is None or found.used_at < now - USE_NOTED_EVERY:
        await session.exec(update(ApiKey).where(col(ApiKey.id) == found.id).values(used_at=now))
    # A scope that a later version no longer gives to keys is none.
    held = KEY_SCOPES & set(found.scopes)
    actor = Actor(
        market_id=session.tenant_id,
        kind="key",
        id=found.id,
        name=found.name,
        permissions=frozenset(held),
        roles=frozenset(),
        address=address,
    )
    left = (found.expires_at - now).total_seconds() if found.expires_at else FRESH_SECONDS
    remember(key, actor, left)
    return actor


def _kept(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
