"""The plain pages shown when a page could not be made."""

from __future__ import annotations

from html import escape

from app.errors import AppError
from app.i18n import LOCALES, SOURCE, direction, translate
from app.rendering.state import PageRequest


def error_page(
    request: PageRequest, status: int, number: str = "", message: AppError | None = None
) -> bytes:
    """A small complete document without scripts in the language that the path begins with.

    `number` is the one under which the log has the failure; `message` says more than the status.
    """
    locale = request.path.strip("/").split("/", 1)[0]
    if locale not in LOCALES:
        locale = SOURCE
    match status:
        case 404:
            title = translate(locale, "This page does not exist.")
            advice = translate(locale, "Check the address or go to the start page.")
        case 503:
            title = translate(locale, "The page cannot be shown at the moment.")
            advice = translate(locale, "Please try again in a few seconds.")
        case _:
            title = translate(locale, "Something went wrong on our side.")
            advice = translate(locale, "Please try again in a minute.")
    if message is not None:
        title, advice = translate(locale, message.message, **message.params), ""
    trace = translate(locale, "Error number: %(number)s", number=number) if number else ""
    home = translate(locale, "Start page")
    return (
        f'<!doctype html><html lang="{locale}" dir="{direction(locale)}"><head>'
        '<meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        "<style>:root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;"
        "max-width:36rem;margin:20vh auto;padding:0 1.5rem}small{opacity:.7}</style></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(advice)} "
        f'<a href="/">{escape(home)}</a></p>'
        f"<small>{escape(trace)}</small></body></html>"
    ).encode()
