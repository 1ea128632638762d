"""Events, their plans and their timelines as the API shows them, and as it is told of them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from app.errors import NotFound
from app.i18n import translate
from app.markets.directory import MarketCard
from app.projects import keeping, planning, tasks
from app.projects.facts import MOST_DAYS, MOST_GUESTS
from app.projects.models import Project
from app.projects.plans.templates import template_of

Kind = Literal["wedding", "birthday", "conference", "corporate", "course", "other"]
State = Literal["draft", "active", "completed"]
TaskState = Literal["todo", "doing", "done"]
# What names nothing is not found, however it is written.
Id = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]
Line = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^[\w ]{0,200}$"})]
Clock = Annotated[
    time,
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}),
]
Amount = Annotated[
    Decimal,
    Field(ge=0, lt=10**12, decimal_places=2),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
                {"type": "integer", "minimum": 0, "maximum": 10**12 - 1},
            ]
        }
    ),
]
Currency = Annotated[str, WithJsonSchema({"type": "string", "examples": ["EUR"]})]


class Budget(BaseModel):
    """The most that may be spent; without a currency, in the market's."""

    model_config = ConfigDict(extra="forbid")

    amount: Amount
    currency: Currency | None = None


class Facts(BaseModel):
    """What is known of an event. What is left out stays as it is; null means that nobody knows."""

    model_config = ConfigDict(extra="forbid")

    type: Kind = "other"
    title: Line = Field(default="", description="Without one it is called by its type.")
    day: date | None = Field(default=None, description="The first day, as 2027-06-12.")
    begins: Clock | None = Field(
        default=None, description="When guests come, in the market's time."
    )
    days: int = Field(default=1, ge=1, le=MOST_DAYS)
    guests: int | None = Field(default=None, ge=1, le=MOST_GUESTS)
    place: Line = ""
    budget: Budget | None = None
    notes: str = Field(default="", max_length=5000)


class ChangedFacts(Facts):
    """Facts to change, and the version that they were read in."""

    version: int | None = Field(
        default=None, ge=1, description="With it, a change by somebody else in between is a 409."
    )


class Event(BaseModel):
    """An event, as who prepares it sees it."""

    id: UUID
    type: Kind
    type_name: str = Field(description="In the reader's language.")
    title: str
    day: date | None
    begins: Clock | None
    days: int
    guests: int | None
    place: str
    budget: Budget | None
    notes: str
    state: State
    planned_on: date | None = Field(description="The day from which its plan was reckoned.")
    plan_is_old: bool = Field(description="Whether its facts changed since then.")
    version: int


class EventInList(BaseModel):
    """An event with how far its tasks are."""

    id: UUID
    type: Kind
    title: str
    day: date | None
    days: int
    guests: int | None
    place: str
    budget: Budget | None
    state: State
    tasks: int
    done: int
    overdue: int


class EventList(BaseModel):
    """The caller's events: those to come first, the nearest at the top."""

    events: list[EventInList]


class PlannedTask(BaseModel):
    """A task and where it stands in time."""

    id: UUID
    title: str
    state: TaskState
    assignee: str
    due: date | None
    days: int = Field(description="Days of work.")
    needs: list[UUID] = Field(description="Tasks that must be done before.")
    starts: date = Field(description="The first day on which it can be worked at.")
    ends: date
    spare_days: int = Field(
        description="How many days it may slip; negative where it is late already."
    )
    overdue: bool
    critical: bool = Field(description="Whether it is part of the longest chain.")


class Hour(BaseModel):
    """A part of the event's day, with the market's own hours."""

    key: str
    title: str
    starts: datetime
    ends: datetime


class Timeline(BaseModel):
    """An event's tasks in time, and the hours of its day."""

    event: Event
    today: date
    tasks: list[PlannedTask]
    critical_path: list[UUID] = Field(
        description="The longest chain of open tasks of which each waits for the one before."
    )
    needed_days: int = Field(description="Days that this chain takes.")
    available_days: int | None = Field(description="Days from today to the event.")
    fits: bool = Field(description="Whether the chain can be done before the event.")
    hours: list[Hour] = Field(description="Empty while nobody knows the day.")


class Plan(Timeline):
    """The timeline after planning, and what planning changed."""

    added: int
    moved: int = Field(description="Tasks that have another date now.")
    kept: int
    usual_days: int = Field(description="Days before such an event at which people usually begin.")
    squeezed: bool = Field(description="Whether there is less time, so that all dates moved up.")


def event_id_of(told: str) -> UUID:
    """The id of an event as it was written; raises `NotFound`."""
    try:
        return UUID(told)
    except ValueError as error:
        raise NotFound("There is no such event.") from error


def facts_from(told: Facts) -> dict[str, Any]:
    """What was sent, by the names that the domain has."""
    sent = told.model_dump(exclude_unset=True, exclude={"version"})
    facts: dict[str, Any] = {
        "kind" if name == "type" else name: value for name, value in sent.items()
    }
    if "budget" in facts:
        budget: dict[str, Any] = facts.pop("budget") or {}
        facts["budget_amount"] = budget.get("amount")
        facts["budget_currency"] = budget.get("currency") or ""
    return facts


def event_told(one: Project, locale: str) -> dict[str, Any]:
    return {
        **keeping.facts_of(one),
        "id": one.id,
        "type": one.kind,
        "type_name": translate(locale, template_of(one.kind).name),
        "title": keeping.title_of(one, locale),
        "budget": budget_told(one.budget_amount, one.budget_currency),
        "state": one.state,
        "planned_on": one.planned_on,
        "plan_is_old": planning.is_old(one),
        "version": one.version,
    }


def budget_told(amount: Decimal | None, currency: str | None) -> dict[str, Any] | None:
    return None if amount is None else {"amount": amount, "currency": currency}


def timeline_told(shown: planning.Timeline, market: MarketCard, locale: str) -> dict[str, Any]:
    chain, zone = set(shown.reckoning.chain), ZoneInfo(market.timezone)
    return {
        "event": event_told(shown.project, locale),
        "today": shown.today,
        "tasks": [_task(one, shown, critical=one.id in chain) for one in shown.tasks],
        "critical_path": shown.reckoning.chain,
        "needed_days": shown.reckoning.needed,
        "available_days": shown.available,
        "fits": shown.fits,
        "hours": [
            {
                "key": one.key,
                "title": one.phrase,
                "starts": one.starts.replace(tzinfo=zone),
                "ends": one.ends.replace(tzinfo=zone),
            }
            for one in shown.hours
        ],
    }


def _task(one: tasks.Task, shown: planning.Timeline, *, critical: bool) -> dict[str, Any]:
    stands = shown.reckoning.by_task[one.id]
    return {
        **vars(one),
        "starts": stands.starts,
        "ends": stands.ends,
        "spare_days": stands.spare,
        "overdue": stands.overdue,
        "critical": critical,
    }
