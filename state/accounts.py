"""What the sign-in and sign-up pages show; the forms themselves are sent to `/auth/...`."""

from collections.abc import Callable

import reflex as rx

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

    async def _show(self, title: Callable[[str], str]) -> None:
        visit = await arrive(self)
        if visit is None:
            return
        await present_unlisted(self, visit, title=title(visit.locale))
        language = (await self.get_state(LocaleState)).language
        self.reason = reason(language, visit.query.get("error", ""))
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
        "too_many": translate(locale, "Too many attempts. Wait a few minutes and try again."),
    }
    return told.get(code) or translate(locale, "That did not work. Please try again.")
