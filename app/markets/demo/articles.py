"""The demo help articles: one text per subject and language, with the facts of each city."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from app.knowledge.imports import ArticleInput
from app.markets.demo.cities import DemoMarket


def articles(market: DemoMarket) -> Iterator[ArticleInput]:
    """All help articles of a demo market, in its languages."""
    for slug, texts in _content("articles").items():
        yield ArticleInput.model_validate(
            {
                "slug": slug,
                "title": {code: texts[code]["title"] for code in market.locales},
                "body": {
                    code: _filled(texts[code]["body"], market, code) for code in market.locales
                },
            }
        )


def _filled(body: str, market: DemoMarket, locale: str) -> str:
    facts = {
        "market": market.name[locale],
        **{name: values[locale] for name, values in _content("facts")[market.key].items()},
    }
    return body.strip().format(**facts)


@cache
def _content(start: str) -> dict[str, Any]:
    folder = resources.files("app.markets.demo") / "content"
    names = sorted(file.name for file in folder.iterdir() if file.name.startswith(start))
    found: dict[str, Any] = {}
    for name in names:
        found |= tomllib.loads((folder / name).read_text("utf-8"))
    return found
