"""Setting the second step up: the secret and the recovery codes, which no page's state may hold.

These answers are small documents of their own, made for one person and kept nowhere.
"""

from html import escape

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.actors import Actor, Member
from app.accounts.factors.second import AlreadyOn, CodeRefused, begin, confirm, renew_codes
from app.accounts.sessions import Stale, prove_again
from app.accounts.signing import WrongCredentials
from app.api.forms import field_of, form_of, locale_in, see_other
from app.api.requests import answering, caller_of
from app.database import tenant_session
from app.errors import TooMany
from app.i18n import direction, translate
from app.markets.directory import MarketCard

_STYLE = """
:root{color-scheme:light dark}body{margin:0;font:1.0625rem/1.6 system-ui,sans-serif;background:
Canvas;color:CanvasText}main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}h1{line-height:1.2}
svg{background:#fff;border-radius:.75rem;max-width:100%;height:auto}code{font-size:1.0625rem;
overflow-wrap:anywhere}ol{columns:2;padding-inline-start:2rem}input{font:inherit;padding:.6rem
.9rem;min-height:3rem;box-sizing:border-box;width:100%;max-width:16rem;border:1px solid GrayText;
border-radius:.75rem}button,.go{display:inline-block;font:inherit;margin-top:1rem;padding:.6rem
1.5rem;min-height:2.75rem;border:0;border-radius:999px;background:#1f3a5f;color:#fff;
text-decoration:none;cursor:pointer;box-sizing:border-box}[role=alert]{color:#c0392b}
"""


async def set_up(request: Request) -> Response:
    """Show the secret as a code to scan, or try the `code` of the app that scanned it."""
    market, form = await form_of(request)
    locale = locale_in(form, market)
    actor, member = await caller_of(request, market)
    page = f"/{locale}/account"
    if member is None:
        return see_other(f"/{locale}/signin", next=page)
    try:
        await limits.spend("second_step", market.id, str(member.id))
        if "code" in form:
            return await _confirmed(market, locale, actor, member, field_of(form, "code"))
        async with tenant_session(market.id) as session:
            await prove_again(session, member, field_of(form, "password"))
        return await _shown(market, locale, actor, member)
    except TooMany:
        return see_other(page, error="too_many")
    except (AlreadyOn, Stale, WrongCredentials) as error:
        return see_other(page, error=error.code)


async def renew(request: Request) -> Response:
    """Show new recovery codes."""
    market, form = await form_of(request)
    locale = locale_in(form, market)
    actor, member = await caller_of(request, market)
    page = f"/{locale}/account"
    if member is None:
        return see_other(f"/{locale}/signin", next=page)
    try:
        await limits.spend("prove_again", market.id, str(member.id))
        async with tenant_session(market.id) as session:
            await prove_again(session, member, field_of(form, "password"))
            codes = await renew_codes(session, actor)
    except TooMany:
        return see_other(page, error="too_many")
    except (CodeRefused, Stale, WrongCredentials) as error:
        return see_other(page, error=error.code)
    return _codes(locale, codes)


async def _confirmed(
    market: MarketCard, locale: str, actor: Actor, member: Member, code: str
) -> Response:
    try:
        async with tenant_session(market.id) as session:
            codes = await confirm(session, actor, member, code)
    except CodeRefused as error:
        return await _shown(market, locale, actor, member, translate(locale, error.message))
    return _codes(locale, codes)


async def _shown(
    market: MarketCard, locale: str, actor: Actor, member: Member, problem: str = ""
) -> Response:
    async with tenant_session(market.id) as session:
        address = await begin(session, actor, market.named(locale), member.email)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=3)
    secret = address.partition("secret=")[2].partition("&")[0]
    told = translate(locale, "Scan this with your authenticator app, then type the code it shows.")
    by_hand = translate(locale, "Or type this key into the app:")
    alert = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    body = (
        f"<p>{escape(told)}</p>{drawn}<p>{escape(by_hand)}<br><code dir=ltr id=key>"
        f"{escape(secret)}</code></p>{alert}"
        f'<form method="post" action="/auth/second-step/set-up"><input type="hidden" name="locale" '
        f'value="{locale}"><p><label for="code">{escape(translate(locale, "Code"))}</label><br>'
        '<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required '
        f'maxlength="10" dir="ltr"></p><button>{escape(translate(locale, "Switch on"))}</button>'
        "</form>"
    )
    return _document(locale, translate(locale, "Second step"), body)


def _codes(locale: str, codes: list[str]) -> Response:
    told = translate(
        locale,
        "Keep these codes where you find them without your device. Each works once in place of a "
        "code of the app. They are not shown again.",
    )
    listed = "".join(f"<li><code dir=ltr>{escape(code)}</code></li>" for code in codes)
    go_on = translate(locale, "I have kept them")
    body = (
        f'<p>{escape(told)}</p><ol id="codes">{listed}</ol>'
        f'<a class="go" href="/{locale}/account?done=second_on">{escape(go_on)}</a>'
    )
    return _document(locale, translate(locale, "Recovery codes"), body)


def _document(locale: str, title: str, body: str) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="{locale}" dir="{direction(locale)}"><head><meta '
        'charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{body}</main></body></html>",
        headers={
            "cache-control": "no-store",
            "referrer-policy": "same-origin",
            "content-security-policy": (
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                "base-uri 'none'; frame-ancestors 'none'"
            ),
        },
    )


routes = [
    Route("/auth/second-step/set-up", answering(set_up), methods=["POST"]),
    Route("/auth/recovery-codes", answering(renew), methods=["POST"]),
]
