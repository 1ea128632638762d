"""Signing up, in and out with plain forms: no JavaScript needed.

Every form is answered with 303: to `next` when it went well, and back to its page with
`?error=CODE` when it did not. Codes: `email`, `name`, `taken`, `credentials`, `password_short`,
`password_long`, `password_email`, `password_common`, `too_many`.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.passwords import PasswordRefused
from app.accounts.signing import (
    LASTS,
    SESSION_COOKIE,
    EmailRefused,
    EmailTaken,
    NameRefused,
    WrongCredentials,
    normal_email,
    revoke,
    sign_in,
    sign_up,
    start_sign_in,
)
from app.api.requests import (
    BadBody,
    address_of,
    answering,
    body_of,
    market_of,
    refuse_foreign,
)
from app.database import tenant_session
from app.errors import TooMany
from app.markets.directory import MarketCard
from app.settings import settings

BROWSER_COOKIE = "agora_browser"
BROWSER_LASTS = 400 * 24 * 3600
"""Seconds; the longest that browsers keep a cookie."""

Form = dict[str, str]


async def sign_up_by_form(request: Request) -> Response:
    """Make an account from `email`, `name`, `password`, and sign in."""
    market, form = await _form(request)
    locale = _locale(form, market)
    try:
        await limits.spend("sign_up", market.id, address_of(request))
        async with tenant_session(market.id) as session:
            person = await sign_up(
                session, _of(form, "email"), _of(form, "name"), _of(form, "password"), locale
            )
            token = await start_sign_in(session, person.id, request.headers.get("user-agent", ""))
    except (EmailRefused, NameRefused, PasswordRefused, EmailTaken) as error:
        return _back(locale, "signup", form, error.code)
    except TooMany:
        return _back(locale, "signup", form, "too_many")
    return _signed_in(market, locale, form, token)


async def sign_in_by_form(request: Request) -> Response:
    """Sign in with `email` and `password`."""
    market, form = await _form(request)
    locale, email = _locale(form, market), _of(form, "email")
    mark = request.cookies.get(BROWSER_COOKIE, "")
    try:
        known = limits.known_browser(mark, market.id, email)
        await limits.spend_sign_in(market.id, address_of(request), email, known=known)
        async with tenant_session(market.id) as session:
            token = await sign_in(
                session, email, _of(form, "password"), request.headers.get("user-agent", "")
            )
    except WrongCredentials as error:
        return _back(locale, "signin", form, error.code)
    except TooMany:
        return _back(locale, "signin", form, "too_many")
    return _signed_in(market, locale, form, token)


async def sign_out_by_form(request: Request) -> Response:
    """End this browser's sign-in."""
    market, form = await _form(request)
    token = request.cookies.get(SESSION_COOKIE, "")
    if token:
        async with tenant_session(market.id) as session:
            await revoke(session, token)
    answer = _see_other(local_path(_of(form, "next")) or f"/{_locale(form, market)}")
    answer.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=_secure())
    # What the former person had open must not come back with the Back button.
    answer.headers["clear-site-data"] = '"cache"'
    return answer


def local_path(target: str) -> str | None:
    """`target` if it is a path on this host, else None: a sign-in page must lead nowhere else."""
    if not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return None
    if "\\" in target or any(not sign.isprintable() for sign in target):
        # Browsers read a backslash as a slash, and drop tabs and line ends before they read.
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or parts.path.startswith("//") else target


async def _form(request: Request) -> tuple[MarketCard, Form]:
    market = await market_of(request)
    refuse_foreign(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise BadBody("Send the form as application/x-www-form-urlencoded.")
    try:
        told = parse_qs((await body_of(request)).decode(), max_num_fields=20)
    except ValueError as error:
        raise BadBody("The form cannot be read.") from error
    return market, {name: values[-1] for name, values in told.items()}


def _of(form: Form, name: str) -> str:
    # Postgres has no place for a zero byte, and no honest browser sends one.
    return form.get(name, "").replace("\x00", "")


def _locale(form: Form, market: MarketCard) -> str:
    locale = form.get("locale", "")
    return locale if locale in market.locales else market.default_locale


def _back(locale: str, page: str, form: Form, code: str) -> Response:
    told = {"error": code, "email": _of(form, "email")[:254]}
    if page == "signup":
        told["name"] = _of(form, "name")[:80]
    back = local_path(_of(form, "next"))
    if back:
        told["next"] = back
    return _see_other(f"/{locale}/{page}?{urlencode(told)}")


def _signed_in(market: MarketCard, locale: str, form: Form, token: str) -> Response:
    answer = _see_other(local_path(_of(form, "next")) or f"/{locale}/chat")
    lasts = int(LASTS.total_seconds())
    _keep(answer, SESSION_COOKIE, token, lasts)
    mark = limits.browser_mark(market.id, normal_email(_of(form, "email")))
    _keep(answer, BROWSER_COOKIE, mark, BROWSER_LASTS)
    return answer


def _keep(answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=_secure()
    )


def _secure() -> bool:
    return settings().public_scheme == "https"


def _see_other(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})


routes = [
    Route("/auth/signup", answering(sign_up_by_form), methods=["POST"]),
    Route("/auth/signin", answering(sign_in_by_form), methods=["POST"]),
    Route("/auth/signout", answering(sign_out_by_form), methods=["POST"]),
]
