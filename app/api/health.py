"""`/healthz` says that the process lives, `/readyz` that it can serve."""

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.database import identity_session

_HEADERS = {"cache-control": "no-store"}


async def alive(_request: Request) -> PlainTextResponse:
    """Answer 200 while the event loop turns."""
    return PlainTextResponse("ok\n", headers=_HEADERS)


async def ready(_request: Request) -> PlainTextResponse:
    """Answer 200 when the database answers, else 503."""
    try:
        async with identity_session() as session:
            await (await session.connection()).execute(text("select 1"))
    # Whatever keeps the database from answering, the caller only needs to know that it does.
    except Exception as error:
        reason = f"The database does not answer: {type(error).__name__}\n"
        return PlainTextResponse(reason, status_code=503, headers=_HEADERS)
    return PlainTextResponse("ready\n", headers=_HEADERS)


routes = [Route("/healthz", alive), Route("/readyz", ready)]
