"""The parts of an answer that are more than text: what each kind of block holds.

A block stands in the log as JSON, with amounts as text. What does not have its kind's shape is
neither kept nor shown: `read` says what is wrong with it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, model_validator

Kind = Literal["plan", "budget", "comparison", "table", "chart", "tasks"]


class Phase(BaseModel):
    """A part of the time before an event."""

    name: str
    begins: date | None = Field(default=None, alias="from")
    ends: date | None = Field(default=None, alias="to")
    tasks: int = Field(default=0, ge=0)
    done: int = Field(default=0, ge=0)


class Hour(BaseModel):
    """A part of the event's day, in the market's own time."""

    name: str
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="to")


class Plan(BaseModel):
    """An event in time."""

    phases: list[Phase]
    day: date | None = Field(default=None, alias="date")
    guests: int | None = None
    place: str = ""
    hours: list[Hour] = []
    project: str = ""


class Task(BaseModel):
    """Something to be done."""

    name: str
    due: date | None = None
    done: bool = False


class Tasks(BaseModel):
    """What is to be done for an event."""

    tasks: list[Task]


class BudgetLine(BaseModel):
    """A line of a budget; `actual` is what it came to, where that is known."""

    name: str
    planned: Decimal
    actual: Decimal | None = None


class Budget(BaseModel):
    """What is planned to be spent, against what it came to."""

    currency: str
    lines: list[BudgetLine]
    total: Decimal

    @model_validator(mode="after")
    def _adds_up(self) -> "Budget":
        if sum((line.planned for line in self.lines), Decimal(0)) != self.total:
            raise ValueError("the lines do not add up to the total")
        return self


class Table(BaseModel):
    """Rows of texts; `urls` are the pages that the rows are of, on the market's own host."""

    columns: list[str]
    rows: list[list[str]]
    urls: list[str] = []

    @model_validator(mode="after")
    def _even(self) -> "Table":
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another number of cells than there are columns")
        if self.urls and len(self.urls) != len(self.rows):
            raise ValueError("there are more or fewer links than rows")
        if any(leads_away(url) for url in self.urls):
            raise ValueError("a row leads elsewhere")
        return self


class Series(BaseModel):
    """Values under one name; None where there is none."""

    name: str
    values: list[Decimal | None]


class Chart(BaseModel):
    """Series of values over the same labels."""

    form: Literal["bar", "line"]
    labels: list[str]
    series: list[Series]

    @model_validator(mode="after")
    def _even(self) -> "Chart":
        if any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("a series has another number of values than there are labels")
        return self


Data = Plan | Tasks | Budget | Table | Chart
_SHAPES: Mapping[str, type[Data]] = {
    "table": Table,
    "comparison": Table,
    "budget": Budget,
    "tasks": Tasks,
    "plan": Plan,
    "chart": Chart,
}


class Block(BaseModel):
    """A block as programs are shown it; each kind has one shape of `data`."""

    kind: Kind
    title: str
    data: dict[str, Any] = Field(description="Amounts are text, days are such as 2027-06-12.")
    url: str = Field(default="", description="Where it goes on, on the market's own host.")


Blocks = Annotated[list[Block], Field(description="The parts that are more than text.")]


def read(kind: str, data: Mapping[str, Any]) -> Data:
    """The data of a block, checked; raises pydantic's `ValidationError`, or `KeyError`."""
    return TypeAdapter(_SHAPES[kind]).validate_python(dict(data))


def leads_away(url: str) -> bool:
    """Whether a link leads to another host than the market's."""
    return url != "" and (not url.startswith("/") or url.startswith(("//", "/\\")))


def shown(blocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Kept blocks as programs are shown them; what another version kept and has no shape is not."""
    told: list[dict[str, Any]] = []
    for block in blocks:
        try:
            read(str(block["kind"]), block["data"])
            told.append(Block.model_validate(dict(block)).model_dump(mode="json"))
        except (KeyError, TypeError, ValueError):
            continue
    return told
