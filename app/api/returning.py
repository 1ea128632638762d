"""What events cost and bring in over HTTP, and how they did, for those whose they are."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from starlette.responses import Response

from app.analytics import income, returns
from app.analytics.income import Income
from app.analytics.returns import EventReturn, Missing, Rate
from app.api.analysing import ShareShown, share_told
from app.api.callers import Marketplace, Signed
from app.api.financing import Currency, Difference, Id, Money, Percent
from app.api.planned import event_id_of
from app.budgets.amounts import wire
from app.database import tenant_session
from app.errors import NotFound

router = APIRouter(prefix="/api/v1/analytics/events/{event_id}", tags=["Analytics"])

Source = Literal["tickets", "fees", "sponsors", "sales", "grants", "gifts", "other"]
Line = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[\w ]{0,200}$"})]


class NewIncome(BaseModel):
    """Money that came in, in the currency of the event's budget."""

    model_config = ConfigDict(extra="forbid")

    source: Source
    amount: Money
    title: Line = ""
    received: date | None = None


class IncomeShown(BaseModel):
    """Money that came in."""

    id: UUID
    source: Source
    title: str
    amount: Money
    currency: Currency
    received: date | None


class IncomeList(BaseModel):
    """What an event brought in."""

    income: list[IncomeShown]


class RateShown(BaseModel):
    """How many of how many."""

    part: int
    whole: int
    share: ShareShown | None


class GuestsShown(BaseModel):
    """How an event's guests stand, in persons."""

    invited: int
    coming: int
    declined: int
    came: int
    said_yes: RateShown = Field(description="Of those invited.")
    came_of_yes: RateShown = Field(description="Of those who said that they come.")
    ratings: int
    rating: float | None = Field(description="The mean, from 1 to 5.")


class EventReturnShown(BaseModel):
    """What an event cost and brought in, who came, and what they thought."""

    event_id: UUID
    currency: Currency
    planned: Money | None
    cost: Money | None = Field(description="Actual amounts, planned ones where none is known.")
    unknown_lines: int = Field(description="Lines of the budget without an actual amount.")
    revenue: Money
    profit: Difference | None
    roi_percent: Percent | None
    margin_percent: Percent | None
    cost_per_guest: Money | None = Field(description="Of each guest who came.")
    guests: GuestsShown
    missing: list[Missing] = Field(description="What nobody has written down yet.")


@router.get(
    "/roi",
    response_model=EventReturnShown,
    summary="How did an event do?",
    operation_id="readEventReturn",
)
async def roi(market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """Cost, income and return, guests and ratings; what nobody wrote down is in `missing`."""
    return return_told(await returns.return_of(market, caller.actor, event_id_of(event_id)))


@router.get(
    "/income",
    response_model=IncomeList,
    summary="List an event's income",
    operation_id="listIncome",
)
async def listed(market: Marketplace, caller: Signed, event_id: Id) -> Any:
    """What an event brought in, in the order in which it was written down."""
    async with tenant_session(market.id) as session:
        found = await income.income_of(session, caller.actor, event_id_of(event_id))
    return {"income": [income_told(one) for one in found]}


@router.post(
    "/income",
    response_model=IncomeShown,
    status_code=HTTPStatus.CREATED,
    summary="Write down an event's income",
    operation_id="addIncome",
)
async def add(market: Marketplace, caller: Signed, event_id: Id, told: NewIncome) -> Any:
    """In the currency of the event's budget, else of its limit, else of the market."""
    held = event_id_of(event_id)
    async with tenant_session(market.id) as session:
        made = await income.add_income(
            session,
            caller.actor,
            market,
            held,
            told.source,
            told.amount,
            told.title,
            told.received,
        )
    return income_told(made)


@router.delete(
    "/income/{income_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Take income away",
    operation_id="removeIncome",
)
async def remove(market: Marketplace, caller: Signed, event_id: Id, income_id: Id) -> None:
    """Delete an entry that was a mistake."""
    held = event_id_of(event_id)
    try:
        entry = event_id_of(income_id)
    except NotFound:
        raise NotFound("There is no such entry.") from None
    async with tenant_session(market.id) as session:
        await income.remove_income(session, caller.actor, held, entry)


def income_told(one: Income) -> dict[str, Any]:
    """An entry of income."""
    return {**vars(one), "amount": wire(one.amount, one.currency)}


def return_told(one: EventReturn) -> dict[str, Any]:
    """How an event did."""

    def amount(told: Any) -> str | None:
        return None if told is None else wire(told, one.currency)

    found, guests = one.found, one.guests
    return {
        "event_id": one.project_id,
        "currency": one.currency,
        "planned": amount(one.planned),
        "cost": amount(one.cost),
        "unknown_lines": one.unknown_lines,
        "revenue": amount(one.revenue),
        "profit": amount(found.profit if found else None),
        "roi_percent": str(found.percent) if found else None,
        "margin_percent": str(found.margin) if found and found.margin is not None else None,
        "cost_per_guest": amount(one.cost_per_guest),
        "guests": {
            **vars(guests),
            "said_yes": _rate(one.answered_yes),
            "came_of_yes": _rate(one.came),
        },
        "missing": one.missing,
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {"part": rate.part, "whole": rate.whole, "share": share_told(rate.share)}
