"""Mentions and what they tell, in the shapes that the console's page shows."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from app.i18n import N_, language_name, translate
from app.social.figures import Sounds, Topic, Week
from app.social.models import SENTIMENTS, Mention, Sentiment
from app.social.reading import Found

KINDS: Mapping[str, str] = {"positive": "good", "neutral": "plain", "negative": "bad"}
"""How each sentiment is coloured, see `badge`."""
NAMES: Mapping[str, str] = {
    "positive": N_("Positive"),
    "neutral": N_("Neutral"),
    "negative": N_("Negative"),
}


@dataclasses.dataclass(frozen=True)
class Column:
    """A week of the chart; parts are percentages of its height, whole numbers."""

    when: str
    positive: int
    neutral: int
    negative: int
    positive_part: float
    neutral_part: float
    negative_part: float


@dataclasses.dataclass(frozen=True)
class Quote:
    """What somebody wrote."""

    text: str
    where: str
    when: str
    kind: str


@dataclasses.dataclass(frozen=True)
class TopicRow:
    """What several mentions are about; parts are percentages of all of them."""

    id: str
    words: str
    total: int
    positive_part: int
    neutral_part: int
    negative_part: int
    told: str
    quotes: list[Quote]


@dataclasses.dataclass(frozen=True)
class MentionRow:
    """A mention as the table shows it."""

    id: str
    when: str
    where: str
    author: str
    text: str
    language: str
    url: str
    about: str
    sounds: str
    kind: str


def shares_of(sounds: Sounds, locale: str) -> dict[str, str]:
    """Of each sentiment its share, as the reader writes percentages."""
    return {
        name: format_percent(count / max(1, sounds.read), "0%", locale=_babel(locale))
        for name, count in sounds.counts.items()
    }


def column_of(week: Week, highest: int, locale: str) -> Column:
    """A week of the chart, whose highest has so many mentions."""

    def part(name: Sentiment) -> float:
        return round(100 * week.counts[name] / max(1, highest), 1)

    return Column(
        when=_day(week.first, locale),
        positive=week.counts["positive"],
        neutral=week.counts["neutral"],
        negative=week.counts["negative"],
        positive_part=part("positive"),
        neutral_part=part("neutral"),
        negative_part=part("negative"),
    )


def topic_row(one: Topic, locale: str) -> TopicRow:
    """A topic with its quotes."""

    def part(name: Sentiment) -> int:
        return round(100 * one.counts[name] / max(1, one.total))

    told = " · ".join(
        f"{translate(locale, NAMES[name])} {_number(one.counts[name], locale)}"
        for name in SENTIMENTS
    )
    return TopicRow(
        id=str(one.id),
        words=", ".join(one.words) or translate(locale, "without a name"),
        total=one.total,
        positive_part=part("positive"),
        neutral_part=part("neutral"),
        negative_part=part("negative"),
        told=told,
        quotes=[_quote(quote, locale) for quote in one.quotes],
    )


def _quote(one: Mention, locale: str) -> Quote:
    when = _day(one.published_at.date(), locale)
    return Quote(one.text, one.source, when, KINDS.get(one.sentiment or "", "plain"))


def mention_rows(found: Found, locale: str) -> list[MentionRow]:
    """Mentions that were sought, with whom they are about."""
    return [
        _row(one, found.providers.get(one.provider_id or UUID(int=0), ""), locale)
        for one in found.mentions
    ]


def _row(one: Mention, about: str, locale: str) -> MentionRow:
    name = NAMES.get(one.sentiment or "")
    return MentionRow(
        id=str(one.id),
        when=_day(one.published_at.date(), locale),
        where=one.source,
        author=one.author,
        text=one.text,
        language=language_name(one.language, locale) if one.language else "",
        url=one.url,
        about=about,
        sounds=translate(locale, name) if name else translate(locale, "not read yet"),
        kind=KINDS.get(one.sentiment or "", "plain"),
    )


def _number(number: int, locale: str) -> str:
    return format_decimal(number, "#,##0", locale=_babel(locale))


def _day(day: date, locale: str) -> str:
    return format_date(day, "d MMM", locale=_babel(locale))


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
