"""`/healthz` says that the process lives, `/readyz` that it can serve."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import PlainTextResponse

from app.database import identity_session
from app.search.wording import all_fallen

router = APIRouter(tags=["Health"], default_response_class=PlainTextResponse)

_TEXT: dict[str, Any] = {"content": {"text/plain": {"schema": {"type": "string"}}}}


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", operation_id="alive", summary="Does the process live?")
async def alive() -> PlainTextResponse:
    """Answer 200 while the event loop turns."""
    return PlainTextResponse("ok\n")


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    operation_id="ready",
    summary="Can it serve?",
    responses={503: {"description": "The database does not answer.", **_TEXT}},
)
async def ready() -> PlainTextResponse:
    """Answer 200 when the database answers, else 503; a second line says what goes worse."""
    try:
        async with identity_session() as session:
            await (await session.connection()).execute(text("select 1"))
    # Whatever keeps the database from answering, the caller only needs to know that it does.
    except Exception as error:
        reason = f"The database does not answer: {type(error).__name__}\n"
        return PlainTextResponse(reason, status_code=503)
    # Whose model it is, and why it does not answer, is for those who run that market.
    worse = len(all_fallen())
    told = f"search: the packaged encoder stands in for {worse} model(s)\n" if worse else ""
    return PlainTextResponse(f"ready\n{told}")
