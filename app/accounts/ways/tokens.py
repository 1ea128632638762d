"""ID tokens: which are believed."""

import base64
import json
import time
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError

from app.accounts.ways.discovery import ALGORITHMS, Endpoints, key_of
from app.accounts.ways.fetching import not_believed

LONGEST = 16 * 1024
LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""
OLDEST = 600
"""Seconds since a token was made: it was made for this very sign-in."""
LONGEST_SUBJECT = 255


async def claims_of(
    token: object, endpoints: Endpoints, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token made by this issuer, for this client, in this very sign-in.

    Raises `AnswerRefused`, or what asking for keys raises.
    """
    if not isinstance(token, str) or len(token) > LONGEST or token.count(".") != 2:
        raise not_believed("no ID token")
    algorithm, kid = _header(token)
    if algorithm not in endpoints.algorithms:
        raise not_believed("algorithm")
    key = await key_of(endpoints, kid, algorithm)
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise not_believed("signature") from error
    _check(claims, endpoints.issuer, client_id, nonce)
    return claims


def _header(token: str) -> tuple[str, str | None]:
    part = token.partition(".")[0]
    try:
        told = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise not_believed("header") from error
    header = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise not_believed("algorithm")
    if kid is not None and not isinstance(kid, str):
        raise not_believed("kid")
    return algorithm, kid


def _check(claims: dict[str, Any], issuer: str, client_id: str, nonce: str) -> None:
    if claims.get("iss") != issuer:
        raise not_believed("issuer")
    told = claims.get("aud")
    audience = cast("list[Any]", told) if isinstance(told, list) else [told]
    if client_id not in audience:
        raise not_believed("audience")
    party = claims.get("azp")
    if (len(audience) > 1 or party is not None) and party != client_id:
        raise not_believed("authorized party")
    now = time.time()
    if _number(claims, "exp") + LEEWAY <= now:
        raise not_believed("expired")
    made = _number(claims, "iat")
    if made - LEEWAY > now or made + OLDEST < now:
        raise not_believed("made at another time")
    if "nbf" in claims and _number(claims, "nbf") - LEEWAY > now:
        raise not_believed("not yet valid")
    if not nonce or claims.get("nonce") != nonce:
        raise not_believed("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise not_believed("subject")


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    # NaN is JSON to Python, and less than nothing and no more than anything.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e12:
        raise not_believed(name)
    return float(value)
