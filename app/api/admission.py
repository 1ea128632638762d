"""What happens once somebody has proved who they are, by whichever way.

Who has a second step on is asked for it first: a sealed note in a cookie says whom, and
`POST /auth/second-step` takes the code. A passkey is two factors in one and asks for no more.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits, notes
from app.accounts.factors.second import CodeRefused, asks_second_step, check_code
from app.accounts.models import Person
from app.accounts.signing import SESSION_COOKIE, Suspended, revoke, start_sign_in
from app.api.forms import (
    drop,
    field_of,
    first_page,
    form_of,
    keep,
    local_path,
    locale_in,
    see_other,
    signed_in,
)
from app.api.requests import address_of, answering
from app.database import tenant_session
from app.errors import TooMany
from app.markets.directory import MarketCard

STEP_COOKIE = "agora_step"
STEP_LASTS = timedelta(minutes=10)


async def admit(
    request: Request,
    market: MarketCard,
    person_id: UUID,
    factors: Sequence[str],
    locale: str,
    after: str = "",
) -> Response:
    """Begin a session and go on to `after`, or to the second step if this person has one on.

    Raises `Suspended`.
    """
    if "passkey" not in factors:
        async with tenant_session(market.id) as session:
            asked = await asks_second_step(session, person_id)
        if asked:
            told = {"person": str(person_id), "factors": list(factors), "next": after[:1000]}
            note = notes.write("step", market.id, STEP_LASTS, told)
            answer = see_other(f"/{locale}/second-step")
            keep(answer, STEP_COOKIE, note, int(STEP_LASTS.total_seconds()), "/auth")
            return answer
    return await _begin(request, market, person_id, factors, locale, after)


async def second_step(request: Request) -> Response:
    """Take the `code` of who proved the first factor already."""
    market, form = await form_of(request)
    locale = locale_in(form, market)
    try:
        note = notes.read("step", market.id, request.cookies.get(STEP_COOKIE, ""))
        person_id = UUID(note.told["person"])
        # By the person, whose code could be guessed from many addresses; the first factor has
        # been given, so that a stranger cannot use the count up.
        await limits.spend("second_step", market.id, str(person_id))
        async with tenant_session(market.id) as session:
            factor = await check_code(session, person_id, field_of(form, "code"))
            await notes.use_up(session, note)
        factors = (*note.told["factors"], factor)
        answer = await _begin(request, market, person_id, factors, locale, note.told["next"])
    except CodeRefused as error:
        return see_other(f"/{locale}/second-step", error=error.code)
    except TooMany:
        return see_other(f"/{locale}/second-step", error="too_many")
    except (notes.NoteRefused, Suspended) as error:
        answer = see_other(f"/{locale}/signin", error=error.code)
    drop(answer, STEP_COOKIE, "/auth")
    return answer


async def _begin(
    request: Request,
    market: MarketCard,
    person_id: UUID,
    factors: Sequence[str],
    locale: str,
    after: str,
) -> Response:
    async with tenant_session(market.id) as session:
        person = await session.get(Person, person_id)
        if person is None:
            raise Suspended("This account is suspended. Write to the market's staff.")
        # A browser has one session: the former one ends, whoever's it was.
        former = request.cookies.get(SESSION_COOKIE, "")
        if former:
            await revoke(session, former)
        token = await start_sign_in(
            session,
            person_id,
            request.headers.get("user-agent", ""),
            address=address_of(request),
            factors=factors,
        )
    return signed_in(market, person.email, token, local_path(after) or first_page(market, locale))


routes = [Route("/auth/second-step", answering(second_step), methods=["POST"])]
