"""Reckons the vectors that come with the demo texts, after those were changed.

python -m scripts.demo_wordings
"""

import asyncio

import numpy as np

from app.markets.demo.cities import DEMO_MARKETS
from app.markets.demo.wordings import FILE, fingerprint, texts, wordings, write
from app.search.embeddings import PackagedE5


async def main() -> None:
    """Read what is not known yet, and forget what no longer stands in a demo market."""
    known = dict(wordings()) if FILE.exists() else {}
    said = list(dict.fromkeys(text for market in DEMO_MARKETS for text in texts(market)))
    fresh = [text for text in said if fingerprint(text) not in known]
    print(f"{len(fresh)} of {len(said)} texts are read", flush=True)
    vectors = await PackagedE5().embed_passages(fresh)
    known |= dict(zip(map(fingerprint, fresh), vectors, strict=True))
    write(said, np.stack([known[fingerprint(text)] for text in said]))
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    asyncio.run(main())
