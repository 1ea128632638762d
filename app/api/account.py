"""The forms of a person's own account, each answered with 303 to it: `?done=` or `?error=`.

What could take an account over asks for the password again, or, where there is none, for a sign-in
of the last minutes.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.actors import Actor, Member
from app.accounts.factors.passkeys import remove_passkey, rename_passkey
from app.accounts.factors.second import switch_off
from app.accounts.proving import ask_email
from app.accounts.sessions import (
    change_password,
    change_profile,
    end_other_sign_ins,
    end_sign_in,
    prove_again,
)
from app.accounts.ways.entering import unlink
from app.api.forms import Form, field_of, form_of, locale_in, see_other
from app.api.requests import answering, caller_of
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound, TooMany
from app.markets.directory import MarketCard

Deed = Callable[[TenantSession, MarketCard, Actor, Member, Form], Awaitable[str]]
"""Does something for who is signed in, and returns the code of what was done."""


def own(deed: Deed) -> Callable[[Request], Awaitable[Response]]:
    """A route that does `deed` and leads back to the account page."""

    async def done(request: Request) -> Response:
        market, form = await form_of(request)
        locale = locale_in(form, market)
        page = f"/{locale}/account"
        actor, member = await caller_of(request, market)
        if member is None:
            return see_other(f"/{locale}/signin", next=page)
        try:
            if "password" in form:
                await limits.spend("prove_again", market.id, str(member.id))
            async with tenant_session(market.id) as session:
                code = await deed(session, market, actor, member, form)
        except TooMany:
            return see_other(page, error="too_many")
        except AppError as error:
            return see_other(page, error=getattr(error, "code", "failed"))
        return see_other(page, done=code)

    return answering(done)


async def _profile(
    session: TenantSession, _market: MarketCard, actor: Actor, _member: Member, form: Form
) -> str:
    await change_profile(session, actor, field_of(form, "name"), field_of(form, "language"))
    return "profile"


async def _password(
    session: TenantSession, market: MarketCard, actor: Actor, member: Member, form: Form
) -> str:
    present, new = field_of(form, "password"), field_of(form, "new")
    await change_password(session, actor, market, member, present, new)
    return "password"


async def _email(
    session: TenantSession, market: MarketCard, actor: Actor, member: Member, form: Form
) -> str:
    await prove_again(session, member, field_of(form, "password"))
    await limits.spend("letter_email", market.id, member.email)
    await ask_email(session, actor, market, field_of(form, "email"))
    return "sent"


async def _end(
    session: TenantSession, _market: MarketCard, actor: Actor, _member: Member, form: Form
) -> str:
    await end_sign_in(session, actor, _id(form))
    return "ended"


async def _end_others(
    session: TenantSession, _market: MarketCard, actor: Actor, member: Member, _form: Form
) -> str:
    await end_other_sign_ins(session, actor, member.sign_in_id)
    return "ended"


async def _unlink(
    session: TenantSession, _market: MarketCard, actor: Actor, member: Member, form: Form
) -> str:
    await prove_again(session, member, field_of(form, "password"))
    await unlink(session, actor, _id(form))
    return "unlinked"


async def _rename_passkey(
    session: TenantSession, _market: MarketCard, actor: Actor, _member: Member, form: Form
) -> str:
    await rename_passkey(session, actor, _id(form), field_of(form, "name"))
    return "renamed"


async def _remove_passkey(
    session: TenantSession, _market: MarketCard, actor: Actor, member: Member, form: Form
) -> str:
    await prove_again(session, member, field_of(form, "password"))
    await remove_passkey(session, actor, _id(form))
    return "removed"


async def _switch_off(
    session: TenantSession, _market: MarketCard, actor: Actor, member: Member, form: Form
) -> str:
    await prove_again(session, member, field_of(form, "password"))
    await switch_off(session, actor)
    return "second_off"


def _id(form: Form) -> UUID:
    try:
        return UUID(field_of(form, "id"))
    except ValueError as error:
        raise NotFound("This page does not exist.") from error


DEEDS: dict[str, Deed] = {
    "profile": _profile,
    "password": _password,
    "email": _email,
    "end": _end,
    "end-others": _end_others,
    "unlink": _unlink,
    "passkey-name": _rename_passkey,
    "passkey-remove": _remove_passkey,
    "second-off": _switch_off,
}

routes = [
    Route(f"/auth/account/{name}", own(deed), methods=["POST"]) for name, deed in DEEDS.items()
]
