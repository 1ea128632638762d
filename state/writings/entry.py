"""The way to one's texts: any member may enter where the market has its agents answer."""

import reflex as rx

from app.accounts.permissions import Permission
from app.errors import AppError
from app.i18n import translate
from app.markets.modules import check_on
from app.rendering import ssr
from state.admin.entry import AdminState, Entry
from state.page import Crumb, PageState, arrive, present_unlisted, refuse
from state.session import current_actor

PLACE = "texts"


async def enter_texts(state: rx.State, *, title: str, home: bool = False) -> Entry | None:
    """Open a page of texts; None means that the handler has nothing left to do.

    `title` is a message id. `home` is the list of texts.
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
        check_on(visit.market, "chat")
    except AppError as error:
        await refuse(state, error)
        return None
    admin = await state.get_state(AdminState)
    if admin.place != PLACE:
        admin.notice, admin.undoable = "", False
    admin.place = PLACE
    page = await state.get_state(PageState)
    way = [] if home else [Crumb(translate(visit.locale, "Your texts"), f"{visit.home}/texts")]
    page.crumbs = [Crumb(page.market_name, visit.home), *way, Crumb(name, "")]
    return entry
