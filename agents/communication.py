"""The communication agent: answers questions from the market's help articles."""

from agents.base import BaseAgent, Finding, Found, Request
from app.database import tenant_session
from app.knowledge import reading
from app.search.index import Query

SHOWN = 2
"""How many articles an answer rests on."""

KEEPS = 0.85
"""Of the best one's score, what another article must have to be quoted beside it."""


class Communication(BaseAgent):
    """Searches the public articles of the market."""

    name = "communication"

    async def run(self, request: Request) -> Found:
        """Return the passages that answer the message, best first, one per article."""
        async with tenant_session(request.market.id) as session:
            hits = await self.deps.index.search(
                session,
                Query(
                    text=request.message,
                    locale=request.locale,
                    limit=SHOWN * 3,
                    kinds=("article",),
                ),
            )
            articles = await reading.public_articles_by_id(
                session, [hit.id for hit in hits], request.locale
            )
        findings: dict[str, Finding] = {}
        for hit in hits:
            article = articles.get(hit.id)
            if article is None or article.slug in findings:
                continue
            findings[article.slug] = Finding(
                kind="article",
                id=hit.id,
                external_id=article.slug,
                title=article.title,
                url=article.url,
                text=article.body,
                score=hit.score,
            )
        best = max((found.score for found in findings.values()), default=0.0)
        kept = [found for found in findings.values() if found.score >= KEEPS * best]
        return Found(tuple(kept[:SHOWN]))
