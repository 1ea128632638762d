"""The way to one's texts: any member may enter where the market has its agents answer."""

import reflex as rx

from app.accounts.permissions import Permission
from app.i18n import N_
from state.admin.entry import Entry
from state.own_work import Place, enter_place

TEXTS = Place("texts", N_("Your texts"), Permission.KEEP_ACCOUNT, module="chat")


async def enter_texts(state: rx.State, *, title: str, home: bool = False) -> Entry | None:
    """Open a page of texts; see `enter_place`."""
    return await enter_place(state, TEXTS, title=title, home=home)
