"""How an answer was made: who worked on it, what it rests on, which model wrote it, what it took.

Of one's own conversation alone; the market's staff have the console's traces.
"""

import dataclasses
from typing import Any
from uuid import UUID

import reflex as rx
from babel.numbers import format_decimal
from pydantic import TypeAdapter, ValidationError

from app.conversations import log
from app.conversations.traces import Trace, TracedStep
from app.database import tenant_session
from app.errors import NotFound
from app.i18n import money, translate
from state.access import visitors_may
from state.conversation_rows import conversation_id_of
from state.conversations import ConversationState
from state.messages import Card, cards_of
from state.payloads import uuid_of
from state.session import current_marketplace, current_person, page_locale

_TRACE = TypeAdapter(Trace)


@dataclasses.dataclass(frozen=True)
class HowStep:
    """One agent's work: how it ended, how long it took, and how much it found."""

    agent: str
    state: str
    seconds: str
    found: int


class HowState(rx.State):
    """The panel beside the conversation."""

    message_id: rx.Field[str] = rx.field("")
    """The answer that it is about; empty while it is closed."""
    steps: rx.Field[list[HowStep]] = rx.field(default_factory=list)
    sources: rx.Field[list[Card]] = rx.field(default_factory=list)
    model: rx.Field[str] = rx.field("")
    tried: rx.Field[list[str]] = rx.field(default_factory=list)
    tokens_in: rx.Field[str] = rx.field("")
    tokens_out: rx.Field[str] = rx.field("")
    cost: rx.Field[str] = rx.field("")
    seconds: rx.Field[str] = rx.field("")

    @rx.event
    @visitors_may
    async def show(self, message_id: str):
        """Tell how one answer of the open conversation was made; a second time closes it."""
        if self.message_id == message_id:
            self.message_id = ""
            return
        market = await current_marketplace(self)
        person = await current_person(self, market)
        locale = page_locale(self, market)
        conversation = await self.get_state(ConversationState)
        try:
            conversation_id = conversation_id_of(conversation.conversation_id)
            payload = await _payload(market.id, conversation_id, person, uuid_of(message_id))
            trace = _TRACE.validate_python(payload["trace"]) if "trace" in payload else None
        except (NotFound, ValidationError):
            self.message_id = ""
            return
        self.message_id = str(message_id)
        self.sources = cards_of(payload.get("citations", ()))
        self.model = str(payload.get("model", ""))
        self.steps = [step_of(one, locale) for one in trace.steps] if trace else []
        self.tried = [str(one.get("model", "")) for one in trace.tried] if trace else []
        self.tokens_in = _number(trace.tokens_in, locale) if trace else ""
        self.tokens_out = _number(trace.tokens_out, locale) if trace else ""
        self.seconds = _number(round(trace.took, 1), locale) if trace else ""
        self.cost = (
            money(trace.money, trace.currency, locale)
            if trace and trace.currency and trace.money
            else translate(locale, "nothing")
        )

    @rx.event
    @visitors_may
    async def close(self):
        """Close the panel."""
        self.message_id = ""


async def _payload(
    market_id: UUID, conversation_id: UUID, person: Any, reply_id: UUID
) -> dict[str, Any]:
    async with tenant_session(market_id) as session:
        await log.check_may_open(session, conversation_id, person.id if person else None)
        entry = await log.entry(session, conversation_id, reply_id)
    if entry is None or entry.kind != "reply":
        raise NotFound("There is no such answer.")
    return entry.payload


def step_of(step: TracedStep, locale: str) -> HowStep:
    """One agent's work, written out."""
    return HowStep(
        step.agent,
        step.state,
        _number(round(step.took, 2), locale),
        len(step.sources) + len(step.blocks),
    )


def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale.replace("-", "_"))
