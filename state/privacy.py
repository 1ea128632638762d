"""What a person sees of what is held about them, and what everybody may know about it."""

import dataclasses
import json
from typing import Any

import reflex as rx

from app.database import tenant_session
from app.i18n import ntranslate, translate, written_date
from app.markets.policy import Policy
from app.privacy.consents import standing
from app.privacy.holdings import HOLDINGS, held_about
from app.rendering import ssr
from state.access import visitors_may
from state.page import Crumb, Visit, arrive, present, present_unlisted
from state.session import current_person

SHOWN = 20
"""Rows of each kind on the page; the file has all."""


@dataclasses.dataclass(frozen=True)
class Line:
    """A field of a row, as it is kept."""

    name: str
    value: str


@dataclasses.dataclass(frozen=True)
class HeldRow:
    """One row about the person."""

    lines: list[Line]


@dataclasses.dataclass(frozen=True)
class HeldKind:
    """All rows of one kind, the newest of them shown."""

    name: str
    count: str
    rows: list[HeldRow]
    more: bool


@dataclasses.dataclass(frozen=True)
class ConsentRow:
    """A consent and whether it is given."""

    kind: str
    text: str
    given: bool
    since: str
    fixed: bool
    """Whether it goes with the account and cannot be taken back alone."""


@dataclasses.dataclass(frozen=True)
class Named:
    """Something with a name and what is said of it."""

    name: str
    text: str


class HeldDataState(rx.State):
    """What is held about the person signed in."""

    kinds: rx.Field[list[HeldKind]] = rx.field(default_factory=list)
    consents: rx.Field[list[ConsentRow]] = rx.field(default_factory=list)
    email: rx.Field[str] = rx.field("")
    kept: rx.Field[str] = rx.field("")
    """Which kinds stay when the account is erased."""
    problem: rx.Field[str] = rx.field("")

    @rx.event
    async def load(self):
        """Show everything held about the person."""
        visit = await arrive(self)
        if visit is None:
            return
        member = await current_person(self, visit.market)
        if member is None:
            return
        locale = visit.locale
        async with tenant_session(visit.market.id) as session:
            held = await held_about(session, member.id)
            agreed = await standing(session, member.id)
        await present_unlisted(self, visit, title=translate(locale, "Your data"))
        ssr.hydrate("load")
        self.email = member.email
        self.kinds = [
            HeldKind(
                name=kind_name(name, locale),
                count=ntranslate(locale, "%(count)s entry", "%(count)s entries", len(rows)),
                rows=[_row(row) for row in rows[-SHOWN:]],
                more=len(rows) > SHOWN,
            )
            for name, rows in held.items()
            if rows
        ]
        self.kept = ", ".join(kind_name(one.name, locale) for one in HOLDINGS if one.kept)
        self.consents = [
            ConsentRow(
                kind=one.kind,
                text=consent_text(one.kind, locale),
                given=one.given,
                since=written_date(one.since.date(), locale) if one.since else "",
                fixed=one.kind == "terms",
            )
            for one in agreed
        ]
        self.problem = _problem(visit.query.get("error", ""), locale)


class PrivacyState(rx.State):
    """What the market keeps, for how long, and which cookies it sets."""

    cookies: rx.Field[list[Named]] = rx.field(default_factory=list)
    terms: rx.Field[list[Named]] = rx.field(default_factory=list)

    @rx.event
    @visitors_may
    async def load(self):
        """Show the page."""
        visit = await arrive(self)
        if visit is None:
            return
        locale = visit.locale
        self.cookies = _cookies(locale)
        self.terms = _terms(visit)
        title = translate(locale, "Privacy")
        await present(
            self,
            visit,
            title=title,
            description=translate(
                locale,
                "What %(market)s keeps about you, for how long, which cookies it sets, and how to "
                "take your data out or erase it.",
                market=visit.market.named(locale),
            ),
            crumbs=[Crumb(title, "")],
        )


