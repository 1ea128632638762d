"""Accepting an invitation with a plain form.

Answered with 303 to the chat, or back to the page with `?error=CODE`: those of `app.api.auth`,
`ticket` for a link that is no longer valid, and `invited_other` for somebody else's.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.invitations import (
    HasOwner,
    OtherPersonInvited,
    accept_anew,
    accept_signed_in,
    invited,
)
from app.accounts.passwords import PasswordRefused
from app.accounts.signing import EmailTaken, NameRefused, Suspended, start_sign_in
from app.accounts.tickets import TicketRefused
from app.api.forms import field_of, first_page, form_of, locale_in, see_other, signed_in
from app.api.requests import address_of, answering, person_of
from app.database import tenant_session
from app.errors import TooMany
from app.markets.quotas import QuotaUsedUp


async def accept(request: Request) -> Response:
    """Take the role of `ticket`, as the person signed in or with a new `name` and `password`."""
    market, form = await form_of(request)
    locale, token = locale_in(form, market), field_of(form, "ticket")[:100]
    member = await person_of(request, market)
    home = first_page(market, locale)
    try:
        await limits.spend("sign_up", market.id, address_of(request))
        if member is not None:
            async with tenant_session(market.id) as session:
                await accept_signed_in(session, member, token)
            return see_other(home)
        async with tenant_session(market.id) as session:
            invitation, _known = await invited(session, token)
            person_id = await accept_anew(
                session, token, field_of(form, "name"), field_of(form, "password"), locale
            )
            opened = await start_sign_in(
                session,
                person_id,
                request.headers.get("user-agent", ""),
                address=address_of(request),
                factors=("password",),
            )
        return signed_in(market, invitation.email, opened, home)
    except (
        TicketRefused,
        OtherPersonInvited,
        NameRefused,
        PasswordRefused,
        EmailTaken,
        Suspended,
        QuotaUsedUp,
        HasOwner,
    ) as error:
        code = error.code
    except TooMany:
        code = "too_many"
    name = field_of(form, "name")[:80]
    return see_other(f"/{locale}/invitation", ticket=token, error=code, name=name)


routes = [Route("/auth/invitation", answering(accept), methods=["POST"])]
