"""What every native form has in common: how it is read, and where it leads afterwards."""

from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.accounts import limits
from app.accounts.signing import LASTS, SESSION_COOKIE
from app.api.requests import BadBody, body_of, market_of, refuse_foreign
from app.markets.directory import MarketCard
from app.settings import settings

BROWSER_COOKIE = "agora_browser"
BROWSER_LASTS = 400 * 24 * 3600
"""Seconds; the longest that browsers keep a cookie."""

Form = dict[str, str]


async def form_of(request: Request) -> tuple[MarketCard, Form]:
    """The market and the form's fields; raises `NotFound`, `ForeignOrigin` or `BadBody`."""
    market = await market_of(request)
    refuse_foreign(request)
    return market, await fields_of(request)


async def fields_of(request: Request) -> Form:
    """The fields of a form, wherever it was sent from; raises `BadBody`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise BadBody("Send the form as application/x-www-form-urlencoded.")
    try:
        told = parse_qs((await body_of(request)).decode(), max_num_fields=20)
    except ValueError as error:
        raise BadBody("The form cannot be read.") from error
    return {name: values[-1] for name, values in told.items()}


def field_of(form: Form, name: str) -> str:
    """A field's text, empty when it was not sent."""
    # Postgres has no place for a zero byte, and no honest browser sends one.
    return form.get(name, "").replace("\x00", "")


def locale_in(form: Form, market: MarketCard) -> str:
    """The language of the page that sent the form."""
    locale = form.get("locale", "")
    return locale if locale in market.locales else market.default_locale


def local_path(target: str) -> str | None:
    """`target` if it is a path on this host, else None: a sign-in page must lead nowhere else."""
    if not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return None
    if "\\" in target or any(not sign.isprintable() for sign in target):
        # Browsers read a backslash as a slash, and drop tabs and line ends before they read.
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or parts.path.startswith("//") else target


def first_page(market: MarketCard, locale: str) -> str:
    """Where somebody arrives who signed in and wanted to go nowhere else."""
    return f"/{locale}/platform" if market.is_platform else f"/{locale}/chat"


def see_other(path: str, **query: str) -> RedirectResponse:
    """Lead on to `path` (303) with what `query` says; no cache keeps the answer."""
    told = {name: value for name, value in query.items() if value}
    target = f"{path}?{urlencode(told)}" if told else path
    return RedirectResponse(target, status_code=303, headers={"cache-control": "no-store"})


def signed_in(market: MarketCard, email: str, token: str, path: str) -> Response:
    """Lead on to `path` with the cookies of a new sign-in."""
    answer = see_other(path)
    keep(answer, SESSION_COOKIE, token, int(LASTS.total_seconds()))
    keep(answer, BROWSER_COOKIE, limits.browser_mark(market.id, email), BROWSER_LASTS)
    return answer


def signed_out(path: str) -> Response:
    """Lead on to `path` without the session's cookie."""
    answer = see_other(path)
    drop(answer, SESSION_COOKIE)
    # What the former person had open must not come back with the Back button.
    answer.headers["clear-site-data"] = '"cache"'
    return answer


def keep(answer: Response, name: str, value: str, seconds: int, path: str = "/") -> None:
    """Set a cookie that scripts cannot read and other sites' forms do not carry."""
    answer.set_cookie(
        name, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=_secure()
    )


def drop(answer: Response, name: str, path: str = "/") -> None:
    """Have the browser forget a cookie."""
    answer.delete_cookie(name, path=path, httponly=True, samesite="lax", secure=_secure())


def _secure() -> bool:
    return settings().public_scheme == "https"
