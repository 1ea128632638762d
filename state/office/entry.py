"""The way into the office: any member may enter, for anybody may offer a service."""

import reflex as rx

from app.accounts.permissions import Permission
from app.errors import AppError
from app.i18n import translate
from app.rendering import ssr
from state.admin.entry import AdminState, Entry
from state.page import Crumb, PageState, arrive, present_unlisted, refuse
from state.session import current_actor


async def enter_office(state: rx.State, *, title: str, home: bool = False) -> Entry | None:
    """Open a page of the office; None means that the handler has nothing left to do.

    `title` is a message id. `home` is the office's first page.
    """
    visit = await arrive(state)
    if visit is None:
        return None
    name = translate(visit.locale, title)
    await present_unlisted(state, visit, title=name)
    ssr.hydrate("load")
    entry = Entry(visit.market, await current_actor(state, visit.market), visit.locale)
    try:
        entry.actor.must(Permission.KEEP_ACCOUNT)
    except AppError as error:
        await refuse(state, error)
        return None
    admin = await state.get_state(AdminState)
    if admin.place != "office":
        admin.notice, admin.undoable = "", False
    admin.place = "office"
    page = await state.get_state(PageState)
    office = Crumb(translate(visit.locale, "Your services"), f"{visit.home}/office")
    way = [] if home else [office]
    page.crumbs = [Crumb(page.market_name, visit.home), *way, Crumb(name, "")]
    return entry
