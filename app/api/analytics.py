"""A market's figures over HTTP, for its staff."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from app.accounts.permissions import Permission
from app.analytics import funnels, hypotheses, reports, series
from app.analytics.metrics import METRICS, Metric
from app.analytics.spans import span_of
from app.api.analysing import (
    AnomaliesShown,
    ConversionFunnel,
    CustomReport,
    HypothesesShown,
    Prediction,
    WantedReport,
    anomalies_told,
    funnel_told,
    hypothesis_told,
    prediction_told,
    report_told,
    span_told,
)
from app.api.callers import Marketplace, Signed
from app.api.problems import locale_of
from app.database import tenant_session

router = APIRouter(prefix="/api/v1/analytics", tags=["Analytics"])

First = Annotated[date | None, Query(alias="from", description="Without it, so many days.")]
Last = Annotated[date | None, Query(alias="to", description="Without it, yesterday.")]
LONG = 180
"""Days to look back over for what is unusual or to be expected, unless others are asked for."""


@router.get(
    "/conversion-funnel",
    response_model=ConversionFunnel,
    summary="How far do conversations get?",
    operation_id="readConversionFunnel",
)
async def conversion_funnel(
    request: Request, market: Marketplace, caller: Signed, first: First = None, last: Last = None
) -> Any:
    """From a first message to a quote, in all and by language; for who may see figures."""
    caller.actor.must(Permission.SEE_FIGURES)
    span, locale = span_of(market, first, last), locale_of(request)
    whole, by_locale = await funnels.conversion_funnel(market, caller.actor, span)
    page_views, searches = await funnels.came_before(market, caller.actor, span)
    return {
        "days": span_told(span),
        "enough_data": not whole.is_empty,
        "page_views": page_views,
        "searches": searches,
        "funnel": funnel_told(whole, locale),
        "by_language": [funnel_told(one, locale) for one in by_locale],
    }


@router.get(
    "/anomalies",
    response_model=AnomaliesShown,
    summary="What was unusual?",
    operation_id="listAnomalies",
)
async def anomalies(
    request: Request,
    market: Marketplace,
    caller: Signed,
    first: First = None,
    last: Last = None,
    metric: Annotated[list[Metric] | None, Query(max_length=len(METRICS))] = None,
) -> Any:
    """Days or weeks that stand out, the least likely first."""
    caller.actor.must(Permission.SEE_FIGURES)
    span = span_of(market, first, last, days=LONG)
    found = await series.anomalies(market, caller.actor, span, metric or tuple(METRICS))
    return anomalies_told(found, span, locale_of(request))


@router.get(
    "/predictions",
    response_model=Prediction,
    summary="What is to be expected?",
    operation_id="predictMetric",
)
async def predictions(
    request: Request,
    market: Marketplace,
    caller: Signed,
    metric: Metric = "conversations",
    days: Annotated[int, Query(ge=1, le=series.MOST_AHEAD)] = 28,
    first: First = None,
    last: Last = None,
) -> Any:
    """The days after `to`, with bounds, and how well the method did on days that are known."""
    caller.actor.must(Permission.SEE_FIGURES)
    span = span_of(market, first, last, days=LONG)
    found = await series.forecast(market, caller.actor, span, metric, days)
    told = prediction_told(found, locale_of(request))
    return told | {"coverage": series.COVERAGE}


@router.get(
    "/hypotheses",
    response_model=HypothesesShown,
    summary="What goes together?",
    operation_id="testHypotheses",
)
async def answered(
    request: Request, market: Marketplace, caller: Signed, first: First = None, last: Last = None
) -> Any:
    """What the data say of each hypothesis, and where there are too few of them to say it."""
    caller.actor.must(Permission.SEE_FIGURES)
    span, locale = span_of(market, first, last, days=365), locale_of(request)
    found = await hypotheses.hypotheses(market, caller.actor, span)
    return {
        "days": span_told(span),
        "hypotheses": [hypothesis_told(one, locale) for one in found],
    }


@router.post(
    "/custom-report",
    response_model=CustomReport,
    summary="Make a report",
    operation_id="makeReport",
)
async def custom_report(
    request: Request, market: Marketplace, caller: Signed, told: WantedReport
) -> Any:
    """The figures asked for, step by step and in all, beside as many days before."""
    caller.actor.must(Permission.SEE_FIGURES)
    span = span_of(market, told.first, told.last)
    async with tenant_session(market.id) as session:
        made = await reports.custom_report(session, caller.actor, span, told.metrics, told.step)
    return report_told(made, span, told.step, locale_of(request))
