"""Whether the analytics agent knows which figures a message means, in six languages.

    python -m tests.evals.analytics.run [--show]

`questions` is what the words of `agents/prompts/analytics.json` were chosen for, `unseen` is only
measured. That the figures themselves are right is for the tests of `app.analytics`.
"""

import sys
from collections import Counter
from pathlib import Path

from agents.analytics import aspect_of


def questions(name: str) -> list[tuple[str, str, str]]:
    """A set by its name: language, message, and which figures are meant."""
    lines = (Path(__file__).parent / f"{name}.psv").read_text("utf-8").splitlines()
    told = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [(locale, message, aspect) for locale, message, aspect in told]


def is_right(message: str, aspect: str) -> bool:
    """Whether these figures are told."""
    return (aspect_of(message) or "") == aspect


def main() -> None:
    """Measure both sets."""
    for name in ("questions", "unseen"):
        told, right = Counter[str](), Counter[str]()
        for locale, message, aspect in questions(name):
            told[locale] += 1
            right[locale] += is_right(message, aspect)
            if "--show" in sys.argv and not is_right(message, aspect):
                print(f"  {locale} {message}: {aspect_of(message)}, not {aspect or 'funnel'}")
        by_locale = ", ".join(f"{locale} {right[locale]}/{told[locale]}" for locale in told)
        print(f"{name}: {right.total()} of {told.total()} right ({by_locale})")


if __name__ == "__main__":
    main()
