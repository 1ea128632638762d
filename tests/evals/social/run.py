"""How often the reader of sentiments is right, and whether the agent knows what is asked for.

    python -m tests.evals.social.run [--show]

`unseen.txt` was written before anything was learned and is only measured; the examples of
`app/social/sentences.txt` say other things. `questions` is what the words of
`agents/prompts/social.json` were chosen for.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path

from agents.social import aspect_of
from app.social.models import SENTIMENTS
from app.social.sentiment import examples, soundings

HERE = Path(__file__).parent


def questions(name: str) -> list[tuple[str, str, str]]:
    """A set by its name: language, message, and which figures are meant."""
    lines = (HERE / f"{name}.psv").read_text("utf-8").splitlines()
    told = [line.split("|") for line in lines if line and not line.startswith("#")]
    return [(locale, message, aspect) for locale, message, aspect in told]


async def sentiments() -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str]]:
    """How often each sentiment was taken for which; by language how many, and how many right."""
    told = examples(HERE / "unseen.txt")
    sounds = await soundings([text for _, _, text in told])
    taken, asked, right = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for (language, sentiment, text), sound in zip(told, sounds, strict=True):
        taken[sentiment, sound.sentiment] += 1
        asked[language] += 1
        right[language] += sound.sentiment == sentiment
        if "--show" in sys.argv and sound.sentiment != sentiment:
            print(f"  {language} {text}: {sound.sentiment} {sound.sureness:.2f}, not {sentiment}")
    return taken, asked, right


def f1(taken: Counter[tuple[str, str]], sentiment: str) -> float:
    """The harmonic mean of precision and recall of one sentiment."""
    hit = taken[sentiment, sentiment]
    meant = sum(count for (true, _), count in taken.items() if true == sentiment)
    said = sum(count for (_, found), count in taken.items() if found == sentiment)
    return 2 * hit / max(1, meant + said)


async def main() -> None:
    """Measure all sets."""
    taken, asked, right = await sentiments()
    by_language = ", ".join(f"{one} {right[one]}/{asked[one]}" for one in asked)
    print(f"sentiment: {right.total()} of {asked.total()} right ({by_language})")
    scores = {sentiment: f1(taken, sentiment) for sentiment in SENTIMENTS}
    named = ", ".join(f"{sentiment} {score:.2f}" for sentiment, score in scores.items())
    print(f"F1: {named}, mean {sum(scores.values()) / len(scores):.3f}")
    for name in ("questions",):
        told = questions(name)
        wrong = [one for one in told if (aspect_of(one[1]) or "") != one[2]]
        print(f"{name}: {len(told) - len(wrong)} of {len(told)} right")
        for locale, message, aspect in wrong if "--show" in sys.argv else ():
            print(f"  {locale} {message}: {aspect_of(message)}, not {aspect or 'sentiment'}")


if __name__ == "__main__":
    asyncio.run(main())
