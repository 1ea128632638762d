"""What a price is for: by the hour, per visit, per square metre."""

from functools import cache

from app.i18n import translate

UNITS = (
    "hour",
    "day",
    "week",
    "month",
    "visit",
    "session",
    "lesson",
    "course",
    "item",
    "m2",
    "m3",
    "km",
    "page",
    "document",
    "person",
    "event",
    "project",
    "room",
    "window",
    "night",
)
"""The units that have a translated name; others are shown as they were given."""


def per_unit(locale: str, unit: str | None) -> str:
    """`per hour` in the reader's language; empty where the price names no unit."""
    if not unit:
        return ""
    return _phrases(locale).get(unit) or translate(locale, "per %(unit)s", unit=unit)


@cache
def _phrases(locale: str) -> dict[str, str]:
    return {
        "hour": translate(locale, "per hour"),
        "day": translate(locale, "per day"),
        "week": translate(locale, "per week"),
        "month": translate(locale, "per month"),
        "visit": translate(locale, "per visit"),
        "session": translate(locale, "per session"),
        "lesson": translate(locale, "per lesson"),
        "course": translate(locale, "per course"),
        "item": translate(locale, "per item"),
        "m2": translate(locale, "per m²"),
        "m3": translate(locale, "per m³"),
        "km": translate(locale, "per km"),
        "page": translate(locale, "per page"),
        "document": translate(locale, "per document"),
        "person": translate(locale, "per person"),
        "event": translate(locale, "per event"),
        "project": translate(locale, "per project"),
        "room": translate(locale, "per room"),
        "window": translate(locale, "per window"),
        "night": translate(locale, "per night"),
    }
