"""Access and refresh tokens: JWTs of a market that open nothing in any other.

An API sign-in is a `SignIn` like a browser's, so whatever ends those ends it too. The access token
(15 minutes) names it, and it is looked up at every use: who is suspended, or signs out everywhere,
is out at once. The refresh token (30 days from the sign-in) is used once; its successor's hash
takes its place, so whoever comes with a used one has a stolen one, or was stolen from, and the
sign-in ends. For ten seconds the one just used is refused and ends nothing, for two tabs may come
at once; see `docs/decisions/0014-refresh-grace.md`.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from sqlalchemy import bindparam
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.actors import Member, SignInNeeded
from app.accounts.models import Person, SignIn
from app.accounts.signing import Suspended, living, living_member
from app.accounts.tokens.signing_keys import (
    ALGORITHM,
    LONGEST_TOKEN_LIFE,
    signing_key,
    verifying_key,
)
from app.audit import log as audit
from app.database import TenantSession
from app.errors import Conflict

ACCESS_LASTS = timedelta(minutes=15)
REFRESH_LASTS = LONGEST_TOKEN_LIFE
GRACE = timedelta(seconds=10)
"""How long a token that was just used up is taken for a second click."""
LONGEST = 2000
"""Characters of a token; ours have a third of that."""

Kind = Literal["at+jwt", "refresh+jwt"]

_BY_SIGN_IN = living(col(SignIn.id) == bindparam("id"), col(SignIn.via) == "api")


class TokenRefused(SignInNeeded):
    """The token is over, was revoked, belongs elsewhere or was never ours; which is not said."""

    code = "token"


class JustUsed(Conflict):
    """The token was used a moment ago; whoever did has its successor."""

    code = "token_just_used"


@dataclass(frozen=True)
class Tokens:
    """What an API client gets when somebody signed in; neither is kept here."""

    access: str
    refresh: str
    expires_in: int
    refresh_expires_in: int


def refused() -> TokenRefused:
    """The error for every token that opens nothing."""
    return TokenRefused("The token or key is not valid. Sign in again.")


async def start(
    session: TenantSession,
    person_id: UUID,
    origin: str,
    *,
    user_agent: str = "",
    address: str = "",
    factors: Sequence[str] = (),
) -> Tokens:
    """Tokens of someone who has proved who they are, by `factors`; raises `Suspended`."""
    person = await session.get(Person, person_id)
    if person is None or person.suspended_at is not None:
        raise Suspended("This account is suspended. Write to the market's staff.")
    now = datetime.now(UTC)
    begun = SignIn(
        person_id=person_id,
        token_hash=b"",
        via="api",
        user_agent=user_agent[:300],
        address=address[:64],
        factors=list(factors),
        created_at=now,
        seen_at=now,
        expires_at=now + REFRESH_LASTS,
    )
    return await _issue(session, begun, origin)


async def refresh(session: TenantSession, token: str, origin: str) -> Tokens | None:
    """New tokens for a refresh token, which is used up; None when it opens nothing.

    The end of a sign-in whose token was used twice must be committed, so it raises `JustUsed` only:
    for the token before the newest, in the moments after it was used.
    """
    claims = await _claims(session, token, "refresh+jwt", origin)
    if claims is None:
        return None
    query = select(SignIn).where(col(SignIn.id) == claims["sid"], SignIn.via == "api")
    found = (await session.exec(query.with_for_update())).one_or_none()
    if found is None or found.revoked_at is not None or found.expires_at <= datetime.now(UTC):
        return None
    now, kept = datetime.now(UTC), _kept(token)
    if found.token_hash != kept:
        if kept == found.former_token_hash and now - (found.refreshed_at or now) < GRACE:
            raise JustUsed("This token was used a moment ago. Use the ones that it brought.")
        found.revoked_at = now
        session.add(found)
        told = actors.system(session.tenant_id, "tokens")
        await audit.record(session, told, "sign_in.token_reused", "sign_in", found.id)
        return None
    if await living_member(session, _BY_SIGN_IN, id=found.id) is None:
        return None
    found.former_token_hash, found.refreshed_at, found.seen_at = kept, now, now
    return await _issue(session, found, origin)


async def member_of(session: TenantSession, token: str, origin: str) -> Member | None:
    """The person whose access token this is; None when it opens nothing."""
    claims = await _claims(session, token, "at+jwt", origin)
    if claims is None:
        return None
    return await living_member(session, _BY_SIGN_IN, id=claims["sid"])


async def _issue(session: TenantSession, living: SignIn, origin: str) -> Tokens:
    key = await signing_key(session)
    now = datetime.now(UTC)
    common = {
        "iss": origin,
        "aud": origin,
        "sub": str(living.person_id),
        "sid": str(living.id),
        "iat": int(now.timestamp()),
    }

    def signed(kind: Kind, ends: datetime) -> str:
        header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
        claims = common | {"exp": int(ends.timestamp()), "jti": uuid4().hex}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])

    refresh_token = signed("refresh+jwt", living.expires_at)
    living.token_hash = _kept(refresh_token)
    session.add(living)
    await session.flush()
    return Tokens(
        access=signed("at+jwt", min(now + ACCESS_LASTS, living.expires_at)),
        refresh=refresh_token,
        expires_in=int(ACCESS_LASTS.total_seconds()),
        refresh_expires_in=int((living.expires_at - now).total_seconds()),
    )


async def _claims(
    session: TenantSession, token: str, kind: Kind, origin: str
) -> dict[str, Any] | None:
    """What a token says, once everything about it is right."""
    header = _header(token)
    kid = header.get("kid")
    # The algorithm is ours to choose: a token that names another is none of ours.
    if header.get("alg") != ALGORITHM or header.get("typ") != kind or not isinstance(kid, str):
        return None
    key = await verifying_key(session, kid.replace("\x00", ""))
    if key is None:
        return None
    wanted: Any = {name: {"essential": True, "value": origin} for name in ("iss", "aud")}
    wanted |= {name: {"essential": True} for name in ("exp", "iat", "sub")}
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        jwt.JWTClaimsRegistry(**wanted).validate(claims)
        return claims | {"sid": UUID(claims["sid"])}
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _header(token: str) -> dict[str, Any]:
    """What a token claims to be, before anything of it is believed."""
    if not token.isascii() or len(token) > LONGEST:
        return {}
    first = token.partition(".")[0]
    try:
        told = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


def _kept(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
