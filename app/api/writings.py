"""`GET /texts/{writing_id}.md`: a text of one's own as a Markdown file."""

from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.api.requests import actor_of, answering, marketplace_of
from app.database import tenant_session
from app.errors import NotFound
from app.settings import settings
from app.writings.exporting import as_markdown
from app.writings.keeping import writing_of


async def download(request: Request) -> Response:
    """The text as a file."""
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    async with tenant_session(market.id) as session:
        found = await writing_of(session, actor, _id(request.path_params["writing_id"]))
    name = quote(f"{' '.join(found.title.split())[:80]}.md", safe="")
    return Response(
        as_markdown(found, settings().origin(market.host)),
        media_type="text/markdown; charset=utf-8",
        headers={
            "content-disposition": f"attachment; filename=\"text.md\"; filename*=UTF-8''{name}",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        },
    )


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such text.") from None


routes = [Route("/texts/{writing_id}.md", answering(download), methods=["GET"])]
