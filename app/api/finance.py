"""An event's money over HTTP: its budget, what it brings back, and what to ask for a service.

A person's events are theirs alone; an API key that may `projects.run` reads and writes the budgets
of the market's own. Amounts are texts such as `"1200.00"`, so that no program rounds them.
"""

from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request

from app.accounts.permissions import Permission
from app.api.callers import Marketplace, Signed
from app.api.financing import (
    Budget,
    ChangedBudget,
    Id,
    NewBudget,
    PriceAdvice,
    Proposal,
    ReturnAnalysis,
    WantedAdvice,
    WantedBreakEven,
    WantedReturn,
    shown,
    shown_advice,
    shown_return,
)
from app.api.problems import locale_of
from app.budgets.amounts import amount_of, rounded
from app.budgets.comparing import price_advice
from app.budgets.inputs import LineInput, lines_of
from app.budgets.keeping import Kept, budget_of, create_budget, project_to_budget, replace_lines
from app.budgets.lines import CATEGORIES, category_name
from app.budgets.proposing import proposed
from app.budgets.returns import BreakEven, break_even, return_on
from app.budgets.splitting import SplitRefused
from app.database import tenant_session
from app.errors import NotFound
from app.projects.models import Project

router = APIRouter(prefix="/api/v1/finance", tags=["Finance"])


@router.post(
    "/events/{event_id}/budget",
    response_model=Budget,
    status_code=HTTPStatus.CREATED,
    summary="Make an event's budget",
    operation_id="createBudget",
)
async def create(
    request: Request, market: Marketplace, caller: Signed, event_id: Id, told: NewBudget
) -> Any:
    """Make the budget, of the lines told or of a total divided; a second one is a 409."""
    project_id, locale = _id(event_id), locale_of(request)
    async with tenant_session(market.id) as session:
        project, currency = await project_to_budget(session, caller.actor, market, project_id)
        wanted = lines_of([line.model_dump() for line in told.lines], currency)
        if told.propose is not None:
            wanted += _proposed(project, currency, told.propose, locale)
        made = await create_budget(session, caller.actor, market, project_id, wanted)
    return _shown(made, locale)


@router.get(
    "/events/{event_id}/budget",
    response_model=Budget,
    summary="Read an event's budget",
    operation_id="readBudget",
)
async def read(request: Request, market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """The budget with its lines, what they come to, and the plan against the fact."""
    async with tenant_session(market.id) as session:
        kept = await budget_of(session, caller.actor, _id(event_id))
    return _shown(kept, locale_of(request))


@router.put(
    "/events/{event_id}/budget",
    response_model=Budget,
    summary="Change an event's budget",
    operation_id="changeBudget",
)
async def change(
    request: Request, market: Marketplace, caller: Signed, event_id: Id, told: ChangedBudget
) -> Any:
    """Make the lines exactly these; 409 when somebody changed the budget since it was read."""
    project_id = _id(event_id)
    async with tenant_session(market.id) as session:
        stands = await budget_of(session, caller.actor, project_id)
        wanted = lines_of([line.model_dump() for line in told.lines], stands.currency)
        kept = await replace_lines(session, caller.actor, project_id, told.version, wanted)
    return _shown(kept, locale_of(request))


@router.post(
    "/events/{event_id}/roi-analysis",
    response_model=ReturnAnalysis,
    summary="What does an event bring back?",
    operation_id="analyseReturn",
)
async def roi(market: Marketplace, caller: Signed, event_id: Id, told: WantedReturn) -> Any:
    """The return on what the budget comes to, and the break-even where something is sold."""
    project_id = _id(event_id)
    async with tenant_session(market.id) as session:
        kept = await budget_of(session, caller.actor, project_id)
    cost: Decimal = getattr(kept.sums, told.basis)
    revenue = amount_of(told.revenue, kept.currency, "revenue")
    found = return_on(cost, revenue, kept.currency)
    point = _break_even(told.break_even, cost, kept.currency) if told.break_even else None
    return shown_return(found, point, kept.currency) | {
        "event_id": project_id,
        "basis": told.basis,
    }


@router.post(
    "/pricing-optimization",
    response_model=PriceAdvice,
    summary="What to ask for a service",
    operation_id="advisePrice",
)
async def advise(market: Marketplace, caller: Signed, told: WantedAdvice) -> Any:
    """How the market's comparable prices lie; the caller's own listings do not count."""
    caller.actor.must(Permission.READ)
    currency = told.currency or market.currency
    price, cost = (
        None if amount is None else amount_of(amount, currency, name)
        for name, amount in (("price", told.price), ("unit_cost", told.unit_cost))
    )
    async with tenant_session(market.id) as session:
        advice = await price_advice(
            session,
            caller.actor,
            told.category,
            told.unit,
            currency,
            city=told.city,
            own_price=price,
            unit_cost=cost,
        )
    return shown_advice(advice) | {
        "category": told.category,
        "unit": told.unit,
        "city": told.city,
    }


def _proposed(project: Project, currency: str, told: Proposal, locale: str) -> list[LineInput]:
    if told.total is not None:
        total = amount_of(told.total, currency, "total")
    elif project.budget_amount is not None:
        total = rounded(project.budget_amount, currency)
    else:
        raise SplitRefused(
            "Say how much there is to divide, or give the event a limit.", field="total"
        )
    weights = None
    if told.shares is not None:
        weights = {name: Decimal(str(share)) for name, share in told.shares.items()}
    return proposed(total, project.kind, project.guests, currency, locale, weights)


def _break_even(told: WantedBreakEven, cost: Decimal, currency: str) -> BreakEven:
    fixed = cost
    if told.fixed_cost is not None:
        fixed = amount_of(told.fixed_cost, currency, "fixed_cost")
    return break_even(
        fixed,
        amount_of(told.price, currency, "price"),
        amount_of(told.variable_cost, currency, "variable_cost"),
        currency,
        told.planned_units,
    )


def _shown(kept: Kept, locale: str) -> dict[str, Any]:
    return shown(kept, {category: category_name(category, locale) for category in CATEGORIES})


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such event.") from None
