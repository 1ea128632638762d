"""Sending a browser to a provider, and finding out whom it comes back as.

Authorization code with PKCE (S256), state and, where there are ID tokens, a nonce.
"""

# Authlib has no types.
# pyright: standard

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey

from app.accounts.ways.discovery import Endpoints, endpoints_of
from app.accounts.ways.fetching import LARGEST, ask, not_believed
from app.accounts.ways.models import SignInWay
from app.accounts.ways.presets import PRESETS, YANDEX_MAIL
from app.accounts.ways.tokens import LONGEST_SUBJECT, claims_of
from app.settings import settings

APPLE_SECONDS = 300


@dataclass(frozen=True)
class Errand:
    """What is kept of a browser that was sent away, to know it when it comes back."""

    state: str
    nonce: str
    verifier: str
    back: str
    """The address that it comes back to, which the provider must have been told of."""


@dataclass(frozen=True)
class Outsider:
    """A person as their provider knows them. Without a verified e-mail, `email` is a claim."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""


def callback_address(host: str, way_id: UUID) -> str:
    """Where a provider sends browsers back to; it must be told of this address."""
    return f"{settings().origin(host)}/auth/callback/{way_id}"


async def send_away(way: SignInWay, back: str) -> tuple[str, Errand]:
    """The address at the provider for a browser, and what to keep until it is `back`.

    Raises `WayDown`, `AddressRefused` or `AnswerRefused`.
    """
    preset = PRESETS[way.kind]
    endpoints = await _endpoints(way)
    errand = Errand(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back
    )
    more: dict[str, str] = {"nonce": errand.nonce} if preset.discovers else {}
    if preset.posts_back:
        more["response_mode"] = "form_post"
    address = prepare_grant_uri(
        endpoints.authorization,
        way.client_id,
        "code",
        redirect_uri=back,
        scope=preset.scope,
        state=errand.state,
        code_challenge=create_s256_code_challenge(errand.verifier),
        code_challenge_method="S256",
        **more,
    )
    return address, errand


async def come_back(way: SignInWay, errand: Errand, told: Mapping[str, str]) -> Outsider:
    """Who came back with the parameters `told`, whose state was compared already.

    Raises `WayDown`, `AddressRefused` or `AnswerRefused`.
    """
    preset = PRESETS[way.kind]
    endpoints = await _endpoints(way)
    named = told.get("iss")
    if (named is not None or endpoints.names_itself) and named != endpoints.issuer:
        # Another provider's answer, brought here to have its code sent to this one.
        raise not_believed("another issuer came back")
    tokens = await _exchange(way, endpoints, errand, told)
    if preset.discovers:
        return await _by_token(way, endpoints, errand, tokens)
    access = tokens.get("access_token")
    if not isinstance(access, str):
        raise not_believed("no access token")
    profile = await _PROFILES[way.kind](way, access)
    subject = profile.subject
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise not_believed("subject")
    return profile


async def _endpoints(way: SignInWay) -> Endpoints:
    preset = PRESETS[way.kind]
    if preset.discovers:
        return await endpoints_of(way.issuer)
    return Endpoints(
        preset.issuer,
        preset.authorization,
        preset.token,
        "",
        auth_methods=("client_secret_post",),
    )


async def _exchange(
    way: SignInWay, endpoints: Endpoints, errand: Errand, told: Mapping[str, str]
) -> dict[str, Any]:
    code = told.get("code", "")
    if not code:
        raise not_believed("no code")
    more = {"code": code, "code_verifier": errand.verifier, "redirect_uri": errand.back}
    if way.kind == "vk":
        more |= {"device_id": told.get("device_id", ""), "state": errand.state}
    secret = apple_secret(way) if way.kind == "apple" else way.secret
    method = "client_secret_basic"
    if not secret:
        method = "none"
    elif method not in endpoints.auth_methods:
        method = "client_secret_post"
    body = prepare_token_request("authorization_code", "", **more)
    proof = ClientAuth(way.client_id, secret or None, method)
    address, headers, body = proof.prepare("POST", endpoints.token, {}, body)
    status, tokens = await ask(address, form=body, headers=headers)
    if status != 200 or not isinstance(tokens, dict) or "error" in tokens:
        raise not_believed("the code was refused")
    return tokens


def apple_secret(way: SignInWay) -> str:
    """Apple's client secret: a token that we sign with the key it gave us."""
    now = int(time.time())
    header = {"alg": "ES256", "kid": str(way.details.get("key_id", ""))}
    claims = {
        "iss": str(way.details.get("team_id", "")),
        "iat": now,
        "exp": now + APPLE_SECONDS,
        "aud": "https://appleid.apple.com",
        "sub": way.client_id,
    }
    return jwt.encode(header, claims, ECKey.import_key(way.secret), algorithms=["ES256"])


