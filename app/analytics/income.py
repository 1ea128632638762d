"""What an event brings in: tickets, fees, sponsors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as any_select
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.analytics.models import EventIncome
from app.audit.log import record
from app.budgets.amounts import amount_of
from app.budgets.forms import machine_number
from app.budgets.models import Budget
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.i18n import N_
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted, line_of
from app.projects.keeping import project_of
from app.projects.models import Project

SOURCES: dict[str, str] = {
    "tickets": N_("Tickets"),
    "fees": N_("Participants' fees"),
    "sponsors": N_("Sponsors"),
    "sales": N_("Sales"),
    "grants": N_("Grants"),
    "gifts": N_("Gifts of money"),
    "other": N_("Other income"),
}
"""Where money comes from."""

MOST = 500
"""Of one event."""
LONGEST_TITLE = 200


class TooMuchIncome(AppError):
    """An event has as many entries as can be kept."""

    code = "many"


@dataclass(frozen=True)
class Income:
    """Money that came in."""

    id: UUID
    source: str
    """A key of `SOURCES`."""
    title: str
    amount: Decimal
    currency: str
    received: date | None


async def income_of(session: TenantSession, actor: Actor, project_id: UUID) -> list[Income]:
    """What an event of one's own has brought in, in the order in which it was written down."""
    await project_of(session, actor, project_id)
    return await brought_by(session, project_id)


async def brought_by(session: TenantSession, project_id: UUID) -> list[Income]:
    """`income_of` for whoever has looked whose event it is."""
    query = (
        select(EventIncome)
        .where(EventIncome.project_id == project_id)
        .order_by(col(EventIncome.created_at), col(EventIncome.id))
    )
    return [_told(row) for row in await session.exec(query)]


async def add_income(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    project_id: UUID,
    source: str,
    amount: object,
    title: str = "",
    received: date | None = None,
) -> Income:
    """Write down what came in, in the currency of the event's budget.

    Raises `NotFound`, `NotAccepted` and `TooMuchIncome`.
    """
    project = await project_of(session, actor, project_id, changing=True)
    if source not in SOURCES:
        raise NotAccepted("There is no such choice.", field="source")
    count = await session.scalar(
        any_select(func.count())
        .select_from(EventIncome)
        .where(col(EventIncome.project_id) == project_id)
    )
    if (count or 0) >= MOST:
        raise TooMuchIncome("An event may have at most %(count)s entries of income.", count=MOST)
    currency = await currency_of(session, project, market.currency)
    told = amount_of(amount, currency, "amount")
    if told == 0:
        raise NotAccepted("The amount must be more than zero.", field="amount")
    row = EventIncome(
        project_id=project_id,
        source=source,
        title=line_of("title", title, LONGEST_TITLE),
        amount=told,
        currency=currency,
        received=received,
    )
    session.add(row)
    await session.flush()
    # What somebody earns is not for the market's staff to read, so the log has no more.
    await record(session, actor, "income.added", "project", project_id)
    return _told(row)


async def add_told_income(
    session: TenantSession,
    actor: Actor,
    market: MarketCard,
    project_id: UUID,
    form: Mapping[str, str],
    locale: str,
) -> Income:
    """`add_income` with what the fields of a form say, numbers as the reader's language has them.

    The fields are `source`, `amount`, `income_title` and `received`.
    """
    project = await project_of(session, actor, project_id, changing=True)
    currency = await currency_of(session, project, market.currency)
    return await add_income(
        session,
        actor,
        market,
        project_id,
        form.get("source", ""),
        machine_number(form.get("amount"), currency, locale),
        form.get("income_title", ""),
        _day(form.get("received", "")),
    )


async def remove_income(
    session: TenantSession, actor: Actor, project_id: UUID, income_id: UUID
) -> None:
    """Take an entry away; raises `NotFound`."""
    await project_of(session, actor, project_id, changing=True)
    row = await session.get(EventIncome, income_id, populate_existing=True)
    if row is None or row.project_id != project_id:
        raise NotFound("There is no such entry.")
    await session.delete(row)
    await session.flush()
    await record(session, actor, "income.removed", "project", project_id)


async def currency_of(session: TenantSession, project: Project, usual: str) -> str:
    """In what an event's money is reckoned: its budget's currency, else its limit's."""
    query = select(Budget.currency).where(Budget.project_id == project.id)
    kept = (await session.exec(query)).one_or_none()
    return kept or project.budget_currency or usual


def summed(entries: Sequence[Income], currency: str) -> Decimal:
    """What the entries in this currency come to."""
    return sum((one.amount for one in entries if one.currency == currency), Decimal())


def _day(told: str) -> date | None:
    if not told:
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise NotAccepted("This is not a date.", field="received") from None


def _told(row: EventIncome) -> Income:
    return Income(row.id, row.source, row.title, row.amount, row.currency, row.received)
