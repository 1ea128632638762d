"""The hours of an event's day, reckoned from when it begins."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.projects.plans.steps import Moment
from app.projects.plans.templates import Template


@dataclass(frozen=True)
class Hour:
    """A part of the day with its hours, in the market's own time."""

    key: str
    phrase: str
    starts: datetime
    ends: datetime


def hours(
    template: Template, day: date, days: int, begins: time | None, guests: int | None
) -> list[Hour]:
    """The parts of each day of the event, in order; what goes before ends when guests come."""
    found: list[Hour] = []
    for number in range(days):
        wanted = [
            moment
            for moment in template.moments_for(guests)
            if not (moment.once == "first" and number)
            and not (moment.once == "last" and number < days - 1)
        ]
        opening = datetime.combine(day + timedelta(days=number), begins or template.begins)
        at = opening - sum(
            (_length(moment, guests) for moment in wanted if moment.when == "before"), timedelta()
        )
        for moment in wanted:
            ends = at + _length(moment, guests)
            found.append(Hour(moment.key, moment.phrase, at, ends))
            at = ends
    return found


def _length(moment: Moment, guests: int | None) -> timedelta:
    return timedelta(minutes=moment.length(guests))