async def _by_token(
    way: SignInWay, endpoints: Endpoints, errand: Errand, tokens: dict[str, Any]
) -> Outsider:
    claims = await claims_of(tokens.get("id_token"), endpoints, way.client_id, errand.nonce)
    access = tokens.get("access_token")
    if "email" not in claims and endpoints.userinfo and isinstance(access, str):
        more = await _told(endpoints.userinfo, access)
        if more.get("sub") != claims["sub"]:
            raise not_believed("userinfo of another person")
        claims = more | claims
    email = _text(claims.get("email"))
    return Outsider(
        endpoints.issuer,
        claims["sub"],
        email,
        email_verified=bool(email) and _vouches(way.kind, claims),
        name=_text(claims.get("name")),
    )


def _vouches(kind: str, claims: Mapping[str, Any]) -> bool:
    """Whether the provider answers for the e-mail address being this person's today."""
    # Apple says it as text.
    verified = claims.get("email_verified") in (True, "true")
    if kind == "google":
        # Of other addresses Google knows only that they were once confirmed.
        own = _text(claims.get("email")).lower().endswith("@gmail.com")
        return verified and (own or bool(claims.get("hd")))
    return verified


async def _github(_way: SignInWay, access: str) -> Outsider:
    preset = PRESETS["github"]
    person = await _told(preset.profile, access)
    _status, listed = await ask(
        preset.profile + "/emails", headers={"authorization": f"Bearer {access}"}
    )
    addresses = (
        [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    )
    main = next(
        (one for one in addresses if one.get("primary") is True and one.get("verified") is True), {}
    )
    email = _text(main.get("email"))
    return Outsider(
        preset.issuer,
        _number(person.get("id")),
        email,
        email_verified=bool(email),
        name=_text(person.get("name")) or _text(person.get("login")),
    )


async def _yandex(_way: SignInWay, access: str) -> Outsider:
    preset = PRESETS["yandex"]
    person = await _told(preset.profile, access, scheme="OAuth")
    email = _text(person.get("default_email"))
    return Outsider(
        preset.issuer,
        _text(person.get("id")),
        email,
        email_verified=email.rpartition("@")[2].lower() in YANDEX_MAIL,
        name=_text(person.get("real_name")) or _text(person.get("display_name")),
    )


async def _vk(way: SignInWay, access: str) -> Outsider:
    preset = PRESETS["vk"]
    form = urlencode({"client_id": way.client_id, "access_token": access})
    status, told = await ask(preset.profile, form=form)
    person = told.get("user") if status == 200 and isinstance(told, dict) else None
    if not isinstance(person, dict):
        raise not_believed("no profile")
    names = (_text(person.get("first_name")), _text(person.get("last_name")))
    return Outsider(
        preset.issuer,
        _text(person.get("user_id")) or _number(person.get("user_id")),
        # VK does not say whether the address was confirmed.
        _text(person.get("email")),
        name=" ".join(filter(None, names)),
    )


_PROFILES = {"github": _github, "yandex": _yandex, "vk": _vk}


async def _told(address: str, access: str, scheme: str = "Bearer") -> dict[str, Any]:
    status, told = await ask(
        address, headers={"authorization": f"{scheme} {access}"}, largest=LARGEST
    )
    if status != 200 or not isinstance(told, dict):
        raise not_believed("no profile")
    return told


def _text(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 320 and "\x00" not in value else ""


def _number(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
