"""What waits for a person's word in their conversation, and what they say to it.

- `ApprovalState.cards`: each proposal of the open conversation by its id, as it stands now. Where
  in the conversation it is shown, a message of the author `approval` with that id says.
- Events: `approve(id, version)`, `refuse(id, version)`, `edit(id)`, `leave`, `save(form)`, and
  `follow`, which keeps the cards true while something waits or is being done.
"""

import asyncio
import dataclasses
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.approvals import asking
from app.approvals.carrying import tend_to
from app.approvals.models import Approval
from app.approvals.showing import Shown, shown
from app.approvals.tools import ArgumentsRefused
from app.conversations.log import Entry
from app.conversations.reading import Spoken
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import translate, written_date
from app.markets.directory import MarketCard
from app.vendors.answers import answers_to
from state.payloads import form_of, number_of, text_of, uuid_of
from state.session import current_actor, current_marketplace, page_locale

OFTEN, SELDOM = 0.7, 3.0
"""Seconds between two looks while something is done, and while something waits."""

LONGEST = 900.0
"""Seconds after which a page that nothing happened on stops looking; it looks again when loaded."""


@dataclasses.dataclass(frozen=True)
class Choice:
    """One of several things that can be chosen."""

    value: str
    name: str
    on: bool


@dataclasses.dataclass(frozen=True)
class ApprovalField:
    """An argument as the card shows it, and as its form holds it."""

    name: str
    label: str
    kind: str
    value: str
    longest: int
    choices: list[Choice]


@dataclasses.dataclass(frozen=True)
class ApprovalCard:
    """A proposal as the page shows it."""

    id: str
    tool: str
    state: str
    version: int
    what: str
    whom: list[str]
    cost: str
    until: str
    problem: str
    fields: list[ApprovalField]
    said: list[ApprovalField]
    """The arguments that say something."""
    answers: list[str]
    """What came of it: who has answered what."""


NO_CARD = ApprovalCard("", "", "", 0, "", [], "", "", "", [], [], [])


class ApprovalState(rx.State):
    """The proposals of the open conversation."""

    cards: rx.Field[dict[str, ApprovalCard]] = rx.field(default_factory=dict)
    editing: rx.Field[str] = rx.field("")
    """The id of the one that is being changed."""
    problem: rx.Field[str] = rx.field("")
    problem_of: rx.Field[str] = rx.field("")
    """The id of the one that the problem is about."""
    problem_field: rx.Field[str] = rx.field("")
    _conversation: str = ""

    @rx.event
    async def approve(self, approval_id: str, version: int):
        """Say that it shall be done."""
        return await self._decide(approval_id, "approve", version)

    @rx.event
    async def refuse(self, approval_id: str, version: int):
        """Say that it shall not be done."""
        return await self._decide(approval_id, "refuse", version)

    @rx.event
    async def edit(self, approval_id: str):
        """Open the form of a proposal."""
        self.editing = text_of(approval_id, 40)
        self.problem, self.problem_of, self.problem_field = "", "", ""

    @rx.event
    async def leave(self):
        """Close the form and change nothing."""
        self.editing, self.problem, self.problem_of = "", "", ""

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Change what the form says; it goes on waiting."""
        told = form_of(form)
        card = self.cards.get(self.editing, NO_CARD)
        changes = {field.name: _told(field, told) for field in card.fields}
        version = number_of(told.get("version"), card.version)
        await self._do(self.editing, changes, version)
        if not self.problem:
            self.editing = ""

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Keep the cards true while something waits or is being done."""
        began, before = time.monotonic(), ""
        while time.monotonic() - began < LONGEST:
            async with self:
                await self._look()
                states = {card.state for card in self.cards.values()}
                seen = f"{self._conversation} {sorted(self.cards)} {states}"
            if not states & {"waiting", "approved", "running"}:
                return
            if seen != before:
                began, before = time.monotonic(), seen
            await asyncio.sleep(OFTEN if states & {"approved", "running"} else SELDOM)

    async def _decide(self, approval_id: object, verdict: Any, version: object) -> Any:
        await self._do(approval_id, verdict, number_of(version))
        return ApprovalState.follow

    async def _do(self, told_id: object, said: Any, version: int) -> None:
        market = await current_marketplace(self)
        actor = await current_actor(self, market)
        self.problem, self.problem_field, self.problem_of = "", "", text_of(told_id, 40)
        try:
            async with tenant_session(market.id) as session:
                if isinstance(said, str):
                    which = uuid_of(told_id)
                    await asking.decide(session, actor, which, said, seen=version)  # pyright: ignore[reportArgumentType]
                else:
                    await asking.edit(session, actor, uuid_of(told_id), said, seen=version)
        except AppError as error:
            locale = page_locale(self, market)
            self.problem = translate(locale, error.message, **error.params)
            self.problem_field = error.field if isinstance(error, ArgumentsRefused) else ""
        await self._look()

    async def _look(self) -> None:
        if not self._conversation:
            return
        market = await current_marketplace(self)
        actor = await current_actor(self, market)
        locale = page_locale(self, market)
        cards = await _cards(market, actor, UUID(self._conversation), locale)
        if cards != self.cards:
            self.cards = cards


