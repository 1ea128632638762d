"""Fits how messages are read, after the examples in `agents/prompts/intents.json` changed.

python -m scripts.intents
"""

import asyncio

from agents.intents import FITTED, fitted_on_examples
from app.search.embeddings import paired_embedder, sentence_embedder


async def main() -> None:
    """Write the weights beside the examples."""
    fitted = await fitted_on_examples(sentence_embedder(), paired_embedder())
    fitted.save(FITTED)
    print(f"{len(fitted.labels)} labels → {FITTED.name}, {FITTED.stat().st_size} bytes")


if __name__ == "__main__":
    asyncio.run(main())
