"""Whether an event is read rightly out of one sentence in six languages.

    python -m tests.evals.planning.run [--show]

A line of a set is `locale|message|kind|day|guests|budget`, empty where nothing is said. `questions`
is what the words of `agents/prompts/planning.json` were chosen for, `unseen` is only measured. A
message with one fact missing or wrong is wrong.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.occasions import OTHERWISE, occasion_in
from agents.slots.reading import read_slots
from agents.slots.values import Context

NOW = datetime(2026, 11, 18, 12, tzinfo=ZoneInfo("Europe/Berlin"))
CURRENCY = "EUR"


@dataclass(frozen=True)
class Question:
    """A message and what it says of an event."""

    locale: str
    message: str
    facts: tuple[str, str, str, str]
    """The type, the day, the number of guests and the budget, as text."""


def questions(name: str) -> list[Question]:
    """A set by its name."""
    lines = (Path(__file__).parent / f"{name}.psv").read_text("utf-8").splitlines()
    found: list[Question] = []
    for line in lines:
        if line and not line.startswith("#"):
            locale, message, kind, day, guests, budget = line.split("|")
            found.append(Question(locale, message, (kind, day, guests, budget)))
    return found


def read(question: Question) -> tuple[str, str, str, str]:
    """What the agent takes the message to say; a type that it does not know is `other`."""
    slots = read_slots(question.message, Context(NOW, CURRENCY, question.locale))
    occasion = occasion_in([question.message], slots)
    facts = occasion.facts
    amount = facts.get("budget_amount")
    return (
        occasion.kind or OTHERWISE,
        facts["day"].isoformat() if "day" in facts else "",
        str(facts.get("guests", "")),
        str(Decimal(amount).normalize().quantize(Decimal(1))) if amount is not None else "",
    )


def main() -> None:
    """Measure both sets."""
    for name in ("questions", "unseen"):
        told, right = Counter[str](), Counter[str]()
        for question in questions(name):
            told[question.locale] += 1
            if read(question) == question.facts:
                right[question.locale] += 1
            elif "--show" in sys.argv:
                print(f"  {question.locale} {question.message}\n    {read(question)}")
        by_locale = ", ".join(f"{locale} {right[locale]}/{told[locale]}" for locale in told)
        print(f"{name}: {right.total()} of {told.total()} right ({by_locale})")


if __name__ == "__main__":
    main()