async def show_approvals(state: rx.State, market: MarketCard, conversation_id: UUID | None) -> None:
    """Put the proposals of the conversation that is opened onto the page."""
    approvals = await state.get_state(ApprovalState)
    approvals._conversation = str(conversation_id or "")
    if conversation_id is None:
        approvals.cards, approvals.editing = {}, ""
        return
    await tend_to(market.id, conversation_id)
    await approvals._look()


def with_approvals(said: Sequence[Spoken], entries: Sequence[Entry]) -> list[Spoken]:
    """What was said with the proposals between, each where it was first put."""
    places = [
        Spoken(entry.payload["approval_id"], entry.seq, "approval", "", at=entry.at)
        for entry in entries
        if entry.kind == "approval"
        and entry.payload["state"] == "waiting"
        and entry.payload.get("version") == 1
    ]
    return sorted([*said, *places], key=lambda one: one.seq)


async def _cards(
    market: MarketCard, actor: Actor, conversation_id: UUID, locale: str
) -> dict[str, ApprovalCard]:
    if actor.person_id is None:
        return {}
    async with tenant_session(market.id) as session:
        found = await asking.approvals_in(session, actor, conversation_id)
        return {str(one.id): await _card(session, actor, one, locale) for one in found}


async def _card(
    session: TenantSession, actor: Actor, approval: Approval, locale: str
) -> ApprovalCard:
    seen = await shown(session, approval, locale)
    fields = [_field(seen, place, locale) for place in range(len(seen.editable))]
    return ApprovalCard(
        id=str(approval.id),
        tool=approval.tool,
        state=seen.state,
        version=approval.version,
        what=seen.preview.what,
        whom=list(seen.preview.to),
        cost=seen.preview.cost,
        until=written_date(approval.expires_at.date(), locale),
        problem=seen.problem,
        fields=fields if seen.state == "waiting" else [],
        said=[field for field in fields if field.value and field.kind != "choices"],
        answers=await answers_to(session, actor, str(approval.id), locale)
        if seen.state == "done"
        else [],
    )


def _field(seen: Shown, place: int, locale: str) -> ApprovalField:
    editable = seen.editable[place]
    value = seen.value(editable.name)
    chosen: list[str] = seen.approval.arguments.get(editable.name) or []
    return ApprovalField(
        name=editable.name,
        label=translate(locale, editable.label),
        kind=editable.kind,
        value=value,
        longest=editable.longest,
        choices=[
            Choice(option, name, option in chosen)
            for option, name in seen.options.get(editable.name, [])
        ],
    )


def _told(field: ApprovalField, form: dict[str, Any]) -> Any:
    """What the form says of a field; a box that is not ticked is not in it."""
    if field.kind == "choices":
        return [one.value for one in field.choices if form.get(f"{field.name}.{one.value}")]
    return text_of(form.get(field.name)) or None
