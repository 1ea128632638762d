"""The market's figures as a page of the console."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import reflex as rx
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from app.accounts.permissions import Permission
from app.analytics import series
from app.analytics.funnels import STAGES, Funnel, came_before, conversion_funnel
from app.analytics.hypotheses import Tested, hypotheses
from app.analytics.metrics import METRICS, Metric, daily
from app.analytics.shares import Share
from app.analytics.spans import span_of
from app.database import tenant_session
from app.errors import AppError
from app.i18n import N_, translate
from state.admin.entry import Entry, acting, enter, say_wrong

SHOWN: Metric = "conversations"
AHEAD = 28
LONG = 180
PAST = 56
"""Days that the chart shows before those to come."""
WIDTH, HEIGHT = 600, 160
VERDICTS = {
    "supported": N_("Supported"),
    "not_supported": N_("Not supported"),
    "not_enough_data": N_("Not enough data"),
}
EFFECTS = {
    "odds_ratio": N_("Odds ratio %(effect)s (%(low)s to %(high)s)"),
    "chance_greater": N_("Chance of more %(effect)s (%(low)s to %(high)s)"),
    "rho": N_("Rank correlation %(effect)s (%(low)s to %(high)s)"),
}


@dataclasses.dataclass(frozen=True)
class Stage:
    """A stage of the funnel; `width` is its percentage of the first."""

    name: str
    count: str
    width: int
    of_first: str
    of_previous: str


@dataclasses.dataclass(frozen=True)
class Unusual:
    """A day or week that stands out."""

    what: str
    when: str
    value: str
    usual: str
    more: bool


@dataclasses.dataclass(frozen=True)
class Step:
    """A day or week to come."""

    when: str
    expected: str
    low: str
    high: str


@dataclasses.dataclass(frozen=True)
class Answer:
    """A hypothesis, and what the data say of it."""

    says: str
    verdict: str
    kind: str
    """How the verdict is coloured, see `badge`."""
    sizes: str
    effect: str
    chance: str


class AnalyticsState(rx.State):
    """The funnel, what was unusual, what is to be expected and what goes together."""

    loaded: rx.Field[bool] = rx.field(False)
    stages: rx.Field[list[Stage]] = rx.field(default_factory=list)
    asked: rx.Field[int] = rx.field(0)
    page_views: rx.Field[str] = rx.field("0")
    searches: rx.Field[str] = rx.field("0")
    unusual: rx.Field[list[Unusual]] = rx.field(default_factory=list)
    looked: rx.Field[bool] = rx.field(False)
    """Whether there was enough to look for what is unusual."""
    steps: rx.Field[list[Step]] = rx.field(default_factory=list)
    total: rx.Field[Step] = rx.field(Step("", "", "", ""))
    better: rx.Field[bool] = rx.field(False)
    have: rx.Field[int] = rx.field(0)
    needed: rx.Field[int] = rx.field(0)
    past: rx.Field[str] = rx.field("")
    """The points of the line of what was, as SVG writes them; likewise the two after it."""
    expected: rx.Field[str] = rx.field("")
    bounds: rx.Field[str] = rx.field("")
    answers: rx.Field[list[Answer]] = rx.field(default_factory=list)

    @rx.event
    async def load(self):
        """Show the figures."""
        entry = await enter(self, Permission.SEE_FIGURES, place="analytics", title=N_("Analytics"))
        if entry is not None:
            await self._reckon(entry)

    @rx.event
    async def refresh(self):
        """Reckon again."""
        await self._reckon(await acting(self))

    async def _reckon(self, entry: Entry) -> None:
        market, actor, locale = entry.market, entry.actor, entry.locale
        try:
            whole, _by_locale = await conversion_funnel(market, actor, span_of(market))
            pages, searches = await came_before(market, actor, span_of(market))
            found = await series.anomalies(market, actor, span_of(market, days=LONG))
            made = await series.forecast(market, actor, span_of(market, days=LONG), SHOWN, AHEAD)
            tested = await hypotheses(market, actor, span_of(market, days=365))
            recent = span_of(market, days=PAST)
            async with tenant_session(market.id) as session:
                before = (await daily(session, actor, recent, (SHOWN,)))[SHOWN]
        except AppError as error:
            await say_wrong(self, error)
            return
        self.asked, self.stages = whole.stages[0].count, _stages(whole, locale)
        self.page_views = format_decimal(pages, locale=locale)
        self.searches = format_decimal(searches, locale=locale)
        self.looked = bool(found.looked_at)
        self.unusual = [_unusual(one, locale) for one in found.found[:20]]
        self._foresee(made, before, locale)
        self.answers = [_answer(one, locale) for one in tested]
        self.loaded = True

    def _foresee(
        self, made: series.Forecast | series.Counts, before: list[int], locale: str
    ) -> None:
        self.have, self.needed = made.have, series.LEAST[made.grain]
        if isinstance(made, series.Counts):
            self.steps, self.past, self.expected, self.bounds = [], "", "", ""
            return
        self.better = made.is_better
        self.steps = [_step(one, locale) for one in made.steps]
        self.total = _step(made.total, locale)
        if made.grain == "week":
            before = [sum(before[place : place + 7]) for place in range(0, len(before), 7)]
        highest = max(1.0, *map(float, before), *(one.high for one in made.steps))
        wide = WIDTH / max(1, len(before) + len(made.steps) - 1)

        def point(place: int, value: float) -> str:
            return f"{place * wide:.1f},{HEIGHT - HEIGHT * value / highest:.1f}"

        start = len(before)
        self.past = " ".join(point(place, value) for place, value in enumerate(before))
        self.expected = " ".join(
            point(start + place, one.expected) for place, one in enumerate(made.steps)
        )
        upper = [point(start + place, one.high) for place, one in enumerate(made.steps)]
        lower = [point(start + place, one.low) for place, one in enumerate(made.steps)]
        self.bounds = " ".join([*upper, *reversed(lower)])


def _stages(funnel: Funnel, locale: str) -> list[Stage]:
    first = max(1, funnel.stages[0].count)
    return [
        Stage(
            name=translate(locale, STAGES[one.key]),
            count=_number(one.count, locale),
            width=round(100 * one.count / first),
            of_first=_share(one.of_first, locale),
            of_previous=_share(one.of_previous, locale),
        )
        for one in funnel.stages
    ]


def _unusual(one: series.Anomaly, locale: str) -> Unusual:
    last = one.day + timedelta(days=6)
    when = _day(one.day, locale) + (f" – {_day(last, locale)}" if one.grain == "week" else "")
    return Unusual(
        what=translate(locale, METRICS[one.metric].name),
        when=when,
        value=_number(one.value, locale),
        usual=_number(one.usual, locale),
        more=one.is_high,
    )


def _step(one: series.Expected, locale: str) -> Step:
    return Step(
        _day(one.day, locale),
        _number(one.expected, locale),
        _number(one.low, locale),
        _number(one.high, locale),
    )


def _answer(one: Tested, locale: str) -> Answer:
    return Answer(
        says=translate(locale, one.of.says),
        verdict=translate(locale, VERDICTS[one.verdict]),
        kind="good" if one.verdict == "supported" else "plain",
        sizes=" / ".join(_number(size, locale) for size in one.sizes),
        effect=""
        if one.effect is None and one.q is None
        else translate(
            locale,
            EFFECTS[one.effect_name],
            **{name: _decimal(getattr(one, name), locale) for name in ("effect", "low", "high")},
        ),
        chance="" if one.q is None else format_decimal(one.q, "0.000", locale=_babel(locale)),
    )


def _share(share: Share | None, locale: str) -> str:
    if share is None:
        return "—"
    told = [
        format_percent(value, "0.#%", locale=_babel(locale))
        for value in (share.share, share.low, share.high)
    ]
    return f"{told[0]} ({told[1]} – {told[2]})"


def _number(number: float, locale: str) -> str:
    return format_decimal(round(number), "#,##0", locale=_babel(locale))


def _decimal(number: float | None, locale: str) -> str:
    return "∞" if number is None else format_decimal(number, "0.00", locale=_babel(locale))


def _day(day: object, locale: str) -> str:
    return format_date(day, "d MMM", locale=_babel(locale))  # pyright: ignore[reportArgumentType]


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
