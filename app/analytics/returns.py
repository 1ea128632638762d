"""How an event did: what it cost and brought in, who came, and what they thought."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from app.accounts.actors import Actor, system
from app.accounts.permissions import GRANTS, Role
from app.analytics.income import Income, brought_by, currency_of, summed
from app.analytics.shares import Share, shares_of
from app.budgets.amounts import rounded
from app.budgets.keeping import Kept, NoBudget, budget_of
from app.budgets.returns import Return, return_on
from app.database import TenantSession, tenant_session
from app.markets.directory import MarketCard
from app.projects.guests import Figures, came_of_coming, figures_of
from app.projects.keeping import project_of
from app.projects.models import Project

Missing = Literal["cost", "income", "other_currency", "registrations", "attendance", "ratings"]


@dataclass(frozen=True)
class Rate:
    """How many of how many, with the interval around the share; None of nobody."""

    part: int
    whole: int
    share: Share | None


@dataclass(frozen=True)
class EventReturn:
    """Everything that is known of how an event did; what is missing is named, not guessed."""

    project_id: UUID
    currency: str
    planned: Decimal | None
    cost: Decimal | None
    """What the budget comes to: the actual amounts, and the planned ones where none is known."""
    unknown_lines: int
    """Lines of the budget whose actual amount nobody has written down."""
    income: tuple[Income, ...]
    revenue: Decimal
    found: Return | None
    """None while there is no cost or no income."""
    guests: Figures
    cost_per_guest: Decimal | None
    """Of each guest who came."""
    answered_yes: Rate
    """Of those invited, who said that they come."""
    came: Rate
    """Of those who said so, who came; those who came unannounced are not among them."""
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class _Read:
    """What the database knows."""

    project: Project
    currency: str
    budget: Kept | None
    income: list[Income]
    guests: Figures
    announced: int
    """Of who came, those who were registered."""


async def return_of(market: MarketCard, actor: Actor, project_id: UUID) -> EventReturn:
    """How an event of one's own did; raises `NotFound`."""
    async with tenant_session(market.id) as session:
        read = await _read(session, actor, market, project_id)
    return await _reckoned(read)


def in_the_name_of(project: Project) -> Actor:
    """Whoever the event belongs to, for what the program does with it by itself."""
    if project.person_id is None:
        return system(project.tenant_id, "analytics")
    return Actor(
        market_id=project.tenant_id,
        kind="person",
        id=project.person_id,
        permissions=GRANTS[Role.MEMBER],
        roles=frozenset({Role.MEMBER}),
    )


async def _read(
    session: TenantSession, actor: Actor, market: MarketCard, project_id: UUID
) -> _Read:
    project = await project_of(session, actor, project_id)
    try:
        budget = await budget_of(session, actor, project_id)
    except NoBudget:
        budget = None
    return _Read(
        project=project,
        currency=await currency_of(session, project, market.currency),
        budget=budget,
        income=await brought_by(session, project_id),
        guests=await figures_of(session, actor, project_id),
        announced=await came_of_coming(session, actor, project_id),
    )


async def _reckoned(read: _Read) -> EventReturn:
    guests, sums = read.guests, read.budget.sums if read.budget else None
    revenue = rounded(summed(read.income, read.currency), read.currency)
    cost = sums.expected if sums and sums.expected > 0 else None
    pairs = [(guests.coming, guests.invited), (read.announced, guests.coming)]
    shares = await shares_of(pairs)
    return EventReturn(
        project_id=read.project.id,
        currency=read.currency,
        planned=sums.planned if sums else None,
        cost=cost,
        unknown_lines=sums.lines - sums.known if sums else 0,
        income=tuple(read.income),
        revenue=revenue,
        found=return_on(cost, revenue, read.currency) if cost and revenue else None,
        guests=guests,
        cost_per_guest=rounded(cost / guests.came, read.currency) if cost and guests.came else None,
        answered_yes=Rate(*pairs[0], shares.get(pairs[0])),
        came=Rate(*pairs[1], shares.get(pairs[1])),
        missing=_missing(read, cost, revenue),
    )


def _missing(read: _Read, cost: Decimal | None, revenue: Decimal) -> tuple[Missing, ...]:
    told: dict[Missing, bool] = {
        "cost": cost is None,
        "income": revenue == 0,
        "other_currency": any(one.currency != read.currency for one in read.income),
        "registrations": read.guests.invited == 0,
        "attendance": read.guests.came == 0,
        "ratings": read.guests.ratings == 0,
    }
    return tuple(name for name, is_missing in told.items() if is_missing)
