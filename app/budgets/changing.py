"""Making a budget and changing one line of it at a time, as people do who see it before them."""

import dataclasses
from collections.abc import Mapping
from uuid import UUID

from app.accounts.actors import Actor
from app.budgets.forms import amount_of_form, line_of_form
from app.budgets.inputs import MOST_LINES, BudgetRefused, LineInput
from app.budgets.keeping import (
    Kept,
    as_inputs,
    budget_of,
    create_budget,
    project_to_budget,
    replace_lines,
)
from app.budgets.proposing import proposed
from app.database import TenantSession
from app.errors import NotFound
from app.markets.directory import MarketCard


async def begin(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    project_id: UUID,
    total: str,
    locale: str,
) -> Kept:
    """Make a budget of a total divided, or an empty one where no total is told.

    Raises as `create_budget`, and `NotAccepted`.
    """
    project, currency = await project_to_budget(session, actor, market, project_id)
    lines: list[LineInput] = []
    if total.strip():
        amount = amount_of_form(total, currency, locale, "total")
        lines = proposed(amount, project.kind, project.guests, currency, locale)
    return await create_budget(session, actor, market, project_id, lines)


def line_with(stands: Kept, told: Mapping[str, str], locale: str) -> LineInput:
    """The line that a form says; what it does not show of the one that stands is kept."""
    line = line_of_form(told, stands.currency, locale)
    former = next((one for one in stands.lines if one.id == line.id), None)
    return line if former is None else dataclasses.replace(line, listing_id=former.listing_id)


async def put_line(
    session: TenantSession, actor: Actor, project_id: UUID, seen: int, line: LineInput
) -> Kept:
    """Change the line whose id this is, or add it at the end where it has none.

    What a form does not show of a line stays. Raises as `replace_lines`, and `NotFound` for a
    line that is gone.
    """
    stands = await budget_of(session, actor, project_id)
    lines = as_inputs(stands.lines)
    if line.id is None:
        if len(lines) >= MOST_LINES:
            raise BudgetRefused(
                "A budget has at most %(count)s lines.", field="lines", count=MOST_LINES
            )
        return await replace_lines(session, actor, project_id, seen, [*lines, line])
    if line.id not in {one.id for one in lines}:
        raise NotFound("There is no such line in the budget.")
    changed = [line if one.id == line.id else one for one in lines]
    return await replace_lines(session, actor, project_id, seen, changed)


async def remove_line(
    session: TenantSession, actor: Actor, project_id: UUID, seen: int, line_id: UUID
) -> Kept:
    """Take a line out of the budget; raises as `put_line`."""
    lines = as_inputs((await budget_of(session, actor, project_id)).lines)
    left = [one for one in lines if one.id != line_id]
    if len(left) == len(lines):
        raise NotFound("There is no such line in the budget.")
    return await replace_lines(session, actor, project_id, seen, left)
