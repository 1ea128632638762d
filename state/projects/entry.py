"""The way to one's events: any member may enter."""

import reflex as rx

from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_
from app.projects.keeping import project_of, title_of
from app.projects.models import Project
from state.admin.entry import AdminState, Entry
from state.own_work import Place, enter_place
from state.page import Crumb, PageState, refuse
from state.payloads import uuid_of

EVENTS = Place("events", N_("Your events"), Permission.KEEP_PROJECTS)


async def enter_events(state: rx.State, *, title: str, home: bool = False) -> Entry | None:
    """Open a page of events; see `enter_place`."""
    return await enter_place(state, EVENTS, title=title, home=home)


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
