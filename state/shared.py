"""What anybody sees of a conversation that its owner shared by a link."""

import reflex as rx

from app.conversations import sharing
from app.database import tenant_session
from app.errors import NotFound
from app.i18n import translate, written_date
from app.rendering import ssr
from state.access import visitors_may
from state.messages import Message, shown
from state.page import arrive, not_found, present_unlisted
from state.session import path_parts


class SharedState(rx.State):
    """The conversation that the link in the address opens."""

    messages: rx.Field[list[Message]] = rx.field(default_factory=list)
    title: rx.Field[str] = rx.field("")
    day: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def load(self):
        """Show what was said until it was shared; nothing of who said it."""
        visit = await arrive(self)
        if visit is None:
            return
        self.messages, self.title, self.day = [], "", ""
        try:
            async with tenant_session(visit.market.id) as session:
                found = await sharing.shared(session, (path_parts(self)[2:3] or [""])[0])
        except NotFound:
            await not_found(self)
            return
        self.title = found.title
        self.messages = [shown(one, visit.locale) for one in found.said]
        self.day = written_date(found.at.date(), visit.locale)
        await present_unlisted(
            self, visit, title=found.title or translate(visit.locale, "Conversation")
        )
        ssr.hydrate("none")
