"""The analytics agent: a market's figures for its staff, and how their events did for members.

Every number comes from `app.analytics`; nothing is asked of a model. Which figures a message means
is told by the words in `prompts/analytics.json`, and without any of them it is the funnel.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from agents.acting import reader_of
from agents.base import BaseAgent, Block, Request, Result
from agents.outcomes import own_event
from agents.slots.folding import SKIPPED, folded
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.funnels import STAGES, conversion_funnel
from app.analytics.hypotheses import Tested, hypotheses
from app.analytics.metrics import METRICS
from app.analytics.series import Counts, anomalies, forecast
from app.analytics.shares import Share
from app.analytics.spans import span_of
from app.database import tenant_session
from app.i18n import N_, ntranslate, translate

Aspect = Literal["forecast", "unusual", "together", "event"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
LONG = 180
AHEAD = 28
MOST_TOLD = 3


class Analytics(BaseAgent):
    """Tells the funnel, what is unusual, what is to be expected, what goes together."""

    name = "analytics"

    async def run(self, request: Request) -> Result:
        """Return the figures that the message means, as text with a chart or a table."""
        async with tenant_session(request.market.id) as session:
            actor = await reader_of(session, request)
        aspect = aspect_of(request.message)
        if not actor.may(Permission.SEE_FIGURES) or aspect == "event":
            return await own_event(request, actor)
        match aspect:
            case "forecast":
                return await _forecast(request, actor)
            case "unusual":
                return await _unusual(request, actor)
            case "together":
                return await _together(request, actor)
            case _:
                return await _funnel(request, actor)


def aspect_of(message: str) -> Aspect | None:
    """Which figures a message means; the first in the order of `ASPECTS` that it has words of."""
    text = _fold(message)
    for aspect in ASPECTS:
        if any(re.search(rf"(?<!\w){re.escape(cue)}(?!\w)", text) for cue in cues()[aspect]):
            return aspect
    return None


@cache
def cues() -> Mapping[str, tuple[str, ...]]:
    """The words of each aspect, as texts are compared."""
    path = Path(__file__).parent / "prompts" / "analytics.json"
    told: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {aspect: tuple(_fold(cue) for cue in known) for aspect, known in told.items()}


def _fold(text: str) -> str:
    return folded(text).replace(SKIPPED, "")


async def _funnel(request: Request, actor: Actor) -> Result:
    locale, span = request.locale, span_of(request.market)
    whole, _by_locale = await conversion_funnel(request.market, actor, span)
    first, last = whole.stages[0], whole.stages[-1]
    if whole.is_empty or last.of_first is None:
        return Result(text=translate(locale, "Nobody asked anything in the last 90 days."))
    told = [
        ntranslate(
            locale,
            "Of %(count)s conversation in the last 90 days %(quoted)s led to a quote: %(share)s.",
            "Of %(count)s conversations in the last 90 days %(quoted)s led to a quote: %(share)s.",
            first.count,
            quoted=last.count,
            share=_share(last.of_first, locale),
        )
    ]
    lost = [
        (before, stage)
        for before, stage in zip(whole.stages, whole.stages[1:], strict=False)
        if before.count
    ]
    before, stage = max(lost, key=lambda pair: pair[0].count - pair[1].count)
    if before.count > stage.count:
        told.append(
            translate(
                locale,
                "Most are lost between \u201c%(before)s\u201d (%(had)s) and"
                " \u201c%(after)s\u201d (%(left)s).",
                before=translate(locale, STAGES[before.key]),
                had=before.count,
                after=translate(locale, STAGES[stage.key]),
                left=stage.count,
            )
        )
    chart = _chart(
        translate(locale, "Conversion funnel"),
        "bar",
        [translate(locale, STAGES[one.key]) for one in whole.stages],
        {translate(locale, "Conversations"): [str(one.count) for one in whole.stages]},
        _page(request),
    )
    return Result(text=" ".join(told), blocks=(chart,))


async def _forecast(request: Request, actor: Actor) -> Result:
    market, locale = request.market, request.locale
    made = await forecast(market, actor, span_of(market, days=LONG), "conversations", AHEAD)
    if isinstance(made, Counts):
        text = translate(
            locale, "There are not enough days with conversations yet to forecast from."
        )
        return Result(text=text)
    told = [
        translate(
            locale,
            "In the next four weeks %(expected)s conversations are to be expected, and between"
            " %(low)s and %(high)s in eight of ten cases.",
            expected=_number(made.total.expected, locale),
            low=_number(made.total.low, locale),
            high=_number(made.total.high, locale),
        )
    ]
    if not made.is_better:
        told.append(
            translate(locale, "On the last weeks that was no better than repeating a week before.")
        )
    names = (N_("Expected"), N_("At least"), N_("At most"))
    values = ("expected", "low", "high")
    series = {
        translate(locale, name): [f"{getattr(step, value):.1f}" for step in made.steps]
        for name, value in zip(names, values, strict=True)
    }
    labels = [_day(step.day, locale) for step in made.steps]
    title = translate(locale, "Forecast of conversations")
    return Result(
        text=" ".join(told), blocks=(_chart(title, "line", labels, series, _page(request)),)
    )


async def _unusual(request: Request, actor: Actor) -> Result:
    market, locale = request.market, request.locale
    found = await anomalies(market, actor, span_of(market, days=LONG))
    if not found.looked_at:
        return Result(text=translate(locale, "There is not enough yet to say what is unusual."))
    if not found.found:
        return Result(text=translate(locale, "Nothing was unusual in the last 180 days."))
    count = len(found.found)
    text = ntranslate(
        locale,
        "%(count)s day or week stands out in the last 180 days.",
        "%(count)s days or weeks stand out in the last 180 days.",
        count,
    )
    data = {
        "columns": [
            translate(locale, "What"),
            translate(locale, "When"),
            translate(locale, "How many"),
            translate(locale, "Usual then"),
        ],
        "rows": [
            [
                translate(locale, METRICS[one.metric].name),
                _day(one.day, locale),
                _number(one.value, locale),
                _number(one.usual, locale),
            ]
            for one in found.found[:20]
        ],
    }
    block = Block("table", translate(locale, "What was unusual"), data, _page(request))
    return Result(text=text, blocks=(block,))


async def _together(request: Request, actor: Actor) -> Result:
    market, locale = request.market, request.locale
    tested = await hypotheses(market, actor, span_of(market, days=365))
    supported = [one for one in tested if one.verdict == "supported"]
    enough = [one for one in tested if one.verdict != "not_enough_data"]
    told = [
        translate(
            locale,
            "Of %(all)s hypotheses there is enough data for %(enough)s, and %(supported)s of them"
            " are supported. What goes together need not be cause and effect.",
            all=len(tested),
            enough=len(enough),
            supported=len(supported),
        ),
        *(f"- {translate(locale, one.of.says)}" for one in supported[:MOST_TOLD]),
    ]
    data = {
        "columns": [
            translate(locale, "Hypothesis"),
            translate(locale, "Verdict"),
            translate(locale, "Chance"),
        ],
        "rows": [
            [
                translate(locale, one.of.says),
                verdict_name(one, locale),
                "—" if one.q is None else format_decimal(one.q, "0.000", locale=_babel(locale)),
            ]
            for one in tested
        ],
    }
    block = Block("table", translate(locale, "Hypotheses"), data, _page(request))
    return Result(text="\n".join(told), blocks=(block,))


def verdict_name(one: Tested, locale: str) -> str:
    """What came of a hypothesis, in the reader's words."""
    match one.verdict:
        case "supported":
            return translate(locale, "Supported")
        case "not_supported":
            return translate(locale, "Not supported")
        case _:
            return translate(locale, "Not enough data")


def _chart(
    title: str, form: str, labels: list[str], series: Mapping[str, list[str]], url: str
) -> Block:
    data: dict[str, Any] = {
        "form": form,
        "labels": labels,
        "series": [{"name": name, "values": values} for name, values in series.items()],
    }
    return Block("chart", title, data, url)


def _page(request: Request) -> str:
    return f"/{request.locale}/admin/analytics"


def _share(share: Share, locale: str) -> str:
    """A share with its bounds."""
    names = ("share", "low", "high")
    told = {
        name: format_percent(getattr(share, name), "0.#%", locale=_babel(locale)) for name in names
    }
    return translate(locale, "%(share)s (between %(low)s and %(high)s)", **told)


def _number(number: float, locale: str) -> str:
    return format_decimal(round(number), "#,##0", locale=_babel(locale))


def _day(day: Any, locale: str) -> str:
    return format_date(day, "d MMM", locale=_babel(locale))


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
