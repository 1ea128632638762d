"""The keys that sign a market's tokens: ES256, made when first needed, replaced by age or wish."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from joserfc.jwk import ECKey
from sqlalchemy import delete, func, or_
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.accounts.tokens.models import SigningKey
from app.audit import log as audit
from app.database import TenantSession

ALGORITHM = "ES256"
ROTATED_EVERY = timedelta(days=90)
LONGEST_TOKEN_LIFE = timedelta(days=30)
"""How long a retired key still counts: no token lives longer."""


async def signing_key(session: TenantSession) -> ECKey:
    """The private key that signs now; made, or replaced when it is old."""
    present = await _present(session)
    if present is None or present.created_at < datetime.now(UTC) - ROTATED_EVERY:
        # Of two requests that come first, one makes the key and the other finds it.
        await session.exec(select(func.pg_advisory_xact_lock(_lock(session))))
        present = await _present(session)
        if present is None or present.created_at < datetime.now(UTC) - ROTATED_EVERY:
            present = await _replace(session, present)
    return ECKey.import_key(json.loads(present.private))


async def verifying_key(session: TenantSession, kid: str) -> ECKey | None:
    """The public key of this name, unless there is none or its tokens are all over."""
    found = await session.exec(
        select(col(SigningKey.public)).where(SigningKey.kid == kid, _counts())
    )
    public = found.one_or_none()
    return ECKey.import_key(public) if public else None


async def public_keys(session: TenantSession) -> list[Mapping[str, Any]]:
    """Every key whose tokens may live, as JWKs, the newest first."""
    await signing_key(session)
    query = select(col(SigningKey.public)).where(_counts())
    return list((await session.exec(query.order_by(col(SigningKey.created_at).desc()))).all())


async def rotate(session: TenantSession, actor: Actor) -> str:
    """Sign with a new key from now on, and return its name; living tokens stay good."""
    actor.must(Permission.KEYS)
    await session.exec(select(func.pg_advisory_xact_lock(_lock(session))))
    former = await _present(session)
    made = await _replace(session, former)
    await audit.record(
        session,
        actor,
        "signing_key.rotated",
        "signing_key",
        made.id,
        before={"kid": former.kid if former else ""},
        after={"kid": made.kid},
    )
    return made.kid


def _lock(session: TenantSession) -> int:
    # Advisory locks are numbers of 64 bits, shared by the whole database.
    return int.from_bytes(session.tenant_id.bytes[:8], "big", signed=True) ^ 0x6B6579


def _counts() -> Any:
    over = datetime.now(UTC) - LONGEST_TOKEN_LIFE
    return or_(col(SigningKey.retired_at).is_(None), col(SigningKey.retired_at) > over)


async def _present(session: TenantSession) -> SigningKey | None:
    query = select(SigningKey).where(col(SigningKey.retired_at).is_(None))
    query = query.order_by(col(SigningKey.created_at).desc()).limit(1)
    return (await session.exec(query)).one_or_none()


async def _replace(session: TenantSession, former: SigningKey | None) -> SigningKey:
    if former is not None:
        former.retired_at = datetime.now(UTC)
        session.add(former)
    over = datetime.now(UTC) - LONGEST_TOKEN_LIFE
    await session.exec(delete(SigningKey).where(col(SigningKey.retired_at) <= over))
    parameters: Any = {"kid": uuid4().hex, "use": "sig", "alg": ALGORITHM}
    pair = ECKey.generate_key("P-256", parameters, private=True)
    made = SigningKey(
        kid=parameters["kid"],
        public=dict(pair.as_dict(private=False)),
        private=json.dumps(pair.as_dict(private=True)),
    )
    session.add(made)
    await session.flush()
    return made
