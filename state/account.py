"""A person's own account, as they see it; its forms are sent to `/auth/account/...`."""

import dataclasses
from datetime import datetime

import reflex as rx

from app.accounts.factors.passkeys import passkeys_of
from app.accounts.factors.second import codes_left
from app.accounts.models import Person
from app.accounts.sessions import Living, living_sign_ins
from app.accounts.ways.configuring import WayButton, offered_ways
from app.accounts.ways.entering import identities_of
from app.database import tenant_session
from app.i18n import own_name, translate, written_date
from app.rendering import ssr
from state.accounts import reason
from state.filters import Option
from state.page import arrive, present_unlisted
from state.session import current_actor, current_person


@dataclasses.dataclass(frozen=True)
class SessionRow:
    """A sign-in that lives."""

    id: str
    device: str
    detail: str
    own: bool


@dataclasses.dataclass(frozen=True)
class LinkedRow:
    """A provider or a passkey of the person."""

    id: str
    name: str
    detail: str


class AccountState(rx.State):
    """What the account page shows. No secret passes through it."""

    name: rx.Field[str] = rx.field("")
    email: rx.Field[str] = rx.field("")
    locale: rx.Field[str] = rx.field("")
    languages: rx.Field[list[Option]] = rx.field(default_factory=list)
    verified: rx.Field[bool] = rx.field(True)
    has_password: rx.Field[bool] = rx.field(True)
    sessions: rx.Field[list[SessionRow]] = rx.field(default_factory=list)
    identities: rx.Field[list[LinkedRow]] = rx.field(default_factory=list)
    linkable: rx.Field[list[WayButton]] = rx.field(default_factory=list)
    passkeys: rx.Field[list[LinkedRow]] = rx.field(default_factory=list)
    second_step: rx.Field[bool] = rx.field(False)
    codes_left: rx.Field[int] = rx.field(0)
    factor_asked: rx.Field[bool] = rx.field(False)
    """Whether the market asks this person for a second factor that the sign-in lacks."""
    done: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")

    @rx.event
    async def load(self):
        """Show the account of who is signed in."""
        visit = await arrive(self)
        if visit is None:
            return
        locale = visit.locale
        await present_unlisted(self, visit, title=translate(locale, "Your account"))
        ssr.hydrate("interaction")
        member = await current_person(self, visit.market)
        if member is None:
            return
        actor = await current_actor(self, visit.market)
        async with tenant_session(visit.market.id) as session:
            person = await session.get_one(Person, member.id)
            living = await living_sign_ins(session, actor, member.sign_in_id)
            identities = await identities_of(session, actor)
            passkeys = await passkeys_of(session, actor)
            left = await codes_left(session, actor)
            ways = await offered_ways(session)
        self.name, self.email = person.name, person.email
        self.locale = person.locale
        self.languages = [Option(code, own_name(code)) for code in visit.market.locales]
        self.verified = person.email_verified_at is not None
        self.has_password = person.password_hash is not None
        self.sessions = [_session(one, locale) for one in living]
        self.identities = [LinkedRow(str(one.id), one.name, one.email) for one in identities]
        linked = {one.name for one in identities}
        self.linkable = [way for way in ways if way.name not in linked]
        self.passkeys = [
            LinkedRow(
                str(one.id),
                one.name or translate(locale, "Passkey"),
                _day(one.used_at or one.created_at, locale),
            )
            for one in passkeys
        ]
        self.second_step, self.codes_left = left is not None, left or 0
        self.factor_asked = actor.lacks_factor
        self.done = done(locale, visit.query.get("done", ""))
        self.problem = reason(locale, visit.query.get("error", ""))


def _session(one: Living, locale: str) -> SessionRow:
    device = " · ".join(filter(None, (one.browser, one.system)))
    if not device:
        device = "API" if one.via == "api" else translate(locale, "Unknown device")
    seen = translate(locale, "last seen %(day)s", day=_day(one.seen_at, locale))
    return SessionRow(
        str(one.id), device, " · ".join(filter(None, (one.address, seen))), own=one.own
    )


def _day(moment: datetime, locale: str) -> str:
    return written_date(moment.date(), locale)


def done(locale: str, code: str) -> str:
    """What a form of the account did, for the codes that its routes answer with."""
    told = {
        "profile": translate(locale, "Your profile is saved."),
        "password": translate(
            locale, "Your password is changed. Your other devices are signed out."
        ),
        "sent": translate(locale, "The letter is on its way. Open the link in it."),
        "verified": translate(locale, "Thank you, the address is confirmed."),
        "reset": translate(locale, "Your new password is set. Sign in with it."),
        "ended": translate(locale, "The device is signed out."),
        "linked": translate(locale, "You can sign in by this provider from now on."),
        "unlinked": translate(locale, "The provider signs you in no more."),
        "passkey": translate(locale, "The passkey is ready. Sign in with it next time."),
        "renamed": translate(locale, "The passkey has its new name."),
        "removed": translate(locale, "The passkey opens nothing any more."),
        "second_on": translate(locale, "The second step is on."),
        "second_off": translate(locale, "The second step is off."),
    }
    return told.get(code, "")
