"""What a person does with their data by plain forms and one download.

`GET /auth/data.json` is everything held about the person signed in. `POST /auth/consent` takes
`kind` and `given` (`yes` or anything else); `POST /auth/erase` takes the account's own `email` as
the confirmation. Both are answered with 303.
"""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.actors import SignInNeeded
from app.api.forms import field_of, form_of, locale_in, see_other, signed_out
from app.api.requests import actor_of, address_of, answering, market_of, person_of
from app.database import tenant_session
from app.errors import TooMany
from app.privacy.consents import say
from app.privacy.erasing import OwnerStays, erase
from app.privacy.holdings import held_about


async def data(request: Request) -> Response:
    """Everything held about the person, as a file."""
    market = await market_of(request)
    member = await person_of(request, market)
    if member is None:
        raise SignInNeeded("Sign in to do this.")
    await limits.spend("export", market.id, str(member.id))
    async with tenant_session(market.id) as session:
        told = await held_about(session, member.id)
    body = json.dumps({"market": market.key, "held": told}, ensure_ascii=False, indent=1)
    return Response(
        body,
        media_type="application/json",
        headers={
            "content-disposition": f'attachment; filename="{market.key}-data.json"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


async def consent(request: Request) -> Response:
    """Give a consent, or take it back."""
    market, form = await form_of(request)
    actor = await actor_of(request, market)
    async with tenant_session(market.id) as session:
        await say(session, actor, field_of(form, "kind"), given=field_of(form, "given") == "yes")
    return see_other(f"/{locale_in(form, market)}/account/data")


async def erase_account(request: Request) -> Response:
    """Erase the account of the person signed in, and sign them out."""
    market, form = await form_of(request)
    locale = locale_in(form, market)
    member, actor = await person_of(request, market), await actor_of(request, market)
    if member is None:
        raise SignInNeeded("Sign in to do this.")
    back = f"/{locale}/account/data"
    if field_of(form, "email").strip().lower() != member.email:
        return see_other(back, error="confirm")
    try:
        await limits.spend("sign_in_pair", market.id, address_of(request), "erase")
        async with tenant_session(market.id) as session:
            await erase(session, actor, member.id)
    except OwnerStays as error:
        return see_other(back, error=error.code)
    except TooMany:
        return see_other(back, error="too_many")
    return signed_out(f"/{locale}")


routes = [
    Route("/auth/data.json", answering(data), methods=["GET"]),
    Route("/auth/consent", answering(consent), methods=["POST"]),
    Route("/auth/erase", answering(erase_account), methods=["POST"]),
]
