"""How the guests of an event stand: in figures, and against the planned number."""

import dataclasses

import reflex as rx
from babel.numbers import format_decimal

from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate
from app.projects.guest_lists import others_came
from app.projects.guests import figures_of
from app.projects.keeping import project_of
from state.admin.entry import Entry
from state.payloads import uuid_of


@dataclasses.dataclass(frozen=True)
class Bar:
    """A bar of the chart; lengths in percent of its whole width."""

    key: str
    name: str
    amount: str
    width: float
    more: float
    """Of who may still come, drawn paler behind."""


class GuestFiguresState(rx.State):
    """The figures, in persons and as the reader's language writes numbers."""

    invited: rx.Field[str] = rx.field("")
    coming: rx.Field[str] = rx.field("")
    waiting: rx.Field[str] = rx.field("")
    """Of whom nobody knows yet."""
    declined: rx.Field[str] = rx.field("")
    came: rx.Field[str] = rx.field("")
    others: rx.Field[int] = rx.field(0)
    """Who came without being on the list."""
    planned: rx.Field[str] = rx.field("")
    """Empty where the event has no number of guests."""
    mark: rx.Field[float] = rx.field(0.0)
    """Where the planned number stands on the bars, in percent."""
    bars: rx.Field[list[Bar]] = rx.field(default_factory=list)
    remark: rx.Field[str] = rx.field("")
    """What follows from the figures for the plan; empty where nothing does."""

    async def _show(self, entry: Entry, project_id: str) -> None:
        locale = entry.locale
        babel = locale.replace("-", "_")

        def written(number: int) -> str:
            return format_decimal(number, locale=babel)

        wanted = uuid_of(project_id)
        try:
            async with tenant_session(entry.market.id) as session:
                planned = (await project_of(session, entry.actor, wanted)).guests or 0
                found = await figures_of(session, entry.actor, wanted)
                self.others = await others_came(session, entry.actor, wanted)
        except AppError:
            # The list beside says what is wrong.
            return
        waiting = found.invited - found.coming - found.declined
        self.invited, self.coming = written(found.invited), written(found.coming)
        self.waiting, self.declined = written(waiting), written(found.declined)
        self.came, self.planned = written(found.came), written(planned) if planned else ""
        longest = max(planned, found.coming + waiting, found.came, 1)

        def length(number: int) -> float:
            return round(number * 100 / longest, 2)

        self.mark = length(planned)
        self.bars = [
            Bar(
                "coming",
                translate(locale, "Coming"),
                written(found.coming),
                length(found.coming),
                length(waiting),
            )
        ]
        if found.came:
            name = translate(locale, "Came")
            self.bars.append(Bar("came", name, written(found.came), length(found.came), 0.0))
        self.remark = ""
        if planned and found.coming > planned:
            self.remark = translate(
                locale, _MORE, count=written(found.coming), planned=written(planned)
            )
        elif planned and found.invited and found.coming + waiting < planned:
            left = planned - found.coming - waiting
            self.remark = translate(locale, _ROOM, count=written(left), planned=written(planned))


_MORE = N_("More say that they come than are planned: %(count)s, planned: %(planned)s.")
_ROOM = N_("There is room for %(count)s more of the %(planned)s that are planned.")
