"""The market's policy, as an editor sees it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import N_, translate
from app.markets.policy import Policy, Retention, lay_down, policy_of
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, enter

SWITCHES = ("second_factor", "publish_at_once", "mask_personal_data", "index_now")


@dataclasses.dataclass(frozen=True)
class Term:
    """How many days one kind of thing is kept, and within which bounds."""

    field: str
    name: str
    days: int
    least: int
    most: int


class PolicyState(EditedMarket, rx.State):
    """What the market asks, and how long it keeps things."""

    second_factor: rx.Field[bool] = rx.field(False)
    publish_at_once: rx.Field[bool] = rx.field(False)
    mask_personal_data: rx.Field[bool] = rx.field(False)
    index_now: rx.Field[bool] = rx.field(False)
    terms: rx.Field[list[Term]] = rx.field(default_factory=list)

    @rx.event
    async def load(self):
        """Show the policy as it is."""
        await self._open()

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Take over what the form holds."""
        wanted: Told = {name: "yes" if form.get(name) else "" for name in SWITCHES}
        for name in Retention.model_fields:
            wanted[f"retention.{name}"] = str(form.get(f"retention.{name}", "")).strip()[:6]
        await self._save(wanted)

    async def _enter(self) -> Entry | None:
        return await enter(self, Permission.SHAPE, place="policy", title=N_("Rules"))

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        policy, version = await policy_of(session, actor)
        flat: Told = {name: "yes" if getattr(policy, name) else "" for name in SWITCHES}
        for name, days in policy.retention.model_dump().items():
            flat[f"retention.{name}"] = str(days)
        return flat, version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        told: Told = {name: wanted[name] == "yes" for name in SWITCHES}
        told["retention"] = {name: wanted[f"retention.{name}"] for name in Retention.model_fields}
        await lay_down(session, actor, told, seen)

    def _names(self, locale: str) -> Mapping[str, str]:
        return {
            "second_factor": translate(locale, "Staff needs a second factor"),
            "publish_at_once": translate(locale, "Providers publish without approval"),
            "mask_personal_data": translate(locale, "Personal data is masked for outside models"),
            "index_now": translate(locale, "Search engines are told of new pages (IndexNow)"),
            **_term_names(locale),
        }

    async def _show(self, entry: Entry, stands: Told) -> None:
        policy = Policy.model_validate({name: stands[name] == "yes" for name in SWITCHES})
        self.second_factor = policy.second_factor
        self.publish_at_once = policy.publish_at_once
        self.mask_personal_data = policy.mask_personal_data
        self.index_now = policy.index_now
        self.terms = [
            Term(f"retention.{field}", name, int(stands[f"retention.{field}"]), *_bounds(field))
            for field, name in (
                (key.partition(".")[2], name) for key, name in _term_names(entry.locale).items()
            )
        ]


def _term_names(locale: str) -> dict[str, str]:
    return {
        "retention.conversations": translate(
            locale, "Conversations of members (0 keeps them until they delete them)"
        ),
        "retention.anonymous_conversations": translate(locale, "Conversations of visitors"),
        "retention.sign_ins": translate(locale, "Sign-ins that ended"),
        "retention.jobs": translate(locale, "Work asked for"),
        "retention.mentions": translate(locale, "What others wrote of the market elsewhere"),
        "retention.audit": translate(locale, "Record of deeds"),
    }


def _bounds(field: str) -> tuple[int, int]:
    schema = Retention.model_json_schema()["properties"][field]
    return schema["minimum"], schema["maximum"]
