"""Whether a question about money in six languages is answered with the right numbers.

    python -m tests.evals.finance.run [--show]

A line of a set is `locale|message|kind|numbers`, numbers with `;` between them, as English writes
them: answers are compared in English, whatever the question's language, so that one set of numbers
serves all. `questions` is what the words of `agents/prompts/finance.json` were chosen for, `unseen`
is only measured. An answer with one number missing is wrong.
"""

import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from agents.base import Request, Result
from agents.finance import reckoned
from agents.reckoning import asked_in
from agents.slots.reading import read_slots
from agents.slots.values import Context
from app.markets.directory import MarketCard

NOW = datetime(2026, 11, 18, 12, tzinfo=ZoneInfo("Europe/Berlin"))
MARKET = MarketCard(
    id=UUID(int=1),
    key="eval",
    name={"en": "Eval"},
    tagline={},
    locales=("en", "ru", "de", "es", "fr", "ar"),
    default_locale="en",
    currency="EUR",
    timezone="Europe/Berlin",
    brand={},
    host="eval.localhost",
)


@dataclass(frozen=True)
class Question:
    """A question and what its answer must hold."""

    locale: str
    message: str
    kind: str
    numbers: tuple[str, ...]


def questions(name: str) -> list[Question]:
    """A set by its name."""
    lines = (Path(__file__).parent / f"{name}.psv").read_text("utf-8").splitlines()
    found: list[Question] = []
    for line in lines:
        if line and not line.startswith("#"):
            locale, message, kind, numbers = line.split("|")
            found.append(Question(locale, message, kind, tuple(numbers.split(";"))))
    return found


def answered(question: Question) -> Result | None:
    """What the agent reckons from the message alone, said in English."""
    slots = read_slots(question.message, Context(NOW, MARKET.currency, question.locale))
    request = Request(MARKET, question.locale, question.message, slots=slots)
    request = replace(request, intent="manage_budget", locale="en")
    return reckoned(request, asked_in(question.message, slots, MARKET.currency))


def is_right(question: Question) -> bool:
    """Whether the answer is of the right kind and has every number."""
    result = answered(question)
    if result is None:
        return False
    if question.kind == "split":
        return [block.data["total"] for block in result.blocks] == list(question.numbers)
    return not result.blocks and all(number in result.text for number in question.numbers)


def main() -> None:
    """Measure both sets."""
    for name in ("questions", "unseen"):
        told, right = Counter[str](), Counter[str]()
        for question in questions(name):
            told[question.locale] += 1
            if is_right(question):
                right[question.locale] += 1
            elif "--show" in sys.argv:
                result = answered(question)
                print(f"  {question.locale} {question.message}\n    {result and result.text}")
        by_locale = ", ".join(f"{locale} {right[locale]}/{told[locale]}" for locale in told)
        print(f"{name}: {right.total()} of {told.total()} right ({by_locale})")


if __name__ == "__main__":
    main()
