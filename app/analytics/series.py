"""What is unusual in a market's counts, and what is to be expected of them.

Counts are taken by day; where a day mostly brings nothing, by week, and where weeks are too few or
too empty too, it is said that there is not enough yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal

from app.accounts.actors import Actor
from app.analytics import worker
from app.analytics.metrics import METRICS, Metric, daily
from app.analytics.spans import Span
from app.database import tenant_session
from app.markets.directory import MarketCard

Grain = Literal["day", "week"]
LEAST: dict[Grain, int] = {"day": 28, "week": 12}
"""Below so many counts, from the first that is not zero, nothing is said."""
RATE = 0.01
"""How many of the days that are called unusual may be so by chance."""
COVERAGE = 0.8
"""In how many of ten cases a forecast's bounds shall hold, by ten."""
MOST_AHEAD = 90


@dataclass(frozen=True)
class Counts:
    """How often something happened in steps of a day or a week; `first` is the first step's day."""

    metric: Metric
    grain: Grain
    first: date
    values: tuple[int, ...]

    @property
    def enough(self) -> bool:
        """Whether there is enough to say anything."""
        return len(self.values) >= LEAST[self.grain] and median(self.values) > 0

    @property
    def have(self) -> int:
        """How many steps there are."""
        return len(self.values)

    @property
    def period(self) -> int:
        """After how many steps the same day of the week comes again."""
        return 7 if self.grain == "day" else 1

    def day(self, place: int) -> date:
        """On which day a step begins."""
        return self.first + timedelta(days=place * (1 if self.grain == "day" else 7))


@dataclass(frozen=True)
class Anomaly:
    """A day, or a week, on which more or less happened than is usual then."""

    metric: Metric
    grain: Grain
    day: date
    value: int
    usual: float
    p: float
    """Adjusted for the many days that were looked at."""

    @property
    def is_high(self) -> bool:
        """Whether it was more than usual."""
        return self.value > self.usual


@dataclass(frozen=True)
class Anomalies:
    """What stands out, the least likely first, and what there was too little of to tell."""

    found: tuple[Anomaly, ...]
    looked_at: tuple[Metric, ...]
    too_little: tuple[Metric, ...]


@dataclass(frozen=True)
class Expected:
    """What is to be expected in a step, or in all of them."""

    day: date
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """What is to be expected of a metric, and how well that would have been known before.

    `error` is how far off the model was on average on the `tried_on` newest steps when it was
    not shown them, `naive_error` how far off it is to repeat the week before.
    """

    metric: Metric
    grain: Grain
    have: int
    """How many counts it rests on."""
    steps: tuple[Expected, ...]
    total: Expected
    tried_on: int
    error: float
    naive_error: float
    covered: float
    """How many of those steps lay within the bounds."""

    @property
    def is_better(self) -> bool:
        """Whether it was nearer than repeating the week before."""
        return self.error < self.naive_error


async def anomalies(
    market: MarketCard, actor: Actor, span: Span, metrics: Sequence[Metric] = tuple(METRICS)
) -> Anomalies:
    """The unusual days or weeks of a span."""
    async with tenant_session(market.id) as session:
        counted = await daily(session, actor, span, metrics)
    series = [counts_of(metric, span, values) for metric, values in counted.items()]
    enough = [one for one in series if one.enough]
    found: list[Anomaly] = []
    for period in (7, 1):
        same = {one.metric: one for one in enough if one.period == period}
        if not same:
            continue
        told = await worker.ask(
            "unusual",
            series={metric: one.values for metric, one in same.items()},
            period=period,
            rate=RATE,
        )
        found += [
            Anomaly(
                metric=one["series"],
                grain=same[one["series"]].grain,
                day=same[one["series"]].day(one["place"]),
                value=round(one["value"]),
                usual=one["usual"],
                p=one["p"],
            )
            for one in told
        ]
    return Anomalies(
        found=tuple(sorted(found, key=lambda one: one.p)),
        looked_at=tuple(one.metric for one in enough),
        too_little=tuple(one.metric for one in series if not one.enough),
    )


async def forecast(
    market: MarketCard, actor: Actor, span: Span, metric: Metric, days: int
) -> Forecast | Counts:
    """What the next `days` days may bring; the counts themselves where they are too few."""
    async with tenant_session(market.id) as session:
        counted = await daily(session, actor, span, (metric,))
    counts = counts_of(metric, span, counted[metric])
    if not counts.enough:
        return counts
    ahead = days if counts.grain == "day" else max(1, round(days / 7))
    told = await worker.ask(
        "forecast", values=counts.values, ahead=ahead, period=counts.period, coverage=COVERAGE
    )
    start = len(counts.values)
    steps = tuple(
        Expected(counts.day(start + number), **step) for number, step in enumerate(told["steps"])
    )
    return Forecast(
        metric=metric,
        grain=counts.grain,
        have=counts.have,
        steps=steps,
        total=Expected(steps[0].day, **told["total"]),
        tried_on=told["tried_on"],
        error=told["error"],
        naive_error=told["naive_error"],
        covered=told["covered"],
    )


def counts_of(metric: Metric, span: Span, values: Sequence[int]) -> Counts:
    """The counts from the first day on which there was anything, by week where days are empty."""
    begins = next((place for place, count in enumerate(values) if count), len(values))
    since = values[begins:]
    counts = Counts(metric, "day", span.first + timedelta(days=begins), tuple(since))
    if counts.enough or not since or median(since) > 0:
        return counts
    # Whole weeks up to the last day.
    skipped = len(since) % 7
    weeks = tuple(sum(since[place : place + 7]) for place in range(skipped, len(since), 7))
    return Counts(metric, "week", counts.day(skipped), weeks)
