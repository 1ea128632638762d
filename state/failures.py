"""What a person is told of an event that failed, where its handler says nothing itself."""

import logging
import traceback
from typing import Any

import reflex as rx
from reflex.event import EventSpec
from reflex_base.event.context import EventContext

from app.errors import AppError
from app.i18n import LOCALES, N_, SOURCE, translate

_OURS = N_("Something went wrong. Please try again.")

_log = logging.getLogger(__name__)


def say_failed(exception: Exception) -> EventSpec:
    """Say in the reader's language what was refused; of a mistake of ours, only that it is one.

    Pages refuse where they show it. This is for events that no page sends: made up, sent twice, or
    sent by somebody whose role was taken meanwhile.
    """
    locale = _locale()
    if isinstance(exception, AppError):
        _log.info("An event was refused: %s", exception)
        return rx.window_alert(translate(locale, exception.message, **exception.params))
    _log.error("An event failed.\n%s", "".join(traceback.format_exception(exception)))
    return rx.window_alert(translate(locale, _OURS))


def _locale() -> str:
    """The language of the page that sent the event."""
    try:
        sent: dict[str, Any] = dict(EventContext.get().router_data or {})
    except LookupError:
        return SOURCE
    path = str(sent.get("asPath") or sent.get("pathname") or "")
    first = path.strip("/").partition("/")[0].partition("?")[0]
    return first if first in LOCALES else SOURCE
