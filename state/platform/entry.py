"""Who runs the platform, looked up anew for every deed; the console's `enter` opens the pages."""

from __future__ import annotations

from datetime import datetime

import reflex as rx
from babel.dates import format_datetime

from app.accounts.permissions import Permission
from app.errors import NotFound
from app.i18n import translate
from app.markets.closing import owner_is_configured
from state.admin.entry import Entry, acting, enter
from state.page import Crumb


async def enter_platform(
    state: rx.State, *, place: str, title: str, under: tuple[Crumb, ...] = ()
) -> Entry | None:
    """Open a page of the platform for who runs it; as `state.admin.entry.enter`."""
    frame = await state.get_state(PlatformState)
    frame.bound = not owner_is_configured()
    return await enter(
        state, Permission.PLATFORM, place=place, title=title, under=under, part="platform"
    )


async def running(state: rx.State) -> Entry:
    """Who acts behind an event of the platform's pages; raises as `Actor.must`, or `NotFound`."""
    entry = await acting(state)
    if not entry.market.is_platform:
        raise NotFound("There is no market at this address.")
    entry.actor.must(Permission.PLATFORM)
    return entry


class PlatformState(rx.State):
    """What all pages of the platform show."""

    bound: rx.Field[bool] = rx.field(False)
    """Whether this server lacks the owner of the database, so that it can only look."""


def state_name(state: str, locale: str) -> str:
    """What a market's state is called."""
    return {
        "open": translate(locale, "Open"),
        "suspended": translate(locale, "Suspended"),
        "closing": translate(locale, "To be erased"),
    }.get(state, state)


STATE_KINDS = {"open": "good", "suspended": "warn", "closing": "bad"}


def size_told(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 1_000_000:.1f} MB" if size >= 50_000 else f"{-(-size // 1000)} kB"


def when_told(when: datetime | None, locale: str) -> str:
    """A moment in UTC, the platform's time zone; empty for none."""
    return format_datetime(when, "short", locale=locale.replace("-", "_")) if when else ""
