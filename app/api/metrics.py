"""`/metrics` tells a Prometheus what this process does; closed until a token is set."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Header
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.responses import Response

from app.api.sockets import keeping
from app.conversations import replies
from app.errors import NotFound
from app.settings import settings

router = APIRouter(tags=["Health"])

Gauge("agora_replies_running", "Answers being written at this moment.").set_function(
    replies.how_many
)
Gauge("agora_chat_sockets", "Open chat sockets of programs and widgets.").set_function(
    keeping.how_many
)


# It is the operator's and no market's, so the API of a market does not describe it.
@router.get("/metrics", include_in_schema=False)
async def metrics(authorization: Annotated[str, Header()] = "") -> Response:
    """The figures in Prometheus's text format, for who shows `AGORA_METRICS_TOKEN`."""
    token = settings().metrics_token
    scheme, _, shown = authorization.partition(" ")
    known = secrets.compare_digest(shown.encode(), token.encode())
    if not token or scheme.lower() != "bearer" or not known:
        raise NotFound("This page does not exist.")
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
