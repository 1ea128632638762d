"""What a market's figures say, as the API describes it."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.analytics.funnels import STAGES, Funnel, Stage, StageKey
from app.analytics.hypotheses import Effect, Test, Tested, Verdict
from app.analytics.metrics import METRICS, Metric
from app.analytics.reports import Report, Step
from app.analytics.series import LEAST, Anomalies, Counts, Expected, Forecast, Grain
from app.analytics.shares import Share
from app.analytics.spans import Span
from app.i18n import translate

Fraction = Annotated[float, Field(ge=0, le=1)]


class Days(BaseModel):
    """Which days it is about, both included, by the market's clock."""

    first: date
    last: date


class ShareShown(BaseModel):
    """A part of a whole; the true share lies between `low` and `high` in 95 of 100 cases."""

    share: Fraction
    low: Fraction
    high: Fraction


class StageShown(BaseModel):
    """How many conversations got so far."""

    key: StageKey
    name: str = Field(description="In the reader's language.")
    count: int
    of_first: ShareShown | None
    of_previous: ShareShown | None


class FunnelShown(BaseModel):
    """The stages in their order."""

    locale: str = Field(description="In which language was asked; empty for all together.")
    stages: list[StageShown]


class ConversionFunnel(BaseModel):
    """How far the conversations got that were begun in these days."""

    days: Days
    enough_data: bool = Field(description="False where nobody asked anything.")
    page_views: int = Field(description="Public pages shown to people in these days.")
    searches: int
    funnel: FunnelShown
    by_language: list[FunnelShown]


class AnomalyShown(BaseModel):
    """A day or week on which more or less happened than is usual then."""

    metric: Metric
    name: str
    grain: Grain
    day: date = Field(description="The day, or the first of the week.")
    value: int
    usual: float
    direction: Literal["more", "less"]
    p: Fraction = Field(description="How likely by chance, adjusted for the days looked at.")


class AnomaliesShown(BaseModel):
    """What stands out, the least likely first."""

    days: Days
    anomalies: list[AnomalyShown]
    looked_at: list[Metric]
    not_enough_data: list[Metric]
    method: str = "huber_regression+minimum_covariance_determinant+benjamini_hochberg"


class StepShown(BaseModel):
    """What is to be expected in a day or week."""

    day: date
    expected: float
    low: float
    high: float


class SumShown(BaseModel):
    """What is to be expected of all steps together."""

    expected: float
    low: float
    high: float


class Quality(BaseModel):
    """How well it would have been known: the newest steps, forecast from those before them."""

    tried_on: int
    mean_absolute_error: float
    naive_error: float = Field(description="Of saying that each is as a week before.")
    better_than_naive: bool
    covered: Fraction = Field(description="How many of them lay within the bounds.")


class Prediction(BaseModel):
    """What the next days may bring; nothing but how many counts there are where too few."""

    metric: Metric
    name: str
    enough_data: bool
    grain: Grain
    have: int = Field(description="Days or weeks with counts.")
    needed: int
    coverage: Fraction = Field(description="In how many cases the bounds shall hold.")
    steps: list[StepShown]
    total: SumShown | None
    quality: Quality | None
    method: str = "gaussian_process"


class HypothesisShown(BaseModel):
    """A question to the market's data, and what they answer."""

    key: str
    says: str = Field(description="In the reader's language.")
    first: str
    second: str
    test: Test
    verdict: Verdict
    sizes: list[int]
    needed: int
    effect_name: Effect
    effect: float | None
    low: float | None = Field(description="Of the interval of 95 %; null without an end.")
    high: float | None
    p: Fraction | None
    q: Fraction | None = Field(description="`p`, adjusted for how many were tested.")
    shares: list[ShareShown]


class HypothesesShown(BaseModel):
    """All that was asked, whatever the answer."""

    days: Days
    hypotheses: list[HypothesisShown]


