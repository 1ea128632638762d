"""The social agent: what others write of the market elsewhere, how it sounds, what it is about.

Every number comes from `app.social`; nothing is asked of a model, and no tool is called. What
people wrote stands in tables only, one short line each without links and signs: it is other
people's text, and whatever it asks for stays words. Which figures a message means is told by the
words in `prompts/social.json`, and without any of them it is how mentions sound.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from agents.acting import reader_of
from agents.base import BaseAgent, Block, Request, Result
from agents.slots.folding import SKIPPED, folded
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.spans import Span, span_of
from app.database import tenant_session
from app.i18n import N_, ntranslate, translate
from app.social.figures import Sounds, sounds_of, topics_of
from app.social.models import SENTIMENTS, Mention, Sentiment
from app.social.quoting import quoted
from app.social.reading import Sought, mentions_of
from app.social.spans import days_of

Aspect = Literal["topics", "negative", "positive", "latest"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
DAYS = 90
MOST_SHOWN = 8
NAMES: Mapping[Sentiment, str] = {
    "positive": N_("Positive"),
    "neutral": N_("Neutral"),
    "negative": N_("Negative"),
}


class Social(BaseAgent):
    """Tells staff how mentions sound, what they are about, and shows some of them."""

    name = "social"

    async def run(self, request: Request) -> Result:
        """Return the figures that the message means, as text with a chart or a table."""
        async with tenant_session(request.market.id) as session:
            actor = await reader_of(session, request)
        asked = request.intent == "track_mentions"
        if not actor.may(Permission.SEE_FIGURES):
            # Beside an analysis of one's own event it has nothing to add.
            text = N_("What others write about this market is shown to its staff.")
            return Result(text=translate(request.locale, text)) if asked else Result()
        span = _last_days(request)
        async with tenant_session(request.market.id) as session:
            found = await sounds_of(session, actor, span)
        if not found.read:
            text = N_("No mentions of the last 90 days were brought in yet.")
            return Result(text=translate(request.locale, text)) if asked else Result()
        match aspect_of(request.message) if asked else None:
            case "topics":
                return await _topics(request, actor, span)
            case "negative" | "positive" as sentiment:
                return await _those(request, actor, span, found, sentiment)
            case "latest":
                return await _those(request, actor, span, found, None)
            case None:
                return await _sounds(request, actor, span, found)


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
    path = Path(__file__).parent / "prompts" / "social.json"
    told: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {aspect: tuple(_fold(cue) for cue in known) for aspect, known in told.items()}


def _fold(text: str) -> str:
    return folded(text).replace(SKIPPED, "")


def _last_days(request: Request) -> Span:
    today = days_of(request.market).last
    return span_of(request.market, last=today, days=DAYS)


async def _sounds(request: Request, actor: Actor, span: Span, found: Sounds) -> Result:
    locale = request.locale
    async with tenant_session(request.market.id) as session:
        before = await sounds_of(session, actor, span.before)
    told = [
        ntranslate(
            locale,
            "%(count)s mention of the last 90 days was read: %(good)s sound positive, %(bad)s"
            " negative.",
            "%(count)s mentions of the last 90 days were read: %(good)s sound positive, %(bad)s"
            " negative.",
            found.read,
            good=_percent(found.counts["positive"], found.read, locale),
            bad=_percent(found.counts["negative"], found.read, locale),
        )
    ]
    if before.read:
        told.append(
            ntranslate(
                locale,
                "In the 90 days before it was %(count)s, and %(bad)s of it negative.",
                "In the 90 days before they were %(count)s, and %(bad)s of them negative.",
                before.read,
                bad=_percent(before.counts["negative"], before.read, locale),
            )
        )
    data: dict[str, Any] = {
        "form": "bar",
        "labels": [_day(week.first, locale) for week in found.weeks],
        "series": [
            {
                "name": translate(locale, NAMES[name]),
                "values": [str(week.counts[name]) for week in found.weeks],
            }
            for name in SENTIMENTS
        ],
    }
    title = translate(locale, "How mentions sound, week by week")
    return Result(text=" ".join(told), blocks=(Block("chart", title, data, _page(request)),))


async def _topics(request: Request, actor: Actor, span: Span) -> Result:
    locale = request.locale
    async with tenant_session(request.market.id) as session:
        found = await topics_of(session, actor, span, limit=MOST_SHOWN)
    if not found:
        text = N_("There are not enough mentions yet to say what they are about.")
        return Result(text=translate(locale, text))
    text = ntranslate(
        locale,
        "Mentions of the last 90 days are mostly about %(count)s topic.",
        "Mentions of the last 90 days are mostly about %(count)s topics.",
        len(found),
    )
    columns = (N_("Topic"), N_("Mentions"), N_("Positive"), N_("Negative"), N_("For example"))
    rows = [
        [
            format_list(list(one.words), "unit-short", _babel(locale)) if one.words else "—",
            _number(one.total, locale),
            _number(one.counts["positive"], locale),
            _number(one.counts["negative"], locale),
            quoted(one.quotes[0].text) if one.quotes else "—",
        ]
        for one in found
    ]
    title = translate(locale, "What mentions are about")
    return Result(text=text, blocks=(_table(request, title, columns, rows),))


async def _those(
    request: Request, actor: Actor, span: Span, found: Sounds, sentiment: Sentiment | None
) -> Result:
    locale = request.locale
    sought = Sought(sentiment=sentiment or "", span=span)
    async with tenant_session(request.market.id) as session:
        those = await mentions_of(session, actor, sought, limit=MOST_SHOWN)
    if sentiment is None:
        text = ntranslate(
            locale,
            "%(count)s mention of the last 90 days; the newest are below.",
            "%(count)s mentions of the last 90 days; the newest are below.",
            those.total,
        )
    else:
        told = {
            "positive": N_("%(those)s of %(all)s mentions of the last 90 days sound positive."),
            "negative": N_("%(those)s of %(all)s mentions of the last 90 days sound negative."),
        }
        text = translate(
            locale,
            told[sentiment],
            those=_number(those.total, locale),
            all=_number(found.read, locale),
        )
    if not those.mentions:
        return Result(text=text)
    columns = (N_("When"), N_("Where"), N_("How it sounds"), N_("What was written"))
    rows = [_row(one, locale) for one in those.mentions]
    title = translate(locale, "Mentions")
    return Result(text=text, blocks=(_table(request, title, columns, rows),))


def _row(one: Mention, locale: str) -> list[str]:
    sounds = [translate(locale, NAMES[name]) for name in SENTIMENTS if name == one.sentiment]
    return [
        _day(one.published_at.date(), locale),
        one.source,
        sounds[0] if sounds else "—",
        quoted(one.text),
    ]


def _table(
    request: Request, title: str, columns: Sequence[str], rows: Sequence[list[str]]
) -> Block:
    data = {"columns": [translate(request.locale, name) for name in columns], "rows": rows}
    return Block("table", title, data, _page(request))


def _page(request: Request) -> str:
    return f"/{request.locale}/admin/social"


def _percent(part: int, whole: int, locale: str) -> str:
    return format_percent(part / whole, "0%", locale=_babel(locale))


def _number(number: int, locale: str) -> str:
    return format_decimal(number, "#,##0", locale=_babel(locale))


def _day(day: date, locale: str) -> str:
    return format_date(day, "d MMM", locale=_babel(locale))


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
