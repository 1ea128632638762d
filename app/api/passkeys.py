"""What the script of the pages asks for passkeys: challenges, and the answers of devices."""

import json
from datetime import timedelta
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.accounts import limits, notes
from app.accounts.actors import SignInNeeded
from app.accounts.factors.passkeys import (
    PasskeyRefused,
    add_passkey,
    authentication,
    registration,
    who_has_passkey,
)
from app.accounts.sessions import prove_again
from app.api.admission import admit
from app.api.forms import drop, keep
from app.api.problems import locale_of
from app.api.requests import (
    BadBody,
    address_of,
    answering,
    body_of,
    caller_of,
    market_of,
    refuse_foreign,
)
from app.database import tenant_session
from app.markets.directory import MarketCard, bare_host
from app.settings import settings

CHALLENGE_COOKIE = "agora_challenge"
CHALLENGE_LASTS = timedelta(minutes=5)
_PATH = "/auth/passkeys"


async def ask_for_new(request: Request) -> Response:
    """What to make a new passkey with; who has a password gives it again."""
    market, told = await _told(request)
    _actor, member = await caller_of(request, market)
    if member is None:
        raise SignInNeeded("Sign in to do this.")
    await limits.spend("prove_again", market.id, str(member.id))
    locale = locale_of(request, told.get("locale"))
    async with tenant_session(market.id) as session:
        await prove_again(session, member, _text(told, "password"))
        options, challenge = await registration(
            session, member, _host(request), market.named(locale)
        )
    return _challenged(market, options, "new", challenge)


async def add(request: Request) -> Response:
    """Keep a new passkey."""
    market, told = await _told(request)
    actor, member = await caller_of(request, market)
    if member is None:
        raise SignInNeeded("Sign in to do this.")
    note = _note(request, market, "new")
    async with tenant_session(market.id) as session:
        await notes.use_up(session, note)
        await add_passkey(
            session,
            actor,
            note.told["challenge"],
            _host(request),
            settings().origin(_host(request)),
            _credential(told),
            _text(told, "name"),
        )
    answer = Response(status_code=204)
    drop(answer, CHALLENGE_COOKIE, _PATH)
    return answer


async def ask_for_known(request: Request) -> Response:
    """What to sign in with."""
    market, _told_nothing = await _told(request)
    await limits.spend("sign_in_address", market.id, address_of(request))
    options, challenge = authentication(_host(request))
    return _challenged(market, options, "known", challenge)


async def sign_in(request: Request) -> Response:
    """Begin a session for whoever's passkey signed the challenge."""
    market, told = await _told(request)
    await limits.spend("sign_in_address", market.id, address_of(request))
    note = _note(request, market, "known")
    async with tenant_session(market.id) as session:
        await notes.use_up(session, note)
    async with tenant_session(market.id) as session:
        person_id = await who_has_passkey(
            session,
            note.told["challenge"],
            _host(request),
            settings().origin(_host(request)),
            _credential(told),
        )
    locale = locale_of(request, told.get("locale"))
    led = await admit(request, market, person_id, ("passkey",), locale, _text(told, "next"))
    answer = JSONResponse({"next": led.headers["location"]}, headers={"cache-control": "no-store"})
    answer.raw_headers += [pair for pair in led.raw_headers if pair[0] == b"set-cookie"]
    drop(answer, CHALLENGE_COOKIE, _PATH)
    return answer


async def _told(request: Request) -> tuple[MarketCard, dict[str, Any]]:
    market = await market_of(request)
    refuse_foreign(request)
    try:
        told = json.loads(await body_of(request))
    except (ValueError, RecursionError) as error:
        raise BadBody("The body is not JSON.") from error
    if not isinstance(told, dict):
        raise BadBody("The body must be a JSON object.")
    return market, cast("dict[str, Any]", told)


def _challenged(
    market: MarketCard, options: dict[str, Any], purpose: str, challenge: str
) -> Response:
    answer = JSONResponse(options, headers={"cache-control": "no-store"})
    told = {"challenge": challenge, "for": purpose}
    note = notes.write("challenge", market.id, CHALLENGE_LASTS, told)
    keep(answer, CHALLENGE_COOKIE, note, int(CHALLENGE_LASTS.total_seconds()), _PATH)
    return answer


def _note(request: Request, market: MarketCard, purpose: str) -> notes.Note:
    note = notes.read("challenge", market.id, request.cookies.get(CHALLENGE_COOKIE, ""))
    if note.told["for"] != purpose:
        raise PasskeyRefused("The passkey could not be used. Try again.")
    return note


def _host(request: Request) -> str:
    return bare_host(request.headers.get("host", ""))


def _credential(told: dict[str, Any]) -> dict[str, Any]:
    credential = told.get("credential")
    if not isinstance(credential, dict):
        raise PasskeyRefused("The passkey could not be used. Try again.")
    return cast("dict[str, Any]", credential)


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value.replace("\x00", "")[:2000] if isinstance(value, str) else ""


routes = [
    Route("/auth/passkeys/new/challenge", answering(ask_for_new), methods=["POST"]),
    Route("/auth/passkeys/new", answering(add), methods=["POST"]),
    Route("/auth/passkeys/challenge", answering(ask_for_known), methods=["POST"]),
    Route("/auth/passkeys", answering(sign_in), methods=["POST"]),
]
