"""The slow embedder's vectors of the demo texts, which come with them.

The packaged e5 takes a quarter of a second for a text, and a newcomer's first start would spend
minutes on nothing else. `scripts/wordings.py` reckons them after the texts were changed; a text
that it has not seen is embedded as any other.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from app.knowledge.imports import ArticleInput
from app.markets.demo.articles import articles
from app.markets.demo.cities import DemoMarket
from app.markets.demo.listings import listings
from app.search import precomputed
from app.search.embeddings import PackagedE5, Vectors
from app.search.sources import Part, passages

FILE = Path(str(resources.files("app.markets.demo") / "content" / "wordings.npz"))


def texts(market: DemoMarket) -> Iterator[str]:
    """What the index asks e5 to read of a demo market: each part in the market's first locale."""
    own = market.locales[0]
    for row in listings(market):
        yield _whole(row.title[own], row.description[own])
    for article in articles(market):
        yield from _parts(article, own)


def _parts(article: ArticleInput, own: str) -> Iterator[str]:
    # Where another language has more parts than the market's own, they are read in that one.
    chosen: dict[int, str] = {}
    for locale in sorted(article.title, key=lambda locale: locale == own):
        for number, passage in enumerate(passages(article.body.get(locale, "")) or [""]):
            if number not in chosen or locale == own:
                chosen[number] = _whole(article.title[locale], passage)
    yield from chosen.values()


def _whole(title: str, text: str) -> str:
    return Part("", 0, title, text, "", ()).whole


@cache
def wordings() -> Mapping[bytes, Vectors]:
    """Vectors of shape (384,) by `fingerprint`; empty where they are of another model."""
    return precomputed.read(FILE, PackagedE5.name)
