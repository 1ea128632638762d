"""What the sign-in and sign-up pages show; the forms themselves are sent to `/auth/...`."""

from collections.abc import Callable

import reflex as rx

from app.accounts.ways.configuring import WayButton, offered_ways
from app.database import tenant_session
from app.i18n import translate
from state.access import visitors_may
from state.locale import LocaleState
from state.page import arrive, present_unlisted


class SignInState(rx.State):
    """The fields to keep after a refused attempt, and why it was refused."""

    reason: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    next_path: rx.Field[str] = rx.field("")
    done: rx.Field[str] = rx.field("")
    ticket: rx.Field[str] = rx.field("")
    """The secret of a letter's link, which the page's form sends on; it is good once."""
    ways: rx.Field[list[WayButton]] = rx.field(default_factory=list)
    """The providers by which the market lets people sign in."""

    @rx.event
    @visitors_may
    async def load_sign_in(self):
        """Show the sign-in form."""
        await self._show(lambda locale: translate(locale, "Sign in"))

    @rx.event
    @visitors_may
    async def load_sign_up(self):
        """Show the sign-up form."""
        await self._show(lambda locale: translate(locale, "Sign up"))

    @rx.event
    @visitors_may
    async def load_second_step(self):
        """Ask for the code of the second step."""
        await self._show(lambda locale: translate(locale, "Second step"))

    @rx.event
    @visitors_may
    async def load_forgot(self):
        """Ask for the address to send a link to."""
        await self._show(lambda locale: translate(locale, "A new password"))

    @rx.event
    @visitors_may
    async def load_reset(self):
        """Ask for the new password, with the ticket of the link."""
        await self._show(lambda locale: translate(locale, "A new password"))

    @rx.event
    @visitors_may
    async def load_confirm(self):
        """Ask for the click that confirms an address."""
        await self._show(lambda locale: translate(locale, "Confirm the address"))

    async def _show(self, title: Callable[[str], str]) -> None:
        visit = await arrive(self)
        if visit is None:
            return
        await present_unlisted(self, visit, title=title(visit.locale))
        async with tenant_session(visit.market.id) as session:
            self.ways = await offered_ways(session)
        language = (await self.get_state(LocaleState)).language
        self.reason = reason(language, visit.query.get("error", ""))
        self.done = {
            "reset": translate(language, "Your new password is set. Sign in with it."),
            "sent": translate(
                language,
                "If there is an account with this address, a letter is on its way to it.",
            ),
            "verified": translate(language, "Thank you, the address is confirmed."),
        }.get(visit.query.get("done", ""), "")
        self.ticket = visit.query.get("ticket", "")[:100]
        self.email = visit.query.get("email", "")[:254]
        self.name = visit.query.get("name", "")[:80]
        asked = visit.query.get("next", "")
        # The path is checked again where it is used; here it only keeps links in shape.
        self.next_path = asked if asked.startswith("/") and asked[1:2] not in ("/", "\\") else ""


def reason(locale: str, code: str) -> str:
    """Why an attempt was refused, for the codes that `/auth/...` answers with."""
    if not code:
        return ""
    told = {
        "email": translate(locale, "This is not an e-mail address."),
        "name": translate(locale, "Tell us your name, in at most %(count)s characters.", count=80),
        "taken": translate(locale, "There is an account with this e-mail already."),
        "credentials": translate(locale, "The e-mail or the password is wrong."),
        "password_short": translate(
            locale, "The password needs at least %(count)s characters.", count=10
        ),
        "password_long": translate(
            locale, "The password may have at most %(count)s characters.", count=200
        ),
        "password_common": translate(
            locale, "This password is among the first that attackers try. Choose another."
        ),
        "password_email": translate(locale, "The password must not be the e-mail address."),
        "quota": translate(locale, "This market takes no new members at the moment."),
        "suspended": translate(locale, "This account is suspended. Write to the market's staff."),
        "ticket": translate(locale, "This link is no longer valid. Ask for a new one."),
        "code": translate(locale, "The code is wrong or too old."),
        "stale": translate(locale, "Sign out and in again, then you can do this."),
        "last_way": translate(
            locale, "Set a password first: without this you could not sign in any more."
        ),
        "second_on": translate(locale, "The second step is on already. Switch it off first."),
        "passkey": translate(locale, "The passkey could not be used. Try again."),
        "expired": translate(
            locale, "This took too long, or was begun in another browser. Start again."
        ),
        "way_denied": translate(locale, "You did not let the provider sign you in."),
        "way_down": translate(
            locale, "The sign-in provider does not answer. Try again later, or another way."
        ),
        "address_refused": translate(
            locale, "The sign-in provider does not answer. Try again later, or another way."
        ),
        "way_failed": translate(
            locale, "The answer of the sign-in provider could not be verified."
        ),
        "way_email": translate(
            locale,
            "The provider told us no e-mail address. Sign up with one, then link the provider in "
            "your account.",
        ),
        "link_first": translate(
            locale,
            "There is an account with this e-mail. Sign in to it, then link the provider there.",
        ),
        "way_taken": translate(
            locale, "This account of the provider belongs to somebody else here."
        ),
        "too_many": translate(locale, "Too many attempts. Wait a few minutes and try again."),
    }
    return told.get(code) or translate(locale, "That did not work. Please try again.")
