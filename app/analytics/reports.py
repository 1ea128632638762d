"""A report as somebody wants it: which figures, for which days, in which steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.accounts.actors import Actor
from app.analytics.metrics import Metric, daily
from app.analytics.spans import Span
from app.database import TenantSession

Step = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Period:
    """A step of a report; the first and the last may be shorter than the others."""

    first: date
    last: date
    values: dict[Metric, int]


@dataclass(frozen=True)
class Total:
    """A figure over all days, and over as many days before."""

    metric: Metric
    total: int
    before: int

    @property
    def change(self) -> float | None:
        """By how many percent it grew; None from nothing."""
        return None if self.before == 0 else 100 * (self.total - self.before) / self.before


@dataclass(frozen=True)
class Report:
    """What was asked for."""

    periods: tuple[Period, ...]
    totals: tuple[Total, ...]


async def custom_report(
    session: TenantSession, actor: Actor, span: Span, metrics: Sequence[Metric], step: Step
) -> Report:
    """The figures of a span, step by step and in all, beside the days before it."""
    counted = await daily(session, actor, span, metrics)
    before = await daily(session, actor, span.before, metrics)
    begun: dict[date, dict[Metric, int]] = {}
    for place, day in enumerate(span.each()):
        values = begun.setdefault(max(span.first, begin_of(day, step)), dict.fromkeys(counted, 0))
        for metric, counts in counted.items():
            values[metric] += counts[place]
    firsts = list(begun)
    lasts = [*(day - timedelta(days=1) for day in firsts[1:]), span.last]
    return Report(
        periods=tuple(
            Period(first, last, begun[first]) for first, last in zip(firsts, lasts, strict=True)
        ),
        totals=tuple(
            Total(metric, sum(counts), sum(before[metric])) for metric, counts in counted.items()
        ),
    )


def begin_of(day: date, step: Step) -> date:
    """On which day the step begins in which a day lies; weeks begin on Monday."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day
