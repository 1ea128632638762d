"""The guests of an event: who is invited, who says that they come, and who came.

How they stand in figures and what they thought are states of their own, which `_open` fills.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast, get_args
from uuid import UUID

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.signing import EmailRefused
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import N_
from app.markets.shaping import NotAccepted
from app.projects import guests, pasted_guests
from app.projects.guest_lists import PAGE, STANDINGS, Standing, list_guests, standing_name
from app.projects.guest_returns import not_here, put_back
from app.projects.guests import ANSWERS, Guest
from app.projects.opinions import drop_opinion_of
from state.admin.entry import Entry, acting, say_done, say_wrong, translated
from state.filters import Option
from state.payloads import form_of, number_of, text_of, uuid_of
from state.projects.entry import enter_part
from state.projects.guest_figures import GuestFiguresState
from state.projects.guest_rows import GuestRow, row_of
from state.projects.opinions import OpinionsState

Deed = Callable[[TenantSession, Actor, UUID], Awaitable[Any]]


class GuestsState(rx.State):
    """One page of the guests, and what is done with them."""

    ready: rx.Field[bool] = rx.field(False)
    project_id: rx.Field[str] = rx.field("")
    rows: rx.Field[list[GuestRow]] = rx.field(default_factory=list)
    answers: rx.Field[list[Option]] = rx.field(default_factory=list)
    standings: rx.Field[list[Option]] = rx.field(default_factory=list)
    words: rx.Field[str] = rx.field("")
    standing: rx.Field[str] = rx.field("")
    total: rx.Field[int] = rx.field(0)
    """Registrations that are found, on all pages."""
    number: rx.Field[int] = rx.field(1)
    pages: rx.Field[int] = rx.field(1)
    at_door: rx.Field[bool] = rx.field(False)
    """Whether the page is the one for the day, with little on it but who comes in."""
    editing: rx.Field[str] = rx.field("")
    """The id of the guest whose row is a form."""
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    added: rx.Field[int] = rx.field(0)
    """Counts what was added, so that the forms are empty after."""
    drawn: rx.Field[int] = rx.field(0)
    """Counts the visits, so that the field of the search is empty at each."""
    _former: Guest | None = None
    """A guest as they stood before the last change."""
    _pasted: list[UUID] = []
    """Guests whom the last change added."""

    @rx.event
    async def load(self):
        """Show the guests of the event that the path names."""
        self.ready = False
        entered = await enter_part(self, "guests", N_("Guest list"))
        if entered is None:
            return
        entry, project = entered
        self.project_id = str(project.id)
        self.words, self.standing, self.number, self.at_door = "", "", 1, False
        self._former, self._pasted = None, []
        self.drawn += 1
        self.answers = [Option(one, standing_name(one, entry.locale)) for one in ANSWERS]
        self.standings = [Option(one, standing_name(one, entry.locale)) for one in STANDINGS]
        await self._open(entry)
        self.ready = True

    @rx.event
    async def seek(self, words: str):
        """Show the guests in whose name, address or note these words stand."""
        self.words, self.number = text_of(words, 100), 1
        await self._list(await acting(self))

    @rx.event
    async def choose(self, standing: str):
        """Show those who stand so; once more shows all again."""
        told = text_of(standing, 20)
        self.standing = "" if told == self.standing or told not in STANDINGS else told
        self.number = 1
        await self._list(await acting(self))

    @rx.event
    async def turn(self, by: int):
        """Show the page before or after."""
        self.number = max(1, self.number + (-1 if str(by) == "-1" else 1))
        await self._list(await acting(self))

    @rx.event
    async def go_to_door(self, at_door: bool):
        """Show what is needed where guests come in, or the whole page again."""
        self.at_door = at_door is True
        self.editing, self.standing, self.number = "", "", 1
        await self._list(await acting(self))

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Write one guest down."""
        told = _told(form)

        async def register(session: TenantSession, actor: Actor, project: UUID) -> None:
            await guests.register(session, actor, project, **told)

        if await self._do(register, N_("Added."), form_name="new"):
            self.added += 1
            return rx.set_focus("name")
        return None

    @rx.event
    async def answer(self, guest_id: str, state: str):
        """Note whether a guest comes."""
        wanted = text_of(state, 20)

        async def note(session: TenantSession, actor: Actor, project: UUID) -> None:
            guest = await self._keep(session, actor, project, guest_id)
            await guests.answer(session, actor, guest.id, wanted)

        await self._do(note, N_("Saved."))

    @rx.event
    async def came(self, guest_id: str, count: int):
        """Note how many of a party came; 0 takes it back, and -1 means all of them."""
        party = -1 if str(count) == "-1" else number_of(count)

        async def note(session: TenantSession, actor: Actor, project: UUID) -> None:
            guest = await self._keep(session, actor, project, guest_id)
            if party == 0:
                await not_here(session, actor, project, guest.id)
            else:
                await guests.arrived(
                    session, actor, project, guest.id, guest.party if party < 0 else party
                )

        await self._do(note, N_("Noted."))

    @rx.event
    async def begin_editing(self, guest_id: str):
        """Make the row of a guest a form."""
        self.problem = self.problem_field = ""
        self.editing = text_of(guest_id, 60)

    @rx.event
    async def leave(self):
        """Leave the guest as they are; what has the keyboard is the row again."""
        left, self.editing = self.editing, ""
        return focus_guest(left)

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save the guest whose row is a form, with what they thought."""
        edited, told = self.editing, _told(form)
        rating = number_of(form_of(form).get("rating"))
        said = text_of(form_of(form).get("said"), 5000)

        async def put(session: TenantSession, actor: Actor, project: UUID) -> None:
            guest = await self._keep(session, actor, project, edited)
            await guests.change(session, actor, guest.id, **told)
            if rating:
                await guests.give_feedback(session, actor, project, rating, said, guest.id)
            else:
                await drop_opinion_of(session, actor, project, guest.id)

        if await self._do(put, N_("Saved."), form_name=edited):
            self.editing = ""
            return focus_guest(edited)
        return None

    @rx.event
    async def remove(self, guest_id: str):
        """Strike a guest out, which can be taken back while the page is open."""

        async def out(session: TenantSession, actor: Actor, project: UUID) -> None:
            guest = await self._keep(session, actor, project, guest_id)
            await guests.strike_out(session, actor, guest.id)

        await self._do(out, N_("Struck out."))
        self.editing = ""

    @rx.event
    async def undo(self):
        """Take the last change back."""
        former, pasted = self._former, list(self._pasted)

        async def back(session: TenantSession, actor: Actor, project: UUID) -> None:
            if former is not None:
                await put_back(session, actor, project, former)
            await pasted_guests.take_lines_back(session, actor, project, pasted)

        if former is not None or pasted:
            await self._do(back, N_("It is as it was before."))

    async def _keep(
        self, session: TenantSession, actor: Actor, project: UUID, guest_id: Any
    ) -> Guest:
        """A guest as they stand before a change, kept so that it can be taken back."""
        self._former = await guests.guest_of(session, actor, project, uuid_of(guest_id))
        return self._former

    async def _do(self, deed: Deed, message: str, *, form_name: str = "") -> bool:
        """Do something to the guests and show them; False where it was refused.

        `form_name` is the form that shows why.
        """
        entry = await acting(self)
        self.problem = self.problem_field = ""
        self._former, self._pasted = None, []
        try:
            async with tenant_session(entry.market.id) as session:
                await deed(session, entry.actor, uuid_of(self.project_id))
        except AppError as error:
            self._former = None
            field = error.field if isinstance(error, NotAccepted) else ""
            field = "email" if isinstance(error, EmailRefused) else field
            if form_name and field:
                self.problem_field = f"{form_name}.{field}"
                self.problem = await translated(self, error)
            else:
                await say_wrong(self, error)
            await self._list(entry)
            return False
        await self._open(entry)
        if message:
            await say_done(self, message, undo=self._former is not None)
        return True

    async def _open(self, entry: Entry) -> None:
        await self._list(entry)
        figures = await self.get_state(GuestFiguresState)
        await figures._show(entry, self.project_id)
        opinions = await self.get_state(OpinionsState)
        await opinions._show(entry, self.project_id)

    async def _list(self, entry: Entry) -> None:
        standing = self.standing if self.standing in get_args(Standing) else ""
        try:
            async with tenant_session(entry.market.id) as session:
                sought = (uuid_of(self.project_id), self.words, cast("Standing", standing))
                found = await list_guests(session, entry.actor, *sought, self.number)
                last = max(1, -(-found.count // PAGE))
                if self.number > last:
                    found = await list_guests(session, entry.actor, *sought, last)
        except AppError as error:
            self.rows, self.total, self.number, self.pages = [], 0, 1, 1
            await say_wrong(self, error)
            return
        self.number, self.pages, self.total = min(self.number, last), last, found.count
        self.rows = [row_of(one, entry.locale) for one in found.guests]


def focus_guest(guest_id: str):
    """Give the row of a guest the keyboard, a frame later, when it stands again."""
    wanted = json.dumps(guest_id)
    return rx.call_script(
        "requestAnimationFrame(() => requestAnimationFrame(() => "
        "[...document.querySelectorAll('[data-guest]')]"
        f".find(row => row.dataset.guest === {wanted})?.focus()))"
    )


def _told(form: Any) -> dict[str, Any]:
    """What a form says of a guest."""
    told = form_of(form)
    return {
        "name": text_of(told.get("name"), 1000),
        "email": text_of(told.get("email"), 1000),
        # What is no number is refused as none at all is.
        "party": number_of(told.get("party") or "1"),
        "state": text_of(told.get("state"), 20) or "invited",
        "note": text_of(told.get("note"), 2000),
    }
