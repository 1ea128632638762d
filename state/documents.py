"""What a document's page shows, to those who may see it."""

import dataclasses
from uuid import UUID

import reflex as rx

from app.database import tenant_session
from app.errors import NotFound
from app.i18n import LOCALES, direction, written_date
from app.knowledge.citing import DocumentPage, document_page
from app.rendering import ssr
from state.access import visitors_may
from state.page import Crumb, PageState, arrive, not_found, present_unlisted
from state.session import current_actor


@dataclasses.dataclass(frozen=True)
class PassageLine:
    """A passage; `mark` is its place in the address, `headings` begin before it."""

    mark: str
    headings: list[str]
    page: int
    text: str
    language: str


class DocumentState(rx.State):
    """One document as text, each passage with a mark of its own."""

    title: rx.Field[str] = rx.field("")
    address: rx.Field[str] = rx.field("")
    """Where it was fetched from; empty for a file."""
    file: rx.Field[str] = rx.field("")
    changed: rx.Field[str] = rx.field("")
    access: rx.Field[str] = rx.field("")
    direction: rx.Field[str] = rx.field("ltr")
    passages: rx.Field[list[PassageLine]] = rx.field(default_factory=list)

    @rx.event
    @visitors_may
    async def load(self):
        """Show the document that the path names, as of now."""
        # Kept by nobody: who may see it can change.
        self.passages, self.title = [], ""
        visit = await arrive(self)
        if visit is None:
            return
        actor = await current_actor(self, visit.market)
        try:
            async with tenant_session(visit.market.id) as session:
                shown = await document_page(session, actor, UUID(visit.slug))
        except (NotFound, ValueError):
            await not_found(self)
            return
        self._show(shown, visit.locale)
        await present_unlisted(self, visit, title=shown.title)
        page = await self.get_state(PageState)
        page.crumbs = [Crumb(page.market_name, visit.home), Crumb(shown.title, "")]
        ssr.hydrate("interaction")

    def _show(self, shown: DocumentPage, locale: str) -> None:
        self.title, self.access = shown.title, shown.access
        self.address = shown.address if shown.source == "url" else ""
        self.file = f"/files/documents/{shown.id}"
        self.changed = written_date(shown.changed.date(), locale)
        self.direction = direction(shown.language) if shown.language in LOCALES else "auto"
        self.passages = [
            PassageLine(f"p{one.position}", one.headings, one.page or 0, one.text, one.language)
            for one in shown.passages
        ]
