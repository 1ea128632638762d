"""What is wrong with files that became no photos, from the route that took them to the page."""

from collections.abc import Iterable
from typing import Any

from app.i18n import translate

NOTE = "photos"
"""The kind of the note in which a form's route tells the page (`app.accounts.notes`)."""
LONGEST_NAME = 30
"""Signs of a file's name that are told, so that a note of several fits in an address."""

Problem = tuple[str, str, dict[str, Any]]
"""The end of the file's name, a message id and its parameters."""


def said(problems: Iterable[Problem], locale: str) -> list[str]:
    """The problems as a reader of `locale` is told them."""
    told: list[str] = []
    for name, message, params in problems:
        text = translate(locale, message, **params)
        told.append(f"{name}: {text}" if name else text)
    return told
