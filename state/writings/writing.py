"""Having a text written: its words as they come, until it is kept."""

import time
from typing import Any
from uuid import UUID

import reflex as rx

from agents.maestro import maestro
from agents.writings import Asked, write_again, write_and_keep
from app.errors import AppError
from app.i18n import translate
from state.admin.entry import Entry, acting
from state.payloads import form_of, text_of, uuid_of
from state.writings.listing import WritingsState
from state.writings.opened import OpenedState

SEND_EVERY = 0.15
"""Seconds between two sendings of a text that is being written."""


class WritingState(rx.State):
    """The text being written; small and alone, for it is sent many times a second."""

    target: rx.Field[str] = rx.field("")
    """`new`, or the id of the text that is written once more; empty while nothing is written."""
    text: rx.Field[str] = rx.field("")
    _run: int = 0
    """Counts the texts, so that one that was cancelled does not end the next."""

    @rx.event(background=True, supersedes=True)
    async def write(self, form: dict[str, Any]):
        """Have a text written, keep it and open it; `again` names one to be written once more.

        An empty form writes nothing and ends what is being written, of which nothing is kept.
        """
        told = form_of(form)
        again = text_of(told.get("again"), 60)
        async with self:
            self._run += 1
            run, self.text = self._run, ""
            self.target = (again or "new") if told else ""
            entry = await acting(self)
            await self._say("", again)
        if not told:
            return None
        try:
            made = await self._made(entry, told, again)
        except AppError as error:
            async with self:
                await self._say(translate(entry.locale, error.message, **error.params), again)
            return None
        finally:
            async with self:
                if self._run == run:
                    self.target = self.text = ""
        if not again:
            return rx.redirect(f"/{entry.locale}/texts/{made}")
        async with self:
            await (await self.get_state(OpenedState))._refresh(entry)
        return None

    async def _say(self, problem: str, again: str) -> None:
        """Show on the page that asked why nothing was written."""
        page = await self.get_state(OpenedState if again else WritingsState)
        page.refused = problem

    async def _made(self, entry: Entry, told: dict[str, Any], again: str) -> UUID:
        sent_at = 0.0

        async def heard(text: str) -> None:
            nonlocal sent_at
            now = time.monotonic()
            if now - sent_at >= SEND_EVERY:
                sent_at = now
                async with self:
                    self.text = text

        deps = maestro().agents["communication"].deps
        if again:
            await write_again(deps, entry.market, entry.actor, uuid_of(again), heard)
            return uuid_of(again)
        asked = _asked(told, entry.locale)
        return await write_and_keep(deps, entry.market, entry.actor, asked, heard)


def _asked(told: dict[str, Any], locale: str) -> Asked:
    """What a form asks for; services are ticks that are called after their ids."""
    kind, _, subject_id = text_of(told.get("subject"), 60).partition(":")
    return Asked.of(
        {
            "kind": told.get("kind"),
            "locale": text_of(told.get("locale"), 20) or locale,
            "project_id": text_of(told.get("event"), 60) or None,
            "listing_ids": [
                name.removeprefix("service.")
                for name, ticked in told.items()
                if name.startswith("service.") and ticked
            ],
            "subject": kind or "event",
            "subject_id": subject_id or None,
            "short": told.get("length") == "short",
            "channel": text_of(told.get("channel"), 20),
            "tone": text_of(told.get("tone"), 20),
            "note": text_of(told.get("note"), 5000),
        }
    )
