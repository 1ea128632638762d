"""What an import of articles does to a market."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.database import tenant_session
from app.knowledge.imports import ArticleInput, load_articles, read_articles
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from app.rows import Problem
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


def row(**change: Any) -> ArticleInput:
    return ArticleInput.model_validate(
        {"slug": "booking", "title": {"en": "Booking"}, "body": {"en": "# How"}, **change}
    )


async def load(market: MarketCard, *rows: ArticleInput):
    async with tenant_session(market.id) as session:
        return await load_articles(session, rows)


async def test_importing_again_changes_nothing_and_a_change_is_seen():
    market = await open_market()
    first = await load(market, row(), row(slug="refunds", public=False))
    assert (first.created, len(first.changed)) == (2, 2)
    again = await load(market, row(), row(slug="refunds", public=False))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert again.changed == set()
    changed = await load(market, row(body={"en": "# Otherwise"}))
    assert (changed.updated, len(changed.changed)) == (1, 1)
    async with tenant_session(market.id) as session:
        articles = {each.slug: each for each in await session.exec(select(Article))}
    assert articles["booking"].body == {"en": "# Otherwise"}
    assert articles["refunds"].public is False


async def test_another_market_sees_none_of_it():
    ours, theirs = await open_market(), await open_market()
    await load(theirs, row())
    async with tenant_session(ours.id) as session:
        assert (await session.exec(select(Article))).all() == []
    assert (await load(ours, row())).created == 1


def test_bad_articles_are_told_by_line(tmp_path: Path):
    path = tmp_path / "articles.jsonl"
    path.write_text(
        '{"slug": "a", "title": {"en": "T"}, "body": {"en": "B"}}\n'
        '{"slug": "A b", "title": {"en": "T"}, "body": {"en": "B"}}\n'
        '{"slug": "a", "title": {"en": "T"}, "body": {"en": "B"}}\n'
        '{"slug": "c", "title": {"en": "T"}}\n'
    )
    found = list(read_articles(path))
    assert [each.line for each in found if isinstance(each, Problem)] == [2, 3, 4]
    assert found[3] == Problem(4, "body: Field required")
