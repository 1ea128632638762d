"""The HTTP API as one FastAPI application, and all routes of the program in one list.

`/api/v1/openapi.json` describes it, `/api/v1/docs` shows that description.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from app.api import (
    addresses,
    analytics,
    appearance,
    approvals,
    attachments,
    auth,
    budgeting,
    chat,
    communication,
    completions,
    console,
    conversations,
    documents,
    finance,
    guest_sheets,
    guests,
    health,
    invitations,
    judgements,
    metrics,
    offline,
    photos,
    planning,
    privacy,
    returning,
    reviewing,
    reviews,
    search,
    sharing,
    social,
    tasks,
    tokens,
    uploads,
    users,
    vendors,
    writings,
)
from app.api.answers import Answered
from app.api.callers import counted
from app.api.describing import documentation
from app.api.problems import (
    MEDIA_TYPE,
    Problem,
    answer_error,
    answer_refused_input,
    answer_status,
)
from app.api.sockets import chat as chat_socket
from app.api.sockets.describing import asyncapi
from app.errors import AppError

ROUTERS = (
    search.router,
    chat.router,
    communication.router,
    conversations.router,
    judgements.router,
    attachments.router,
    approvals.router,
    vendors.router,
    reviews.router,
    completions.router,
    planning.router,
    guests.router,
    tasks.router,
    finance.router,
    analytics.router,
    returning.router,
    social.router,
    tokens.router,
    tokens.public,
    users.router,
    health.router,
    metrics.router,
)
DESCRIPTION = """\
Every market has this API on its own host, and knows nothing of other markets. Errors are
`application/problem+json`, in the language that `Accept-Language` (or `locale=`) asks for.
"""
_PROBLEMS = {
    400: "The request cannot be read.",
    401: "Sign in first: the token or key is missing, over or wrong.",
    403: "Not allowed.",
    404: "There is no such thing in this market.",
    405: "The address does not take this method.",
    409: "It contradicts what is there already.",
    413: "The request is too large.",
    415: "The body is not JSON.",
    422: "The body has another form than the one described.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "A mistake of ours.",
    503: "A part that is needed does not answer at the moment.",
}


class Api(FastAPI):
    """FastAPI, whose description calls problems by their media type."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document, made once from the routes."""
        if self.openapi_schema is None:
            described = super().openapi()
            for path in described["paths"].values():
                for operation in path.values():
                    for answer in operation["responses"].values():
                        _name_problems(answer)
        assert self.openapi_schema is not None
        return self.openapi_schema


def _name_problems(answer: dict[str, Any]) -> None:
    """FastAPI lists models under the media type of success; problems have one of their own."""
    content: dict[str, Any] = answer.get("content", {})
    for kind, told in list(content.items()):
        if told.get("schema") == {"$ref": "#/components/schemas/Problem"}:
            del content[kind]
            content[MEDIA_TYPE] = told


def _make() -> Api:
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": said} for status, said in _PROBLEMS.items()
    }
    made = Api(
        title="Agora",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=problems,
        exception_handlers={
            AppError: answer_error,
            RequestValidationError: answer_refused_input,
            HTTPException: answer_status,
        },
    )
    for router in ROUTERS:
        # A program that relays answers asks more often than a person; it is counted by itself.
        uncounted = router in (health.router, metrics.router, completions.router)
        made.include_router(router, dependencies=[] if uncounted else [Depends(counted)])
    made.add_middleware(Answered)
    return made


api = _make()


@api.get("/api/v1/docs", include_in_schema=False)
async def docs() -> HTMLResponse:
    """The description as a page that loads nothing."""
    allowed = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    page = documentation(api.openapi())
    return HTMLResponse(page, headers={"content-security-policy": allowed})


@api.get("/api/asyncapi.json", include_in_schema=False)
async def sockets_described() -> JSONResponse:
    """What is said over the market's sockets, in AsyncAPI 3."""
    return JSONResponse(asyncapi())


class Under(BaseRoute):
    """Gives an application every address that begins with one of `prefixes`, in any method.

    A `Mount` would take the prefix away from the paths that the API describes; single routes
    would leave wrong methods and unknown addresses to the pages, which know nothing of problems.
    """

    def __init__(self, app: FastAPI, prefixes: tuple[str, ...]) -> None:
        self.app = app
        self.prefixes = prefixes
        self.name = "api"
        self.path = prefixes[0]

    def matches(self, scope: Scope) -> tuple[Match, Mapping[str, Any]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Whether the address is the application's."""
        path: str = scope.get("path", "")
        ours = any(path == one or path.startswith(one.rstrip("/") + "/") for one in self.prefixes)
        return (Match.FULL if ours and scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer."""
        await self.app(scope, receive, send)


routes: list[BaseRoute] = [
    Under(api, ("/api", "/v1", "/.well-known/jwks.json", "/healthz", "/readyz", "/metrics")),
    *addresses.routes,
    *appearance.routes,
    *attachments.routes,
    *auth.routes,
    *budgeting.routes,
    *console.routes,
    *documents.routes,
    *guest_sheets.routes,
    *invitations.routes,
    *offline.routes,
    *photos.routes,
    *privacy.routes,
    *reviewing.routes,
    *sharing.routes,
    *chat_socket.routes,
    *uploads.routes,
    *writings.routes,
]
"""Every HTTP route of the program that is no page."""
