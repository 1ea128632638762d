"""What arrives with an event or in an address: anything at all, until it was looked at."""

from typing import Any, cast
from uuid import UUID

from app.errors import NotFound


def uuid_of(told: Any) -> UUID:
    """The id that this is; raises `NotFound`, for nothing has an id that is none."""
    try:
        return UUID(told)
    except (ValueError, TypeError, AttributeError):
        raise NotFound("There is no such thing.") from None


def text_of(told: Any, longest: int = 10_000) -> str:
    """The text that this is, without what no database keeps; empty for anything else."""
    if not isinstance(told, str):
        return ""
    # JSON can hold half of a pair that UTF-8 has no bytes for.
    return told.replace("\x00", "").encode("utf-8", "ignore").decode()[:longest]


def form_of(told: Any) -> dict[str, Any]:
    """The fields of a form; none for anything else."""
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


def number_of(told: Any, otherwise: int = 0) -> int:
    """The whole number that this is, up to nine digits; `otherwise` for anything else."""
    text = str(told) if isinstance(told, (str, int)) and not isinstance(told, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise
