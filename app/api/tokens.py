"""Signing in for clients of the API: `/api/auth/...`, and the public keys of a market's tokens."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from app.accounts import limits
from app.accounts.factors.second import SecondStepNeeded, asks_second_step, check_code
from app.accounts.passwords import LONGEST, SHORTEST
from app.accounts.signing import (
    LONGEST_EMAIL,
    LONGEST_NAME,
    normal_email,
    revoke_sign_in,
    sign_up,
    who_signs_in,
)
from app.accounts.tokens import bearing
from app.accounts.tokens.bearing import Tokens
from app.accounts.tokens.signing_keys import public_keys
from app.api.callers import Here, Signed
from app.api.problems import locale_of
from app.api.requests import address_of
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard
from app.settings import settings

router = APIRouter(prefix="/api/auth", tags=["Signing in"])
public = APIRouter(tags=["Signing in"])

Password = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST, "format": "password"})]
Email = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_EMAIL, "format": "email"})]


class Told(BaseModel):
    """A body whose every field is known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Registration(Told):
    """A new person of the market."""

    email: Email
    name: str = Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_NAME})
    password: Password = Field(description=f"At least {SHORTEST} characters, and not a common one.")
    locale: str | None = Field(default=None, description="The language of letters to them.")


class Credentials(Told):
    """What proves a person."""

    email: Email
    password: Password
    device: str | None = Field(
        default=None,
        description="What an earlier sign-in answered with. It opens nothing, but keeps attempts "
        "of others from standing in the way of this one.",
    )
    code: str | None = Field(
        default=None,
        description="A code of the authenticator app or a recovery code, where the account asks "
        "for a second step (`second_step`).",
    )


class Refreshing(Told):
    """A refresh token, which is used up."""

    refresh_token: str


class Pair(BaseModel):
    """Tokens. Send the access token as `Authorization: Bearer`."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  A word of the standard.
    expires_in: int = Field(description="Seconds.")
    refresh_token: str
    refresh_expires_in: int = Field(description="Seconds until somebody has to sign in again.")


class SignedIn(Pair):
    """Tokens of somebody who signed in."""

    device: str = Field(description="Keep it and send it with the next sign-in.")


class PublicKey(BaseModel):
    """A public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class PublicKeys(BaseModel):
    """The keys of a market's tokens."""

    keys: list[PublicKey]


@router.post(
    "/register",
    status_code=HTTPStatus.CREATED,
    response_model=SignedIn,
    summary="Make an account",
    operation_id="register",
)
async def register(request: Request, market: Here, told: Registration) -> Any:
    """Make an account and sign in. The errors' `code` says which field is refused, and why."""
    if market.is_platform:
        raise NotFound("There is no market at this address.")
    address = address_of(request)
    await limits.spend("sign_up", market.id, address)
    async with tenant_session(market.id) as session:
        person = await sign_up(
            session,
            _plain(told.email),
            _plain(told.name),
            _plain(told.password),
            told.locale or locale_of(request),
        )
        tokens = await _begin(session, request, market, person.id, ("password",))
    return _signed_in(market, tokens, person.email)


@router.post("/login", response_model=SignedIn, summary="Sign in", operation_id="login")
async def login(request: Request, market: Here, told: Credentials) -> Any:
    """Sign in by e-mail and password."""
    email = _plain(told.email)
    known = limits.known_browser(told.device or "", market.id, email)
    await limits.spend_sign_in(market.id, address_of(request), email, known=known)
    async with tenant_session(market.id) as session:
        person_id = await who_signs_in(session, email, _plain(told.password))
        factors = ["password"]
        if await asks_second_step(session, person_id):
            if told.code is None:
                raise SecondStepNeeded("Give a code of your authenticator app too.")
            await limits.spend("second_step", market.id, str(person_id))
            factors.append(await check_code(session, person_id, _plain(told.code)))
        tokens = await _begin(session, request, market, person_id, factors)
    return _signed_in(market, tokens, normal_email(email))


@router.post(
    "/refresh", response_model=Pair, summary="Get new tokens", operation_id="refreshTokens"
)
async def refresh(request: Request, market: Here, told: Refreshing) -> Any:
    """New tokens for a refresh token. One that is used twice ends the sign-in: it was stolen.

    Within ten seconds a second use is answered with 409 `token_just_used` and ends nothing: another
    tab or request of the same client has the new tokens.
    """
    await limits.spend("refresh", market.id, address_of(request))
    async with tenant_session(market.id) as session:
        tokens = await bearing.refresh(session, told.refresh_token, settings().origin(market.host))
    if tokens is None:
        raise bearing.refused()
    return _pair(tokens)


@router.post(
    "/logout",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Sign out",
    operation_id="logout",
)
async def logout(market: Here, caller: Signed) -> None:
    """End the sign-in that the access token belongs to, and both its tokens."""
    if caller.member and caller.member.sign_in_id:
        async with tenant_session(market.id) as session:
            await revoke_sign_in(session, caller.member.sign_in_id)


@public.get(
    "/.well-known/jwks.json",
    response_model=PublicKeys,
    summary="The public keys of this market's tokens",
    operation_id="publicKeys",
)
async def jwks(market: Here) -> Response:
    """Public keys, the one that signs now and those whose tokens still live."""
    async with tenant_session(market.id) as session:
        keys = await public_keys(session)
    told = PublicKeys.model_validate({"keys": keys}).model_dump()
    return JSONResponse(told, headers={"cache-control": "public, max-age=300"})


async def _begin(
    session: Any, request: Request, market: MarketCard, person_id: UUID, factors: Sequence[str]
) -> Tokens:
    return await bearing.start(
        session,
        person_id,
        settings().origin(market.host),
        user_agent=request.headers.get("user-agent", ""),
        address=address_of(request),
        factors=factors,
    )


def _plain(text: str) -> str:
    # Postgres has no place for a zero byte, and no honest client sends one.
    return text.replace("\x00", "")


def _pair(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access,
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh,
        "refresh_expires_in": tokens.refresh_expires_in,
    }


def _signed_in(market: MarketCard, tokens: Tokens, email: str) -> dict[str, Any]:
    return _pair(tokens) | {"device": limits.browser_mark(market.id, email)}
