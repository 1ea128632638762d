"""A project's budget: made once, read and changed by those whose project it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.audit.log import record
from app.budgets.inputs import BudgetRefused, LineInput
from app.budgets.lines import CategorySums, Line, Sums, by_category, left_of, summed
from app.budgets.models import Budget, BudgetLine
from app.catalogue.comparing import listings_on_show
from app.database import TenantSession
from app.errors import Conflict, NotFound
from app.markets.directory import MarketCard
from app.outbox.emitting import emit
from app.outbox.kinds import BudgetCreated
from app.projects.keeping import project_of
from app.projects.models import Project


class BudgetExists(Conflict):
    """The project has a budget, which can be changed and not made again."""

    code = "budget_exists"


class BudgetChanged(Conflict):
    """Somebody changed the budget since it was read."""

    code = "budget_changed"


class NoBudget(NotFound):
    """The project has no budget yet."""

    code = "no_budget"


@dataclass(frozen=True)
class Kept:
    """A budget with its lines in their order. `limit` is the project's, where it has one."""

    id: UUID
    project_id: UUID
    currency: str
    version: int
    limit: Decimal | None
    lines: tuple[Line, ...]

    @property
    def sums(self) -> Sums:
        """What all lines come to."""
        return summed(self.lines)

    @property
    def categories(self) -> list[CategorySums]:
        """The plan against the fact by category."""
        return by_category(self.lines)

    @property
    def left(self) -> Decimal | None:
        """What may still be spent; below zero when it is too much."""
        return left_of(self.limit, self.sums)


async def budget_of(session: TenantSession, actor: Actor, project_id: UUID) -> Kept:
    """The budget of a project of one's own; raises `NotFound`, or `NoBudget` for one without."""
    project = await project_of(session, actor, project_id)
    found = await _row(session, project_id)
    if found is None:
        raise NoBudget("This event has no budget yet.")
    return await _kept(session, found, project)


async def project_to_budget(
    session: TenantSession, actor: Actor, market: MarketCard, project_id: UUID
) -> tuple[Project, str]:
    """A project to make the budget of, locked, and the currency that it will be in."""
    project = await project_of(session, actor, project_id, changing=True)
    return project, project.budget_currency or market.currency


async def create_budget(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    project_id: UUID,
    wanted: Sequence[LineInput] = (),
) -> Kept:
    """Make the budget of a project of one's own, in the project's currency.

    Raises `NotFound`, `BudgetExists` or `BudgetRefused`.
    """
    # The project's row is locked, so that two who make one at once do not both find none.
    project, currency = await project_to_budget(session, actor, market, project_id)
    if await _row(session, project_id) is not None:
        raise BudgetExists("This event has a budget already.")
    await _check_listings(session, wanted, known=())
    budget = Budget(project_id=project_id, currency=currency)
    session.add(budget)
    await session.flush()
    await _write(session, budget, wanted, {})
    # What somebody celebrates and spends is not for the market's staff: the log has no more.
    await record(session, actor, "budget.created", "budget", budget.id)
    kept = await _kept(session, budget, project)
    # The project's row is held, as `emit` wants it.
    told = BudgetCreated(project_id=project.id, planned=kept.sums.planned, currency=currency)
    await emit(session, told)
    return kept


async def replace_lines(
    session: TenantSession,
    actor: Actor,
    project_id: UUID,
    seen: int,
    wanted: Sequence[LineInput],
) -> Kept:
    """Make the lines exactly these, in this order; those whose id is named stay the same rows.

    An id that is not the budget's is that of a line that was removed, and comes back as a new
    one. Raises `NotFound`, `NoBudget`, `BudgetRefused`, or `BudgetChanged` unless `seen` is its
    version.
    """
    project = await project_of(session, actor, project_id)
    budget = await _row(session, project_id, locked=True)
    if budget is None:
        raise NoBudget("This event has no budget yet.")
    if budget.version != seen:
        raise BudgetChanged("Somebody else changed this while you were editing.")
    former = {row.id: row for row in await _rows(session, budget.id)}
    known = {row.listing_id for row in former.values() if row.listing_id is not None}
    await _check_listings(session, wanted, known)
    await _write(session, budget, wanted, former)
    budget.version += 1
    budget.updated_at = datetime.now(UTC)
    session.add(budget)
    await session.flush()
    kept = await _kept(session, budget, project)
    await record(session, actor, "budget.changed", "budget", budget.id)
    return kept


def as_inputs(lines: Sequence[Line]) -> list[LineInput]:
    """The lines as they stand, for somebody who changes one of them."""
    return [
        LineInput(
            category=line.category,
            title=line.title,
            planned=line.planned,
            actual=line.actual,
            paid=line.paid,
            listing_id=line.listing_id,
            note=line.note,
            id=line.id,
        )
        for line in lines
    ]


async def _write(
    session: TenantSession,
    budget: Budget,
    wanted: Sequence[LineInput],
    former: dict[UUID, BudgetLine],
) -> None:
    kept: set[UUID] = set()
    for position, one in enumerate(wanted):
        row = former.get(one.id) if one.id is not None else None
        if row is None:
            row = BudgetLine(
                id=uuid4(),
                budget_id=budget.id,
                position=position,
                category=one.category,
                title=one.title,
                planned=one.planned,
            )
        row.position, row.category, row.title = position, one.category, one.title
        row.planned, row.actual, row.paid = one.planned, one.actual, one.paid
        row.listing_id, row.note = one.listing_id, one.note
        session.add(row)
        kept.add(row.id)
    for line_id, row in former.items():
        if line_id not in kept:
            await session.delete(row)
    await session.flush()


async def _check_listings(
    session: TenantSession, wanted: Sequence[LineInput], known: Collection[UUID]
) -> None:
    """Refuse what nobody may see; what a line refers to already may have been taken off since."""
    named = {one.listing_id for one in wanted if one.listing_id is not None} - set(known)
    missing = named - await listings_on_show(session, named)
    for position, one in enumerate(wanted):
        if one.listing_id in missing:
            raise BudgetRefused("There is no such listing.", field="listing_id", position=position)


async def _row(session: TenantSession, project_id: UUID, *, locked: bool = False) -> Budget | None:
    query = select(Budget).where(col(Budget.project_id) == project_id)
    if locked:
        query = query.with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).one_or_none()


async def _rows(session: TenantSession, budget_id: UUID) -> Sequence[BudgetLine]:
    query = select(BudgetLine).where(col(BudgetLine.budget_id) == budget_id)
    return (await session.exec(query.order_by(col(BudgetLine.position)))).all()


async def _kept(session: TenantSession, budget: Budget, project: Project) -> Kept:
    lines = tuple(
        Line(
            id=row.id,
            category=row.category,
            title=row.title,
            planned=row.planned,
            actual=row.actual,
            paid=row.paid,
            listing_id=row.listing_id,
            note=row.note,
        )
        for row in await _rows(session, budget.id)
    )
    # A limit in another currency says nothing of these amounts.
    same = project.budget_currency == budget.currency
    return Kept(
        id=budget.id,
        project_id=budget.project_id,
        currency=budget.currency,
        version=budget.version,
        limit=project.budget_amount if same else None,
        lines=lines,
    )
