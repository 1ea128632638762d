"""The way to one's events: any member may enter."""

import reflex as rx

from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError
from app.i18n import translate
from app.projects.keeping import project_of, title_of
from app.projects.models import Project
from app.rendering import ssr
from state.admin.entry import AdminState, Entry
from state.page import Crumb, PageState, arrive, present_unlisted, refuse
from state.payloads import uuid_of
from state.session import current_actor

PLACE = "events"


async def enter_events(state: rx.State, *, title: str, home: bool = False) -> Entry | None:
    """Open a page of events; None means that the handler has nothing left to do.

    `title` is a message id. `home` is the list of events.
    """
    visit = await arrive(state)
    if visit is None:
        return None
    name = translate(visit.locale, title)
    await present_unlisted(state, visit, title=name)
    ssr.hydrate("load")
    entry = Entry(visit.market, await current_actor(state, visit.market), visit.locale)
    try:
        entry.actor.must(Permission.KEEP_PROJECTS)
    except AppError as error:
        await refuse(state, error)
        return None
    admin = await state.get_state(AdminState)
    if admin.place != PLACE:
        admin.notice, admin.undoable = "", False
    admin.place = PLACE
    page = await state.get_state(PageState)
    way = [] if home else [Crumb(translate(visit.locale, "Your events"), f"{visit.home}/events")]
    page.crumbs = [Crumb(page.market_name, visit.home), *way, Crumb(name, "")]
    return entry


async def name_page(state: rx.State, title: str) -> None:
    """Call the page by what the event is called."""
    page = await state.get_state(PageState)
    page.head_title = f"{title} · {page.market_name}"
    if page.crumbs:
        page.crumbs = [*page.crumbs[:-1], Crumb(title, "")]


async def enter_part(state: rx.State, place: str, title: str) -> tuple[Entry, Project] | None:
    """Open a page of one event, `/events/{id}/{place}`; None as from `enter_events`.

    `title` is a message id.
    """
    parts = state.router.url.path.rstrip("/").split("/")
    entry = await enter_events(state, title=title)
    if entry is None:
        return None
    try:
        async with tenant_session(entry.market.id) as session:
            project = await project_of(session, entry.actor, uuid_of(parts[-2]))
    except AppError as error:
        await refuse(state, error)
        return None
    admin = await state.get_state(AdminState)
    if admin.place != place:
        admin.notice, admin.undoable, admin.place = "", False, place
    page = await state.get_state(PageState)
    name = title_of(project, entry.locale)
    here = page.crumbs[-1]
    page.crumbs = [*page.crumbs[:-1], Crumb(name, f"{page.home}/events/{project.id}"), here]
    page.head_title = f"{here.name} · {name} · {page.market_name}"
    return entry, project
