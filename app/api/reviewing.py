"""The forms of reviews, which need no JavaScript: written, withdrawn and reported.

Each is answered with 303 to the page that it came from, with `?done=`, `?error=` or `?reported=`.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.actors import Actor
from app.api.forms import Form, field_of, form_of, locale_in, see_other
from app.api.requests import address_of, answering, caller_of
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound, TooMany
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.reviews.reporting import report_review
from app.reviews.writing import review_fields, withdraw_review, write_review

Deed = Callable[[TenantSession, MarketCard, Actor, str, Form], Awaitable[str]]
"""Does something to one's review of the listing with a slug, and returns the code of it."""

LONGEST_SLUG = 300


def own(deed: Deed) -> Callable[[Request], Awaitable[Response]]:
    """A route that does `deed` and leads back to one's review of the listing."""

    async def done(request: Request) -> Response:
        market, form = await form_of(request)
        locale, slug = locale_in(form, market), _slug(form)
        page = f"/{locale}/reviews/{quote(slug, safe='')}"
        actor, member = await caller_of(request, market)
        if member is None:
            return see_other(f"/{locale}/signin", next=page)
        try:
            await limits.spend("review", market.id, str(member.id))
            async with tenant_session(market.id) as session:
                code = await deed(session, market, actor, slug, form)
        except TooMany:
            return see_other(page, error="too_many")
        except NotAccepted as error:
            return see_other(page, error=error.field)
        except AppError:
            # The page itself says why.
            return see_other(page, error="failed")
        return see_other(page, done=code)

    return answering(done)


async def report(request: Request) -> Response:
    """Report a review, as anybody may."""
    market, form = await form_of(request)
    page = f"/{locale_in(form, market)}/s/{quote(_slug(form), safe='')}/reviews"
    actor, _member = await caller_of(request, market)
    try:
        await limits.spend("review_report", market.id, address_of(request))
        async with tenant_session(market.id) as session:
            reason, note = field_of(form, "reason"), field_of(form, "note")
            await report_review(session, actor, _id(form), reason, note)
    except TooMany:
        return see_other(page, reported="too_many")
    except NotAccepted as error:
        return see_other(page, reported=error.field)
    except NotFound:
        return see_other(page, reported="gone")
    return see_other(page, reported="done")


async def _write(
    session: TenantSession, market: MarketCard, actor: Actor, slug: str, form: Form
) -> str:
    told = (field_of(form, name) for name in ("stars", "text", "name", "written"))
    await write_review(session, actor, slug, review_fields(market, *told))
    return "written"


async def _withdraw(
    session: TenantSession, _market: MarketCard, actor: Actor, slug: str, _form: Form
) -> str:
    await withdraw_review(session, actor, slug)
    return "withdrawn"


def _slug(form: Form) -> str:
    slug = field_of(form, "listing")
    if not slug or len(slug) > LONGEST_SLUG:
        raise NotFound("There is no such service: %(id)s", id=slug[:LONGEST_SLUG])
    return slug


def _id(form: Form) -> UUID:
    try:
        return UUID(field_of(form, "review"))
    except ValueError as error:
        raise NotFound("There is no such review.") from error


routes = [
    Route("/reviews/write", own(_write), methods=["POST"]),
    Route("/reviews/withdraw", own(_withdraw), methods=["POST"]),
    Route("/reviews/report", answering(report), methods=["POST"]),
]
