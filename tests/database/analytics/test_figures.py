"""A market's figures from its own rows: funnels, series, hypotheses and reports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy
import pytest
from sqlalchemy import text

from app.accounts.actors import Actor, system
from app.accounts.permissions import GRANTS, Permission, Role
from app.analytics.funnels import conversion_funnel
from app.analytics.hypotheses import hypotheses
from app.analytics.reports import custom_report
from app.analytics.series import Counts, Forecast, anomalies, counts_of, forecast
from app.analytics.spans import Span, SpanRefused, span_of
from app.database import TenantSession, tenant_session
from app.errors import NotAllowed
from app.markets.directory import MarketCard
from tests.factories import ROWS

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
SPAN = Span(date(2026, 6, 1), date(2026, 6, 30), "UTC")
LISTED = {"citations": [{"kind": "listing", "external_id": "l-1"}]}


def staff(market: MarketCard) -> Actor:
    return system(market.id, "tests", Permission.SEE_FIGURES)


async def talk(
    session: TenantSession,
    *,
    asked: bool = True,
    offered: bool = False,
    requested: bool = False,
    quoted: bool = False,
    locale: str = "en",
    at: datetime = NOON,
) -> UUID:
    made = await ROWS["conversation"](session, locale=locale, created_at=at, last_seq=int(asked))
    if asked:
        await ROWS["conversation_event"](session, conversation_id=made.id, created_at=at)
    if offered:
        told = {"conversation_id": made.id, "seq": 2, "kind": "reply", "payload": LISTED}
        await ROWS["conversation_event"](session, **told, created_at=at)
    if requested:
        told = {"state": "answered" if quoted else "declined", "created_at": at}
        answered = {"answered_at": at} if quoted else {}
        await ROWS["quote_request"](session, conversation_id=made.id, **told, **answered)
    return made.id


async def test_a_funnel_counts_who_got_how_far_and_in_which_language(market: MarketCard):
    async with tenant_session(market.id) as session:
        await talk(session, asked=False)
        await talk(session, locale="ru")
        for number in range(6):
            await talk(session, offered=True, requested=number < 3, quoted=number < 2)
        # Who asks for a quote without having been shown an offer came by another way.
        await talk(session, requested=True, quoted=True)
        await talk(session, offered=True, at=NOON - timedelta(days=60))
    whole, by_locale = await conversion_funnel(market, staff(market), SPAN)
    assert [(stage.key, stage.count) for stage in whole.stages] == [
        ("started", 8),
        ("offered", 6),
        ("requested", 3),
        ("quoted", 2),
    ]
    requested = whole.stages[2]
    assert requested.of_previous is not None
    assert requested.of_first is not None
    assert (requested.of_previous.share, requested.of_first.share) == (0.5, 0.375)
    assert requested.of_previous.low < 0.5 < requested.of_previous.high
    assert {one.locale: one.stages[0].count for one in by_locale} == {"en": 7, "ru": 1}


async def test_an_empty_market_has_an_empty_funnel(market: MarketCard):
    whole, by_locale = await conversion_funnel(market, staff(market), SPAN)
    assert whole.is_empty
    assert by_locale == []
    assert whole.stages[1].of_first is None


async def test_figures_are_for_who_may_see_them(market: MarketCard):
    member = Actor(market.id, kind="person", permissions=GRANTS[Role.MEMBER])
    for asked in (
        conversion_funnel(market, member, SPAN),
        anomalies(market, member, SPAN),
        forecast(market, member, SPAN, "conversations", 7),
        hypotheses(market, member, SPAN),
    ):
        with pytest.raises(NotAllowed):
            await asked


async def test_days_are_those_of_the_market_s_own_clock(market: MarketCard):
    async with tenant_session(market.id) as session:
        await talk(session, at=datetime(2026, 6, 1, 1, tzinfo=UTC))
        for zone, count in (("UTC", 1), ("America/New_York", 0)):
            span = Span(SPAN.first, SPAN.last, zone)
            made = await custom_report(session, staff(market), span, ("conversations",), "month")
            assert made.totals[0].total == count


async def test_a_report_has_steps_totals_and_what_was_before(market: MarketCard):
    async with tenant_session(market.id) as session:
        for day in (1, 2, 30):
            await talk(session, at=datetime(2026, 6, day, 12, tzinfo=UTC))
        await talk(session, at=datetime(2026, 5, 20, 12, tzinfo=UTC))
        made = await custom_report(
            session, staff(market), SPAN, ("messages", "conversations"), "week"
        )
    assert [one.values["conversations"] for one in made.periods] == [2, 0, 0, 0, 1]
    assert (made.periods[-1].first, made.periods[-1].last) == (date(2026, 6, 29), SPAN.last)
    conversations = next(one for one in made.totals if one.metric == "conversations")
    assert (conversations.total, conversations.before, conversations.change) == (3, 1, 200)


def test_a_span_is_whole_days_up_to_yesterday_and_not_too_many(market_card: MarketCard):
    usual = span_of(market_card)
    assert usual.days == 90
    assert usual.last < datetime.now(UTC).date() + timedelta(days=1)
    assert (usual.before.last, usual.before.days) == (usual.first - timedelta(days=1), 90)
    for first, last in (
        (date(2026, 2, 1), date(2026, 1, 1)),
        (date(2020, 1, 1), date(2026, 1, 1)),
        (None, date(1, 1, 1)),
        (None, date.max),
    ):
        with pytest.raises(SpanRefused):
            span_of(market_card, first, last)


@pytest.fixture
def market_card(market: MarketCard) -> MarketCard:
    return market


def test_where_days_are_mostly_empty_weeks_are_counted():
    span = Span(date(2026, 1, 1), date(2026, 6, 30), "UTC")
    daily = counts_of("events", span, [3] * 60)
    assert (daily.grain, daily.have, daily.enough) == ("day", 60, True)
    weekly = counts_of("events", span, [0, 0, *([2] + [0] * 6) * 13])
    assert (weekly.grain, weekly.have, weekly.enough, weekly.values[0]) == ("week", 13, True, 2)
    assert weekly.first == date(2026, 1, 3)
    for values in ([0] * 90, [1] * 20, ([1] + [0] * 40) * 4):
        assert not counts_of("events", span, values).enough


async def filled(market: MarketCard, days: int, *, stirred: int | None = None) -> Span:
    """Conversations of so many days, about ten a day; on one day ago `stirred` forty."""
    source = numpy.random.default_rng(5)
    async with tenant_session(market.id) as session:
        for ago in range(days):
            count = 40 if ago == stirred else int(source.poisson(10))
            rows = [{"at": NOON - timedelta(days=ago)}] * count
            await many(session, rows)
    return Span(SPAN.last - timedelta(days=days - 1), SPAN.last, "UTC")


async def many(session: TenantSession, rows: list[dict[str, Any]]) -> None:
    if rows:
        await (await session.connection()).execute(
            text(
                "insert into conversation"
                " (id, locale, title, agent, course_id, last_seq, read_seq, created_at, updated_at)"
                " values (gen_random_uuid(), 'en', '', '', '', 1, 0, :at, :at)"
            ),
            rows,
        )


async def test_an_unusual_day_is_found_and_a_month_is_forecast(market: MarketCard):
    span = await filled(market, 84, stirred=20)
    found = await anomalies(market, staff(market), span)
    assert [one.day for one in found.found] == [SPAN.last - timedelta(days=20)]
    assert found.found[0].is_high
    assert found.looked_at == ("conversations",)
    assert "quotes" in found.too_little
    made = await forecast(market, staff(market), span, "conversations", 28)
    assert isinstance(made, Forecast)
    assert made.steps[0].day == SPAN.last + timedelta(days=1)
    assert made.total.low < 280 < made.total.high


async def test_of_too_little_nothing_is_forecast(market: MarketCard):
    span = await filled(market, 9)
    made = await forecast(market, staff(market), span, "conversations", 28)
    assert isinstance(made, Counts)
    assert made.have == 9
    assert (await anomalies(market, staff(market), span)).found == ()


async def test_hypotheses_are_tested_where_there_is_enough_and_said_where_not(market: MarketCard):
    async with tenant_session(market.id) as session:
        for number in range(25):
            await talk(session, offered=True, requested=number < 15)
            await talk(session, requested=number < 1)
    told = {one.of.key: one for one in await hypotheses(market, staff(market), SPAN)}
    offers = told["offers_lead_to_requests"]
    assert (offers.verdict, offers.sizes) == ("supported", (25, 25))
    assert offers.effect is not None
    assert offers.low is not None
    assert 1 < offers.low < offers.effect
    assert [round(side.share, 2) for side in offers.sides] == [0.6, 0.04]
    early = told["early_guests_come"]
    assert (early.verdict, early.effect, early.q) == ("not_enough_data", None, None)


async def test_the_opposite_of_a_hypothesis_does_not_support_it(market: MarketCard):
    async with tenant_session(market.id) as session:
        for number in range(25):
            await talk(session, offered=True, requested=number < 1)
            await talk(session, requested=number < 15)
    told = {one.of.key: one for one in await hypotheses(market, staff(market), SPAN)}
    offers = told["offers_lead_to_requests"]
    assert offers.q is not None
    assert offers.q < 0.05
    assert offers.verdict == "not_supported"


async def test_ranks_and_quantities_are_compared_over_completed_events(market: MarketCard):
    day = date(2026, 6, 25)
    async with tenant_session(market.id) as session:
        for number in range(20):
            begun = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=number)
            event = await ROWS["project"](session, state="completed", day=day, created_at=begun)
            money = await ROWS["budget"](session, project_id=event.id)
            # The later it was begun, the more it cost.
            await ROWS["budget_line"](session, budget_id=money.id, actual=1000 + 40 * number)
            guest = await ROWS["registration"](session, project_id=event.id, created_at=begun)
            if number < 10:
                await ROWS["attendance"](session, project_id=event.id, registration_id=guest.id)
            else:
                await ROWS["attendance"](session, project_id=event.id)
    told = {one.of.key: one for one in await hypotheses(market, staff(market), SPAN)}
    assert (told["early_guests_come"].verdict, told["early_guests_come"].effect) == (
        "supported",
        1.0,
    )
    cost = told["early_plans_cost_less"]
    assert cost.verdict == "supported"
    assert cost.effect is not None
    assert round(cost.effect, 6) == -1
