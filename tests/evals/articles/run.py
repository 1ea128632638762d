"""How often a question finds the help article that answers it, on the demo markets' articles.

    python -m tests.evals.articles

`questions.psv` has market, locale, question and the article's slug. Prints hit@1 per language, and
what was found instead.
"""

import dataclasses
from pathlib import Path

from sqlmodel import select

from app.database import TenantSession
from app.knowledge.imports import load_articles
from app.knowledge.models import Article
from app.markets.demo.articles import articles
from app.markets.demo.cities import DemoMarket
from app.search.index import Query, SearchIndex

QUESTIONS = Path(__file__).parent / "questions.psv"


@dataclasses.dataclass(frozen=True)
class Question:
    """A question of a market's visitor and the slug of the article that answers it."""

    market: str
    locale: str
    text: str
    slug: str


def questions() -> list[Question]:
    """Every question."""
    return [Question(*line.split("|")) for line in QUESTIONS.read_text("utf-8").splitlines()]


async def found(
    session: TenantSession, index: SearchIndex, market: DemoMarket
) -> list[tuple[Question, list[str]]]:
    """The slugs that each question of a demo market finds, best first.

    The articles are loaded into the session's market, whose languages must be the demo market's.
    """
    await load_articles(session, articles(market))
    await index.refresh(session, "article")
    slugs = {row.id: row.slug for row in await session.exec(select(Article))}
    answered: list[tuple[Question, list[str]]] = []
    for question in questions():
        if question.market == market.key:
            hits = await index.search(
                session, Query(question.text, question.locale, kinds=("article",))
            )
            answered.append((question, [slugs[hit.id] for hit in hits]))
    return answered