class WantedReport(BaseModel):
    """Which figures, for which days, in which steps."""

    model_config = ConfigDict(extra="forbid")

    metrics: list[Metric] = Field(min_length=1, max_length=len(METRICS))
    first: date | None = Field(default=None, description="Without it, 90 days.")
    last: date | None = Field(default=None, description="Without it, yesterday.")
    step: Step = "week"


class PeriodShown(BaseModel):
    """A step of the report."""

    first: date
    last: date
    values: dict[Metric, int]


class TotalShown(BaseModel):
    """A figure over all days, beside as many days before."""

    metric: Metric
    name: str
    total: int
    before: int
    change_percent: float | None = Field(description="Null where there was nothing before.")


class CustomReport(BaseModel):
    """What was asked for."""

    days: Days
    step: Step
    periods: list[PeriodShown]
    totals: list[TotalShown]


def span_told(span: Span) -> dict[str, date]:
    """The days of a span."""
    return {"first": span.first, "last": span.last}


def funnel_told(funnel: Funnel, locale: str) -> dict[str, Any]:
    """A funnel."""
    return {"locale": funnel.locale, "stages": [_stage(one, locale) for one in funnel.stages]}


def anomalies_told(found: Anomalies, span: Span, locale: str) -> dict[str, Any]:
    """What stands out."""
    return {
        "days": span_told(span),
        "anomalies": [
            {
                **vars(one),
                "name": _name(one.metric, locale),
                "usual": round(one.usual, 2),
                "direction": "more" if one.is_high else "less",
            }
            for one in found.found
        ],
        "looked_at": found.looked_at,
        "not_enough_data": found.too_little,
    }


def prediction_told(found: Forecast | Counts, locale: str) -> dict[str, Any]:
    """A forecast, or that there is not enough for one."""
    told = {
        "metric": found.metric,
        "name": _name(found.metric, locale),
        "grain": found.grain,
        "have": found.have,
        "needed": LEAST[found.grain],
    }
    if isinstance(found, Counts):
        return told | {"enough_data": False, "steps": [], "total": None, "quality": None}
    quality = {
        "tried_on": found.tried_on,
        "mean_absolute_error": round(found.error, 3),
        "naive_error": round(found.naive_error, 3),
        "better_than_naive": found.is_better,
        "covered": found.covered,
    }
    return told | {
        "enough_data": True,
        "steps": [{"day": one.day, **_bounds(one)} for one in found.steps],
        "total": _bounds(found.total),
        "quality": quality,
    }


def hypothesis_told(one: Tested, locale: str) -> dict[str, Any]:
    """A hypothesis and what came of it."""
    return {
        **vars(one),
        "key": one.of.key,
        "says": translate(locale, one.of.says),
        "first": translate(locale, one.of.first),
        "second": translate(locale, one.of.second),
        "test": one.of.test,
        "shares": [vars(side) for side in one.sides],
    }


def report_told(report: Report, span: Span, step: Step, locale: str) -> dict[str, Any]:
    """A report as it was asked for."""
    return {
        "days": span_told(span),
        "step": step,
        "periods": [vars(one) for one in report.periods],
        "totals": [
            {
                **vars(one),
                "name": _name(one.metric, locale),
                "change_percent": None if one.change is None else round(one.change, 1),
            }
            for one in report.totals
        ],
    }


def _stage(stage: Stage, locale: str) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": translate(locale, STAGES[stage.key]),
        "count": stage.count,
        "of_first": share_told(stage.of_first),
        "of_previous": share_told(stage.of_previous),
    }


def _bounds(one: Expected) -> dict[str, float]:
    return {name: round(getattr(one, name), 2) for name in ("expected", "low", "high")}


def share_told(share: Share | None) -> dict[str, float] | None:
    """A share with its bounds; None of nothing."""
    return None if share is None else vars(share)


def _name(metric: Metric, locale: str) -> str:
    return translate(locale, METRICS[metric].name)
