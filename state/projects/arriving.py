"""Many guests at once: those of a paste, and those who came without being on the list."""

from typing import Any
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.database import TenantSession
from app.i18n import N_
from app.markets.shaping import NotAccepted
from app.projects import pasted_guests
from app.projects.guest_returns import others_not_here
from app.projects.guests import LARGEST_PARTY, arrived
from state.admin.entry import say_done
from state.payloads import form_of, number_of, text_of
from state.projects.guests import GuestsState


class ArrivingState(rx.State):
    """The forms for many guests."""

    added: rx.Field[int] = rx.field(0)
    """Counts what was added, so that the forms are empty after."""

    @rx.event
    async def paste(self, form: dict[str, Any]):
        """Write down the guests of many lines."""
        told = form_of(form)
        text = text_of(told.get("lines"), pasted_guests.LONGEST)
        state = text_of(told.get("lines_state"), 20)
        done: list[pasted_guests.Pasted] = []

        async def add(session: TenantSession, actor: Actor, project: UUID) -> None:
            done.append(await pasted_guests.add_lines(session, actor, project, text, state))

        listed = await self.get_state(GuestsState)
        if not await listed._do(add, "", form_name="lines"):
            return
        (pasted,) = done
        self.added += 1
        listed._pasted = list(pasted.added)
        lines = ", ".join(map(str, pasted.bad[:10]))
        await say_done(
            self,
            N_("Added: %(count)s. Known already: %(known)s. Not understood: lines %(lines)s.")
            if lines
            else N_("Added: %(count)s. Known already: %(known)s."),
            undo=len(pasted.added) > 0,
            count=len(pasted.added),
            known=pasted.known,
            lines=lines,
        )

    @rx.event
    async def others(self, form: dict[str, Any]):
        """Note that some came who were not on the list."""
        party = number_of(form_of(form).get("others"))

        async def note(session: TenantSession, actor: Actor, project: UUID) -> None:
            if not 1 <= party <= LARGEST_PARTY:
                raise NotAccepted(
                    "A whole number from 1 to %(most)s, please.", field="others", most=LARGEST_PARTY
                )
            await arrived(session, actor, project, None, party)

        if await (await self.get_state(GuestsState))._do(note, N_("Noted."), form_name="others"):
            self.added += 1

    @rx.event
    async def no_others(self):
        """Take back all who came without being on the list."""
        await (await self.get_state(GuestsState))._do(others_not_here, N_("It is taken back."))
