"""`GET /events/{event_id}/guests.csv`: who is invited to an event, for a spreadsheet."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.planned import event_id_of
from app.api.requests import actor_of, answering, marketplace_of
from app.database import tenant_session
from app.projects.guest_lists import guests_as_csv
from app.projects.guests import guests_of


async def download(request: Request) -> Response:
    """The guests as a file."""
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    async with tenant_session(market.id) as session:
        found = await guests_of(session, actor, event_id_of(request.path_params["event_id"]))
    return Response(
        guests_as_csv(found),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="guests.csv"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


routes = [Route("/events/{event_id}/guests.csv", answering(download), methods=["GET"])]
