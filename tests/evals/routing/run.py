"""How well messages are routed, on the two sets beside this file.

    python -m tests.evals.routing.run

`tuned.jsonl` was looked at while examples were chosen; `unseen.jsonl` was written by the same hand
before that and never looked at. `agora eval routing FILE` measures any other set.
"""

import asyncio
from pathlib import Path

from agents.evaluating import Report, evaluated, utterances
from agents.intents import Intents
from app.commands.evaluating import lines
from app.search.embeddings import sentence_embedder

HERE = Path(__file__).parent
SETS = ("tuned", "unseen")


async def report(name: str) -> Report:
    """What comes of one of the sets."""
    return await evaluated(utterances(HERE / f"{name}.jsonl"), Intents(sentence_embedder()))


async def main() -> None:
    """Print both reports."""
    for name in SETS:
        print(name)
        # What was misunderstood of the unseen set is not shown, so that nothing is fitted to it.
        print("\n".join(lines(await report(name), wrong=name == "tuned")))


if __name__ == "__main__":
    asyncio.run(main())
