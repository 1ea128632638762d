"""Trying a model in the console: its words as they come, and what they took."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.permissions import Permission
from app.errors import AppError, NotFound
from app.i18n import translate
from app.inference.running import Answered
from app.inference.trying import try_model
from state.admin.entry import Entry, acting

SEND_EVERY = 0.08


class ModelTrialState(rx.State):
    """The answer being written; small and alone, for it is sent many times a second."""

    text: rx.Field[str] = rx.field("")
    figures: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    busy: rx.Field[bool] = rx.field(False)

    @rx.event(background=True, supersedes=True)
    async def ask(self, form: dict[str, Any]):
        """Ask a model, and show what it says."""
        async with self:
            entry = await acting(self)
            self.text, self.figures, self.problem, self.busy = "", "", "", True
        try:
            entry.actor.must(Permission.MODELS)
            await self._show(entry, *_asked(form))
        except AppError as error:
            async with self:
                self.problem = translate(entry.locale, error.message, **error.params)
        finally:
            async with self:
                self.busy = False

    async def _show(self, entry: Entry, model_id: UUID, question: str) -> None:
        text, sent_at = "", 0.0
        async with aclosing(try_model(entry.actor, model_id, question)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    async with self:
                        self.text, self.figures = text, _figures(entry.locale, event)
                    return
                text += event.text
                now = time.monotonic()
                if now - sent_at >= SEND_EVERY:
                    sent_at = now
                    async with self:
                        self.text = text


def _asked(form: object) -> tuple[UUID, str]:
    told = form if isinstance(form, dict) else {}
    try:
        return UUID(str(told.get("model"))), str(told.get("question", ""))
    except ValueError as error:
        raise NotFound("There is no such model.") from error


def _figures(locale: str, answered: Answered) -> str:
    price = f"{answered.money:f} {answered.target.currency}".strip()
    return translate(
        locale,
        "First word after %(first)s s, all after %(all)s s. Tokens: %(asked)s asked, %(said)s"
        " said. Price: %(price)s",
        first=f"{answered.first_token:.2f}",
        all=f"{answered.seconds:.2f}",
        asked=answered.tokens_in,
        said=answered.tokens_out,
        price=price,
    )
