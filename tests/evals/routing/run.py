"""How well messages are understood: accuracy per locale, and who was taken for whom.

    python -m tests.evals.routing.run [FILE]

FILE is JSON Lines of `{"text", "locale", "intent"}`; the default is the set beside this file.
"""

import asyncio
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TypedDict

from agents.intents import Intents
from app.search.embeddings import sentence_embedder

UTTERANCES = Path(__file__).parent / "utterances.jsonl"


class Utterance(TypedDict):
    """One labelled message."""

    text: str
    locale: str
    intent: str


def utterances(path: Path = UTTERANCES) -> list[Utterance]:
    """Read a labelled set."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


async def understood(said: list[Utterance]) -> list[str]:
    """The intent that each message is read as."""
    intents = Intents(sentence_embedder())
    return [(await intents.read(one["text"])).intent for one in said]


async def main(path: Path) -> None:
    """Print the report."""
    said = utterances(path)
    found = await understood(said)
    per_locale: dict[str, list[bool]] = defaultdict(list)
    confused: Counter[tuple[str, str]] = Counter()
    for one, intent in zip(said, found, strict=True):
        per_locale[one["locale"]].append(one["intent"] == intent)
        confused[one["intent"], intent] += 1
        if one["intent"] != intent:
            print(f"{one['locale']}: {one['text']} ({one['intent']}, read as {intent})")
    for locale, right in sorted(per_locale.items()):
        print(f"{locale}: {sum(right) / len(right):.3f} of {len(right)}")
    total = [right for rights in per_locale.values() for right in rights]
    print(f"all: {sum(total) / len(total):.3f} of {len(total)}")
    for (intent, read), count in sorted(confused.items()):
        print(f"{intent} -> {read}: {count}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else UTTERANCES))
