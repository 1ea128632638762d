"""Signing up, in and out with plain forms: no JavaScript needed.

Every form is answered with 303: to `next` when it went well, and back to its page with
`?error=CODE` when it did not. Codes: `email`, `name`, `taken`, `credentials`, `password_short`,
`password_long`, `password_email`, `password_common`, `too_many`.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import actors, limits
from app.accounts.passwords import PasswordRefused
from app.accounts.proving import send_verification
from app.accounts.signing import (
    SESSION_COOKIE,
    EmailRefused,
    EmailTaken,
    NameRefused,
    Suspended,
    WrongCredentials,
    revoke,
    sign_up,
    who_signs_in,
)
from app.api import account, admission, passkeys, proofs, setting_up, ways
from app.api.admission import admit
from app.api.forms import (
    BROWSER_COOKIE,
    Form,
    field_of,
    form_of,
    local_path,
    locale_in,
    see_other,
    signed_out,
)
from app.api.requests import address_of, answering
from app.database import tenant_session
from app.errors import NotFound, TooMany
from app.markets.quotas import QuotaUsedUp
from app.privacy.consents import say


async def sign_up_by_form(request: Request) -> Response:
    """Make an account from `email`, `name`, `password`, and sign in; the platform takes nobody."""
    market, form = await form_of(request)
    if market.is_platform:
        raise NotFound("There is no market at this address.")
    locale = locale_in(form, market)
    email, name = field_of(form, "email"), field_of(form, "name")
    try:
        await limits.spend("sign_up", market.id, address_of(request))
        async with tenant_session(market.id) as session:
            person = await sign_up(session, email, name, field_of(form, "password"), locale)
            agreeing = actors.person(market.id, person, address=address_of(request))
            await say(session, agreeing, "terms", given=True)
            await send_verification(session, market, person.id)
    except (EmailRefused, NameRefused, PasswordRefused, EmailTaken, QuotaUsedUp) as error:
        return _back(locale, "signup", form, error.code)
    except TooMany:
        return _back(locale, "signup", form, "too_many")
    return await admit(request, market, person.id, ("password",), locale, field_of(form, "next"))


async def sign_in_by_form(request: Request) -> Response:
    """Sign in with `email` and `password`."""
    market, form = await form_of(request)
    locale, email = locale_in(form, market), field_of(form, "email")
    mark = request.cookies.get(BROWSER_COOKIE, "")
    try:
        known = limits.known_browser(mark, market.id, email)
        await limits.spend_sign_in(market.id, address_of(request), email, known=known)
        async with tenant_session(market.id) as session:
            person_id = await who_signs_in(session, email, field_of(form, "password"))
        return await admit(
            request, market, person_id, ("password",), locale, field_of(form, "next")
        )
    except (WrongCredentials, Suspended) as error:
        return _back(locale, "signin", form, error.code)
    except TooMany:
        return _back(locale, "signin", form, "too_many")


async def sign_out_by_form(request: Request) -> Response:
    """End this browser's sign-in."""
    market, form = await form_of(request)
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        async with tenant_session(market.id) as session:
            await revoke(session, token)
    return signed_out(local_path(field_of(form, "next")) or f"/{locale_in(form, market)}")


def _back(locale: str, page: str, form: Form, code: str) -> Response:
    return see_other(
        f"/{locale}/{page}",
        error=code,
        email=field_of(form, "email")[:254],
        name=field_of(form, "name")[:80] if page == "signup" else "",
        next=local_path(field_of(form, "next")) or "",
    )


routes = [
    Route("/auth/signup", answering(sign_up_by_form), methods=["POST"]),
    Route("/auth/signin", answering(sign_in_by_form), methods=["POST"]),
    Route("/auth/signout", answering(sign_out_by_form), methods=["POST"]),
    *ways.routes,
    *admission.routes,
    *proofs.routes,
    *account.routes,
    *setting_up.routes,
    *passkeys.routes,
]
