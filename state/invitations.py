"""What somebody invited sees: by which market, to which role, and how to accept."""

import reflex as rx

from app.accounts.invitations import invited, role_name
from app.accounts.tickets import TicketRefused
from app.database import tenant_session
from app.i18n import translate
from state.access import visitors_may
from state.accounts import reason
from state.page import arrive, present_unlisted
from state.session import current_person


class InvitationState(rx.State):
    """The invitation of the link, as far as its holder may know it."""

    ticket: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    role: rx.Field[str] = rx.field("")
    way: rx.Field[str] = rx.field("")
    """How to accept: `here` (signed in as the one invited), `other` (as somebody else), `sign_in`
    (they have an account), `sign_up`, or `void`."""
    name: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def load(self):
        """Show what the link invites to."""
        visit = await arrive(self)
        if visit is None:
            return
        locale = visit.locale
        await present_unlisted(self, visit, title=translate(locale, "Invitation"))
        self.ticket = visit.query.get("ticket", "")[:100]
        self.name = visit.query.get("name", "")[:80]
        self.problem = _problem(locale, visit.query.get("error", ""))
        self.email = self.role = ""
        member = await current_person(self, visit.market)
        try:
            async with tenant_session(visit.market.id) as session:
                invitation, known = await invited(session, self.ticket)
        except TicketRefused:
            self.way = "void"
            return
        self.email, self.role = invitation.email, role_name(invitation.role, locale)
        if member is not None:
            self.way = "here" if member.email == invitation.email else "other"
        else:
            self.way = "sign_in" if known else "sign_up"


def _problem(locale: str, code: str) -> str:
    if code == "ticket":
        return translate(locale, "This link is no longer valid. Ask for a new one.")
    if code == "invited_other":
        return translate(locale, "This invitation was sent to another address.")
    return reason(locale, code)
