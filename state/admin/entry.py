"""The way into the console: who may enter, and what every page of it shows.

    @rx.event
    async def load(self):
        entry = await enter(self, Permission.SHAPE, place="brand", title=...)
        if entry is None:
            return
        async with tenant_session(entry.market.id) as session:
            ...

    @rx.event
    async def save(self, form: dict[str, Any]):
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await rename(session, entry.actor, ...)
        except AppError as error:
            await say_wrong(self, error)

None of these handlers is marked `visitors_may`, so the guard sends visitors to sign in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import GRANTS, Permission, Role
from app.errors import AppError
from app.i18n import N_, translate
from app.markets.directory import MarketCard
from app.rendering import ssr
from state.locale import LocaleState
from state.page import Crumb, PageState, Visit, arrive, present_unlisted, refuse
from state.session import current_actor, current_market, page_locale

CONSOLE = GRANTS[Role.OWNER] - GRANTS[Role.PROVIDER] - {Permission.TRANSFER}
"""Permissions of which any opens some part of the console, and which none but staff has."""


Part = Literal["admin", "platform"]


@dataclass(frozen=True)
class Entry:
    """Who acts in which market, and in which language they read."""

    market: MarketCard
    actor: Actor
    locale: str


class AdminState(rx.State):
    """What the frame of the console shows: the open section and the last thing said."""

    place: rx.Field[str] = rx.field("")
    """The section that is open: the path after `/admin/`, empty for the overview."""
    closed: rx.Field[bool] = rx.field(False)
    """Whether the market is suspended, so that only those who may export are here."""
    closed_because: rx.Field[str] = rx.field("")
    notice: rx.Field[str] = rx.field("")
    notice_kind: rx.Field[str] = rx.field("done")
    """`done` or `wrong`."""
    notice_number: rx.Field[int] = rx.field(0)
    """Counts the notices, so that the same words said twice are two notices."""
    undoable: rx.Field[bool] = rx.field(False)

    @rx.event
    async def dismiss(self):
        """Take the notice away."""
        self.notice, self.undoable = "", False


async def enter(
    state: rx.State,
    permission: Permission,
    *,
    place: str,
    title: str,
    under: tuple[Crumb, ...] = (),
    part: Part = "admin",
) -> Entry | None:
    """Open a page of the console: fill its frame, or say that the person may not see it.

    `title` is a message id; `place` the section's path after `/admin/`. `under` are crumbs between
    the console and this page, their `href` relative to `/admin/`. `part` is `platform` for the
    pages of who runs the platform. None means that the handler has nothing left to do; the answer
    is 403 or 404 then.
    """
    visit = await arrive(state)
    if visit is None:
        return None
    ssr.hydrate("load")
    name = translate(visit.locale, title)
    await present_unlisted(state, visit, title=name)
    ssr.hydrate("load")
    entry = Entry(visit.market, await current_actor(state, visit.market), visit.locale)
    try:
        entry.actor.must(permission)
    except AppError as error:
        await refuse(state, error)
        return None
    await _frame(state, visit, part, place, name, under)
    return entry


async def _frame(
    state: rx.State, visit: Visit, part: Part, place: str, name: str, under: tuple[Crumb, ...]
) -> None:
    admin = await state.get_state(AdminState)
    if admin.place != place:
        admin.notice, admin.undoable = "", False
    admin.place = place
    market = visit.market
    admin.closed, admin.closed_because = not market.is_open, market.suspended_because
    page = await state.get_state(PageState)
    console = f"{visit.home}/{part}"
    names = {"admin": N_("Console"), "platform": N_("Platform")}
    first = translate(visit.locale, names[part])
    way = [Crumb(first, console)] if place or under else []
    way += [Crumb(step.name, f"{console}/{step.href}") for step in under]
    page.crumbs = [Crumb(page.market_name, visit.home), *way, Crumb(name, "")]


async def acting(state: rx.State) -> Entry:
    """Who acts behind an event of the console, looked up now; raises `NotFound`."""
    market = await current_market(state)
    return Entry(market, await current_actor(state, market), page_locale(state, market))


async def say_done(state: rx.State, message: str, *, undo: bool = False, **params: object) -> None:
    """Show that something was done; `message` is a message id. `undo` offers to take it back."""
    await _say(state, "done", message, params, undo=undo)


async def say_wrong(state: rx.State, error: AppError) -> None:
    """Show what went wrong."""
    await _say(state, "wrong", error.message, error.params, undo=False)


async def translated(state: rx.State, error: AppError) -> str:
    """What went wrong, in the reader's language."""
    language = (await state.get_state(LocaleState)).language
    return translate(language, error.message, **error.params)


async def _say(
    state: rx.State, kind: str, message: str, params: dict[str, object], *, undo: bool
) -> None:
    admin = await state.get_state(AdminState)
    language = (await state.get_state(LocaleState)).language
    admin.notice = translate(language, message, **params)
    admin.notice_kind = kind
    admin.notice_number += 1
    admin.undoable = undo
