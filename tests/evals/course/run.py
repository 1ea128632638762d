"""A market with two courses, and questions about each in six languages.

`tests/database/agents/test_course.py` asks them of the course agent over the embedded index: what
is cited first, and that nothing of the other course ever is.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Passage:
    """A file of a course, of one passage."""

    course: str
    file: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question and which file of the course answers it."""

    locale: str
    course: str
    text: str
    file: str


def passages() -> list[Passage]:
    """The files of both courses."""
    return [Passage(*told) for told in _lines("passages")]


def questions() -> list[Question]:
    """What is asked."""
    return [Question(*told) for told in _lines("questions")]


def _lines(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / f"{name}.psv").read_text("utf-8").splitlines()
    return [line.split("|") for line in lines if line and not line.startswith("#")]
