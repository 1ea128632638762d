"""Rows for tests of what staff chooses and loads; `tests.factories` names them with all others."""

from typing import Any
from uuid import uuid4

from app.catalogue.models import CategoryChoice, Upload
from app.database import TenantSession
from app.knowledge.models import Article, FormerArticleAddress


async def category_choice(session: TenantSession, **more: Any) -> CategoryChoice:
    """A category under a name of the market's own."""
    usual = {"category": f"craft/{uuid4().hex}", "names": {"en": "Work"}}
    row = CategoryChoice(**{**usual, **more})
    session.add(row)
    await session.flush()
    return row


async def former_article_address(session: TenantSession, **more: Any) -> FormerArticleAddress:
    """An address that a fresh article had."""
    if "article_id" not in more:
        made = Article(slug=f"article-{uuid4().hex}", title={"en": "Pay"}, body={"en": "By card."})
        session.add(made)
        await session.flush()
        more["article_id"] = made.id
    row = FormerArticleAddress(**{"slug": f"former-{uuid4().hex}", **more})
    session.add(row)
    await session.flush()
    return row


async def upload(session: TenantSession, **more: Any) -> Upload:
    """An empty file of listings."""
    row = Upload(**{"kind": "listing", "name": "rows.jsonl", "content": b"", **more})
    session.add(row)
    await session.flush()
    return row
