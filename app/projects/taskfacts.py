"""What somebody told of a task, looked at field by field."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.errors import NotFound
from app.markets.shaping import NotAccepted, line_of
from app.projects.facts import checked

STATES = ("todo", "doing", "done")
LONGEST_WORK = 365
MOST_NEEDS = 50


def checked_task(told: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
    """Those fields that were told, as they are kept; raises `NotAccepted`.

    A `new` task needs a title; a step of the template goes without one by its own words.
    """
    found: dict[str, Any] = {}
    if "title" in told or new:
        found["title"] = line_of("title", told.get("title") or "", 200)
        if new and not found["title"]:
            raise NotAccepted("Write what is to be done.", field="title")
    if "due" in told:
        try:
            found["due"] = checked({"day": told["due"]}, "")["day"]
        except NotAccepted as error:
            raise NotAccepted(error.message, field="due") from None
    if "days" in told:
        found["days"] = _days(told["days"])
    if "state" in told:
        if told["state"] not in list(STATES):
            raise NotAccepted("A task is to do, begun or done.", field="state")
        found["state"] = told["state"]
    if "assignee" in told:
        found["assignee"] = line_of("assignee", told["assignee"] or "", 100)
    if "needs" in told:
        found["needs"] = _needs(told["needs"])
    return found


def _days(value: Any) -> int:
    text = str(value).strip() if isinstance(value, (str, int)) else ""
    if not text:
        return 1
    if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= LONGEST_WORK):
        raise NotAccepted(
            "A whole number from 1 to %(most)s, please.", field="days", most=LONGEST_WORK
        )
    return int(text)


def _needs(value: Any) -> Sequence[UUID]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_NEEDS:  # pyright: ignore[reportUnknownArgumentType]
        raise NotAccepted(
            "A task may wait for at most %(count)s others.", field="needs", count=MOST_NEEDS
        )
    try:
        return [UUID(str(one)) for one in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    except ValueError:
        raise NotFound("There is no such task.") from None
