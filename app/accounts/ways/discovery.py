"""Where a provider's endpoints are, and with which keys it signs."""

import time
from dataclasses import dataclass
from typing import Any, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from app.accounts.ways.fetching import ask, check_address, not_believed

ALGORITHMS: dict[str, str] = {
    "RS256": "RSA",
    "RS384": "RSA",
    "RS512": "RSA",
    "PS256": "RSA",
    "PS384": "RSA",
    "PS512": "RSA",
    "ES256": "EC",
    "ES384": "EC",
    "Ed25519": "OKP",
    "EdDSA": "OKP",
}
"""How a token may be signed, and the kind of key that each needs; never by a shared secret."""

FRESH_SECONDS = 3600.0
AGAIN_SECONDS = 30.0
"""Unknown keys make us ask for the set anew, at most this often: strangers can send such tokens."""
MOST_KNOWN = 500
WEAKEST_RSA = 2048

PublicKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True)
class Endpoints:
    """What a provider publishes about itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str = ""
    algorithms: frozenset[str] = frozenset(ALGORITHMS)
    auth_methods: tuple[str, ...] = ("client_secret_basic",)
    names_itself: bool = False
    """Whether it says who it is when the browser comes back (RFC 9207)."""


_endpoints: dict[str, tuple[float, Endpoints]] = {}
_keys: dict[str, tuple[float, dict[str, Any]]] = {}


async def endpoints_of(issuer: str, *, anew: bool = False) -> Endpoints:
    """The endpoints of an OpenID Connect issuer, asked at most hourly.

    Raises `AddressRefused`, `WayDown` or `AnswerRefused`.
    """
    known = _endpoints.get(issuer)
    if known and not anew and known[0] + FRESH_SECONDS > time.monotonic():
        return known[1]
    status, told = await ask(issuer.rstrip("/") + "/.well-known/openid-configuration")
    if status != 200 or not isinstance(told, dict):
        raise not_believed("no configuration")
    found = _read(issuer, cast("dict[str, Any]", told))
    _keep(_endpoints, issuer, found)
    return found


def _read(issuer: str, told: dict[str, Any]) -> Endpoints:
    if told.get("issuer") != issuer:
        # A provider that speaks in another's name could have us ask it for the other's people.
        raise not_believed("another issuer")
    addresses: list[str] = []
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address = told.get(name)
        if not isinstance(address, str):
            raise not_believed(f"no {name}")
        check_address(address)
        addresses.append(address)
    userinfo = told.get("userinfo_endpoint")
    algorithms = frozenset(_texts(told.get("id_token_signing_alg_values_supported"))) & set(
        ALGORITHMS
    )
    return Endpoints(
        issuer,
        *addresses,
        userinfo=userinfo if isinstance(userinfo, str) else "",
        algorithms=algorithms or frozenset({"RS256"}),
        auth_methods=_texts(told.get("token_endpoint_auth_methods_supported"))
        or ("client_secret_basic",),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


async def key_of(endpoints: Endpoints, kid: str | None, algorithm: str) -> PublicKey:
    """The key that the provider names `kid`; asked anew when it is not known.

    Raises `AnswerRefused` when there is none of the kind that `algorithm` needs.
    """
    known = _keys.get(endpoints.keys)
    age = time.monotonic() - known[0] if known else FRESH_SECONDS
    if known is None or age >= FRESH_SECONDS:
        known = await _ask_keys(endpoints)
        age = 0.0
    found = _chosen(known[1], kid, algorithm)
    if found is None and age > AGAIN_SECONDS:
        found = _chosen((await _ask_keys(endpoints))[1], kid, algorithm)
    if found is None:
        raise not_believed("no such key")
    return found


async def _ask_keys(endpoints: Endpoints) -> tuple[float, dict[str, Any]]:
    status, told = await ask(endpoints.keys)
    if status != 200 or not isinstance(told, dict):
        raise not_believed("no keys")
    return _keep(_keys, endpoints.keys, cast("dict[str, Any]", told))


def _chosen(told: dict[str, Any], kid: str | None, algorithm: str) -> PublicKey | None:
    listed = told.get("keys")
    entries = cast("list[Any]", listed)[:100] if isinstance(listed, list) else []
    fitting = [
        cast("dict[str, Any]", entry)
        for entry in entries
        if isinstance(entry, dict) and _fits(cast("dict[str, Any]", entry), kid, algorithm)
    ]
    # Without a name the key must be clear from the set alone.
    if len(fitting) != 1 and not (kid is not None and fitting):
        return None
    try:
        key = JWKRegistry.import_key(fitting[0])
    except (JoseError, ValueError, KeyError, TypeError):
        return None
    if isinstance(key, RSAKey) and key.public_key.key_size < WEAKEST_RSA:
        return None
    return key if isinstance(key, (RSAKey, ECKey, OKPKey)) else None


def _fits(entry: dict[str, Any], kid: str | None, algorithm: str) -> bool:
    return (
        entry.get("kty") == ALGORITHMS[algorithm]
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", algorithm) == algorithm
        and (kid is None or entry.get("kid") == kid)
    )


def _texts(told: object) -> tuple[str, ...]:
    listed = cast("list[Any]", told) if isinstance(told, list) else []
    return tuple(entry for entry in listed[:50] if isinstance(entry, str))


def _keep(cache: dict[str, tuple[float, Any]], name: str, value: Any) -> tuple[float, Any]:
    if len(cache) >= MOST_KNOWN:
        cache.clear()
    cache[name] = (time.monotonic(), value)
    return cache[name]


def forget() -> None:
    """Drop what is remembered, as tests do."""
    _endpoints.clear()
    _keys.clear()
