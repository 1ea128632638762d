"""A budget by plain forms, for browsers without JavaScript, and as a file.

`POST /events/budget` takes `event`, `version` and `deed` (`make`, `save` or `remove`) with the
fields of a line, `POST /events/income` takes `event` and `deed` (`add` or `remove`) with those of
an entry; both are answered with 303 to the budget's page. `GET /events/{event_id}/budget.csv` is
the budget for a spreadsheet.
"""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.actors import Actor
from app.analytics.income import add_told_income, remove_income
from app.api.forms import Form, field_of, form_of, locale_in, see_other
from app.api.problems import locale_of
from app.api.requests import actor_of, answering, marketplace_of
from app.budgets.changing import begin, line_with, put_line, remove_line
from app.budgets.exporting import as_csv
from app.budgets.keeping import budget_of
from app.database import TenantSession, tenant_session
from app.errors import Conflict, NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted


async def change(request: Request) -> Response:
    """Make the budget, or save or remove a line of it."""
    market, form = await form_of(request)
    actor = await actor_of(request, market)
    locale, project_id = locale_in(form, market), _id(field_of(form, "event"))
    page = f"/{locale}/events/{project_id}/budget"
    try:
        async with tenant_session(market.id) as session:
            said = await _do(session, actor, market, project_id, form, locale)
    except Conflict:
        return see_other(page, error="changed")
    except NotAccepted:
        return see_other(page, error="refused")
    return see_other(page, said=said)


async def change_income(request: Request) -> Response:
    """Write down what came in, or take an entry away."""
    market, form = await form_of(request)
    actor = await actor_of(request, market)
    locale, project_id = locale_in(form, market), _id(field_of(form, "event"))
    page, said = f"/{locale}/events/{project_id}/budget", "added"
    try:
        async with tenant_session(market.id) as session:
            if field_of(form, "deed") == "remove":
                await remove_income(session, actor, project_id, _id(field_of(form, "id")))
                said = "removed"
            else:
                told = {name: field_of(form, name) for name in form}
                await add_told_income(session, actor, market, project_id, told, locale)
    except NotAccepted:
        return see_other(page, error="refused")
    return see_other(page, said=said)


async def download(request: Request) -> Response:
    """The budget as a file."""
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    async with tenant_session(market.id) as session:
        kept = await budget_of(session, actor, _id(request.path_params["event_id"]))
    return Response(
        as_csv(kept.lines, kept.currency, locale_of(request)),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="budget.csv"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


async def _do(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    project_id: UUID,
    form: Form,
    locale: str,
) -> str:
    """Do what the form asks for; returns the word for what was done."""
    deed = field_of(form, "deed")
    if deed == "make":
        await begin(session, actor, market, project_id, field_of(form, "total"), locale)
        return "made"
    stands = await budget_of(session, actor, project_id)
    told = field_of(form, "version")
    seen = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    if deed == "remove":
        await remove_line(session, actor, project_id, seen, _id(field_of(form, "id")))
        return "removed"
    line = line_with(stands, {name: field_of(form, name) for name in form}, locale)
    await put_line(session, actor, project_id, seen, line)
    return "added" if line.id is None else "saved"


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such thing.") from None


routes = [
    Route("/events/budget", answering(change), methods=["POST"]),
    Route("/events/income", answering(change_income), methods=["POST"]),
    Route("/events/{event_id}/budget.csv", answering(download), methods=["GET"]),
]
