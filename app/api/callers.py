"""Who calls a route of the API, as its endpoints ask for it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from app.accounts import limits
from app.accounts.actors import Actor, Member, SignInNeeded
from app.accounts.signing import SESSION_COOKIE
from app.api.requests import address_of, caller_of, market_of, marketplace_of
from app.markets.directory import MarketCard, market_for_host
from app.markets.quotas import spend_call

Here = Annotated[MarketCard, Depends(market_of)]
"""The market of the request's host, or the platform."""
Marketplace = Annotated[MarketCard, Depends(marketplace_of)]
"""The market of the request's host, which offers something: not the platform."""

# These two describe; `caller_of` is what reads and checks.
_BEARER = HTTPBearer(
    scheme_name="bearer",
    description="An access token of `/api/auth/login`, or an API key.",
    auto_error=False,
)
_COOKIE = APIKeyCookie(
    name=SESSION_COOKIE,
    scheme_name="session",
    description="The cookie of a browser that is signed in.",
    auto_error=False,
)


async def counted(request: HTTPConnection) -> None:
    """Count a request: of its address, of its market, and towards the market's quota of a day."""
    market = await market_for_host(request.headers.get("host", ""))
    if market is not None:
        await limits.spend("api_address", market.id, address_of(request))
        await limits.spend("api_market", market.id)
        await spend_call(market)


@dataclass(frozen=True)
class Caller:
    """Who asks: what they may do, and the person, if it is one."""

    actor: Actor
    member: Member | None

    @property
    def person_id(self) -> UUID | None:
        """The person's id, or None."""
        return self.member.id if self.member else None


async def any_caller(request: HTTPConnection, market: Here) -> Caller:
    """Somebody: a visitor too. Persons and keys are counted."""
    actor, member = await caller_of(request, market)
    if actor.id is not None:
        await limits.spend(f"api_{actor.kind}", market.id, str(actor.id))
    return Caller(actor, member)


AnyCaller = Annotated[Caller, Depends(any_caller)]


async def signed_caller(
    caller: AnyCaller,
    _bearer: Annotated[object, Depends(_BEARER)],
    _cookie: Annotated[object, Depends(_COOKIE)],
) -> Caller:
    """A person or a key; raises `SignInNeeded`."""
    if caller.actor.kind == "visitor":
        raise SignInNeeded("Sign in to do this.")
    return caller


Signed = Annotated[Caller, Depends(signed_caller)]


async def program_caller(
    request: HTTPConnection,
    market: Marketplace,
    _bearer: Annotated[object, Depends(_BEARER)],
    _cookie: Annotated[object, Depends(_COOKIE)],
) -> Actor:
    """Who asks for many others: counted by limits of their own, and towards the market's."""
    await limits.spend("completions_address", market.id, address_of(request))
    await limits.spend("api_market", market.id)
    await spend_call(market)
    actor, _member = await caller_of(request, market)
    if actor.id is not None:
        await limits.spend("completions", market.id, str(actor.id))
    return actor


Program = Annotated[Actor, Depends(program_caller)]
