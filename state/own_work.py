"""The way to pages of what members keep for themselves: their events and their texts."""

from dataclasses import dataclass

import reflex as rx

from app.accounts.permissions import Permission
from app.errors import AppError
from app.i18n import translate
from app.markets.modules import check_on
from app.rendering import ssr
from state.admin.entry import AdminState, Entry
from state.page import Crumb, PageState, arrive, present_unlisted, refuse
from state.session import current_actor


@dataclass(frozen=True)
class Place:
    """Where a kind of work is kept: the first part of its paths, and what the list is called."""

    path: str
    name: str
    """A message id."""
    permission: Permission
    module: str = ""
    """What the market must not do without; empty for nothing."""


async def enter_place(
    state: rx.State, place: Place, *, title: str, home: bool = False
) -> Entry | None:
    """Open a page of a place; None means that the handler has nothing left to do.

    `title` is a message id. `home` is the list itself.
    """
    visit = await arrive(state)
    if visit is None:
        return None
    name = translate(visit.locale, title)
    await present_unlisted(state, visit, title=name)
    ssr.hydrate("load")
    entry = Entry(visit.market, await current_actor(state, visit.market), visit.locale)
    try:
        entry.actor.must(place.permission)
        if place.module:
            check_on(visit.market, place.module)
    except AppError as error:
        await refuse(state, error)
        return None
    admin = await state.get_state(AdminState)
    if admin.place != place.path:
        admin.notice, admin.undoable = "", False
    admin.place = place.path
    page = await state.get_state(PageState)
    above = Crumb(translate(visit.locale, place.name), f"{visit.home}/{place.path}")
    page.crumbs = [Crumb(page.market_name, visit.home), *([] if home else [above]), Crumb(name, "")]
    return entry
