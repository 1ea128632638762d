"""Errors as `application/problem+json` (RFC 9457), in the caller's language."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from app.accounts.tokens.bearing import TokenRefused
from app.errors import AppError, TooMany
from app.i18n import LOCALES, SOURCE, negotiate, translate

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="`about:blank`: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="A sentence for a person, in the language asked for.")
    code: str | None = Field(
        default=None, description="A word for programs, where several things share a status."
    )


def problem(error: AppError, locale: str) -> Response:
    """The error as an answer."""
    headers = {"content-language": locale, "cache-control": "no-store"}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        known = isinstance(error, TokenRefused)
        headers["www-authenticate"] = 'Bearer error="invalid_token"' if known else "Bearer"
    told = {
        "type": "about:blank",
        "title": error.status.phrase,
        "status": int(error.status),
        "detail": translate(locale, error.message, **error.params),
    }
    if code := getattr(error, "code", None):
        told["code"] = code
    return JSONResponse(told, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def locale_of(request: HTTPConnection, told: object = None) -> str:
    """The language to answer in: the one told, else the query's, else the browser's."""
    for locale in (told, request.query_params.get("locale")):
        if isinstance(locale, str) and locale in LOCALES:
            return locale
    return negotiate(request.headers.get("accept-language", ""), LOCALES, SOURCE)


def failed() -> AppError:
    """What a caller is told of a mistake of ours; the log says more."""
    return AppError(
        "Something went wrong. Please try again.", status=HTTPStatus.INTERNAL_SERVER_ERROR
    )


async def answer_error(request: Request, error: Exception) -> Response:
    """An `AppError` as a problem."""
    assert isinstance(error, AppError)
    return problem(error, locale_of(request))


async def answer_refused_input(request: Request, error: Exception) -> Response:
    """What does not fit a route's description: 400 in the address, 422 in the body."""
    assert isinstance(error, RequestValidationError)
    return problem(_refusal(request, error), locale_of(request))


async def answer_status(request: Request, error: Exception) -> Response:
    """No such path, no such method, and a body that nobody can read."""
    assert isinstance(error, HTTPException)
    match error.status_code:
        case 404:
            refused = AppError("There is nothing at this address.", status=HTTPStatus.NOT_FOUND)
        case 405:
            refused = AppError(
                "This address does not take the method %(method)s.",
                status=HTTPStatus.METHOD_NOT_ALLOWED,
                method=request.method[:20],
            )
        case 413:
            refused = AppError(
                "The request is too large.", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            )
        case 400:
            refused = AppError("The body is not JSON.")
        case code:
            refused = AppError("Something went wrong. Please try again.", status=HTTPStatus(code))
    answer = problem(refused, locale_of(request))
    answer.headers.update(error.headers or {})
    return answer


def _refusal(request: Request, error: RequestValidationError) -> AppError:
    """The first thing that is wrong, as a sentence."""
    first = error.errors()[0]
    place, *path = first["loc"]
    name = str(path[-1])[:40] if path else ""
    if place == "body":
        return _refused_body(request, first["type"], name)
    if first["type"] == "missing":
        return AppError("The parameter %(name)s is missing.", name=name)
    return AppError("The parameter %(name)s cannot be read.", name=name)


def _refused_body(request: Request, kind: str, name: str) -> AppError:
    told = request.headers.get("content-type", "").partition(";")[0].strip()
    if told != "application/json" and not told.endswith("+json"):
        # Forms of other sites can send any body, but not with this type.
        return AppError(
            "Send JSON, with the content type application/json.",
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    if kind == "json_invalid":
        return AppError("The body is not JSON.")
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY
    if not name:
        return AppError("The body must be a JSON object.", status=wrong)
    if kind == "extra_forbidden":
        return AppError("Unknown field: %(name)s", name=name, status=wrong)
    if kind == "string_type":
        return AppError("%(name)s must be a text.", name=name, status=wrong)
    return AppError("The field %(name)s is missing or cannot be read.", name=name, status=wrong)
