"""Reckons the vectors that come with the program's own texts, after those were changed.

python -m scripts.wordings
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from app.markets.demo import wordings
from app.markets.demo.cities import DEMO_MARKETS
from app.search import exemplars
from app.search.embeddings import PackagedE5, Vectors
from app.search.precomputed import fingerprint, read, write

E5 = PackagedE5()


def main() -> None:
    """Read what is not known yet, and forget what is no longer said."""
    demo = (text for market in DEMO_MARKETS for text in wordings.texts(market))
    renew(wordings.FILE, demo, E5.embed_passages)
    renew(exemplars.FILE, exemplars.worded_phrases(), E5.embed_queries)


def renew(
    file: Path, texts: Iterable[str], embed: Callable[[list[str]], Coroutine[Any, Any, Vectors]]
) -> None:
    """Make a file hold the vectors of these texts and no other."""
    known = dict(read(file, E5.name)) if file.exists() else {}
    said = list(dict.fromkeys(texts))
    fresh = [text for text in said if fingerprint(text) not in known]
    print(f"{file.name}: {len(fresh)} of {len(said)} texts are read", flush=True)
    if fresh:
        known |= zip(map(fingerprint, fresh), asyncio.run(embed(fresh)), strict=True)
    write(file, E5.name, said, np.stack([known[fingerprint(text)] for text in said]))
    print(f"{file.name}: {file.stat().st_size} bytes", flush=True)


if __name__ == "__main__":
    main()