def kind_name(table: str, locale: str) -> str:
    """What a kind of rows is called in `locale`."""
    named = {
        "person": translate(locale, "Account"),
        "sign_in": translate(locale, "Sign-ins"),
        "role_grant": translate(locale, "Roles"),
        "ticket": translate(locale, "Links sent by mail"),
        "consent": translate(locale, "Consents"),
        "conversation": translate(locale, "Conversations"),
        "conversation_event": translate(locale, "Messages"),
        "attachment": translate(locale, "Files in your conversations"),
        "attachment_passage": translate(locale, "What your files say"),
        "conversation_share": translate(locale, "Shared conversations"),
        "reply_feedback": translate(locale, "What you think of answers"),
        "project": translate(locale, "Events"),
        "project_task": translate(locale, "Tasks of your events"),
        "writing": translate(locale, "Texts that were written for you"),
        "writing_version": translate(locale, "Versions of your texts"),
        "task_link": translate(locale, "Which task needs which"),
        "budget": translate(locale, "Budgets of your events"),
        "budget_line": translate(locale, "Lines of your budgets"),
        "registration": translate(locale, "Registrations for events"),
        "attendance": translate(locale, "Guests who came"),
        "guest_feedback": translate(locale, "What guests said"),
        "review": translate(locale, "Your reviews"),
        "review_report": translate(locale, "Reviews you reported"),
        "provider": translate(locale, "Providers you act for"),
        "listing": translate(locale, "Services"),
        "job": translate(locale, "Work asked for"),
        "upload": translate(locale, "Files"),
        "identity": translate(locale, "Linked sign-in ways"),
        "passkey": translate(locale, "Passkeys"),
        "authenticator": translate(locale, "Second step"),
        "recovery_code": translate(locale, "Recovery codes"),
        "model_spending": translate(locale, "Use of models"),
        "audit_entry": translate(locale, "Record of deeds"),
    }
    return named.get(table, table.replace("_", " "))


def consent_text(kind: str, locale: str) -> str:
    """What a person agrees to with a consent of this kind."""
    return {
        "terms": translate(locale, "The terms of use; they hold as long as the account."),
        "newsletter": translate(locale, "News of the market by mail."),
        "improvement": translate(
            locale, "My conversations may be used to measure and improve the answers."
        ),
    }.get(kind, kind)


def _row(row: dict[str, Any]) -> HeldRow:
    return HeldRow([Line(name, _shown(value)) for name, value in row.items() if _shown(value)])


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _problem(code: str, locale: str) -> str:
    told = {
        "confirm": translate(locale, "Type your own e-mail address to erase the account."),
        "owner": translate(locale, "Hand the market over to somebody else first."),
        "too_many": translate(locale, "Too many attempts. Wait a few minutes and try again."),
    }
    return told.get(code, "")


def _cookies(locale: str) -> list[Named]:
    return [
        Named(
            "agora_session",
            translate(locale, "Set when you sign in; keeps you signed in for 30 days at most."),
        ),
        Named(
            "agora_browser",
            translate(
                locale,
                "Set when you sign in; tells your own browser from somebody who guesses your "
                "password.",
            ),
        ),
    ]


def _terms(visit: Visit) -> list[Named]:
    locale, kept = visit.locale, Policy.of(visit.market.policy).retention

    def days(count: int) -> str:
        return ntranslate(locale, "%(count)s day", "%(count)s days", count)

    forever = translate(locale, "until you delete them or your account")
    return [
        Named(
            translate(locale, "Conversations of members"),
            days(kept.conversations) if kept.conversations else forever,
        ),
        Named(translate(locale, "Conversations of visitors"), days(kept.anonymous_conversations)),
        Named(translate(locale, "Sign-ins that ended"), days(kept.sign_ins)),
        Named(translate(locale, "Work asked for"), days(kept.jobs)),
        Named(translate(locale, "Record of deeds"), days(kept.audit)),
    ]
