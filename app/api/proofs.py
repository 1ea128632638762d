"""Confirming an e-mail address and setting a new password, by the links of letters.

Answered with 303 and `?done=CODE` or `?error=CODE`. Codes: `sent`, `verified`, `reset`; `ticket`,
`taken`, `too_many` and those of passwords.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.passwords import PasswordRefused
from app.accounts.proving import ask_reset, prove, reset_password, send_verification
from app.accounts.signing import SESSION_COOKIE, EmailTaken
from app.accounts.tickets import TicketRefused
from app.api.forms import drop, field_of, form_of, locale_in, see_other
from app.api.requests import address_of, answering, person_of
from app.database import tenant_session
from app.errors import NotFound, TooMany


async def forgot(request: Request) -> Response:
    """Have a link sent to `email`; the answer is the same whoever has an account."""
    market, form = await form_of(request)
    locale, email = locale_in(form, market), field_of(form, "email")[:254]
    try:
        await limits.spend("letter", market.id, address_of(request))
        await limits.spend("letter_email", market.id, email.strip().lower())
    except TooMany:
        return see_other(f"/{locale}/forgot", error="too_many")
    async with tenant_session(market.id) as session:
        await ask_reset(session, market, email)
    return see_other(f"/{locale}/forgot", done="sent")


async def reset(request: Request) -> Response:
    """Set `password` by `ticket`; everybody signed in to the account is signed out."""
    market, form = await form_of(request)
    locale, ticket = locale_in(form, market), field_of(form, "ticket")[:100]
    try:
        await limits.spend("letter", market.id, address_of(request))
        async with tenant_session(market.id) as session:
            await reset_password(session, market, ticket, field_of(form, "password"))
    except PasswordRefused as error:
        return see_other(f"/{locale}/reset", ticket=ticket, error=error.code)
    except TooMany:
        return see_other(f"/{locale}/reset", ticket=ticket, error="too_many")
    except (TicketRefused, NotFound):
        return see_other(f"/{locale}/forgot", error="ticket")
    answer = see_other(f"/{locale}/signin", done="reset")
    drop(answer, SESSION_COOKIE)
    return answer


async def send_again(request: Request) -> Response:
    """Send the link that confirms the address of who is signed in once more."""
    market, form = await form_of(request)
    locale = locale_in(form, market)
    member = await person_of(request, market)
    if member is None:
        return see_other(f"/{locale}/signin", next=f"/{locale}/account")
    try:
        await limits.spend("letter_email", market.id, member.email)
    except TooMany:
        return see_other(f"/{locale}/account", error="too_many")
    async with tenant_session(market.id) as session:
        await send_verification(session, market, member.id)
    return see_other(f"/{locale}/account", done="sent")


async def confirm(request: Request) -> Response:
    """Confirm the address that `ticket` was sent to."""
    market, form = await form_of(request)
    locale = locale_in(form, market)
    try:
        async with tenant_session(market.id) as session:
            await prove(session, field_of(form, "ticket")[:100])
    except (TicketRefused, EmailTaken) as error:
        return see_other(f"/{locale}/confirm", error=error.code)
    return see_other(f"/{locale}/confirm", done="verified")


routes = [
    Route("/auth/forgot", answering(forgot), methods=["POST"]),
    Route("/auth/reset", answering(reset), methods=["POST"]),
    Route("/auth/confirm/send", answering(send_again), methods=["POST"]),
    Route("/auth/confirm", answering(confirm), methods=["POST"]),
]
