"""The communication agent: answers questions from the market's articles and documents."""

from agents.base import BaseAgent, Finding, Request, Result
from app.database import tenant_session
from app.knowledge import reading
from app.knowledge.citing import CITED, quotable, worth_citing
from app.search.index import Query

LOOKED_AT = CITED * 3


class Communication(BaseAgent):
    """Searches the articles, and the documents that the reader may see."""

    name = "communication"

    async def run(self, request: Request) -> Result:
        """Return what answers the message, best first: one finding per article or document."""
        async with tenant_session(request.market.id) as session:
            hits = await self.deps.index.search(
                session,
                Query(
                    text=request.message,
                    locale=request.locale,
                    limit=LOOKED_AT,
                    kinds=("article", "passage"),
                    access=request.access,
                ),
            )
            articles = await reading.public_articles_by_id(
                session, [hit.id for hit in hits if hit.kind == "article"], request.locale
            )
            # The index may be behind; what may be quoted is asked of the documents themselves.
            passages = await quotable(
                session,
                [hit.id for hit in hits if hit.kind == "passage"],
                request.access,
                request.locale,
            )
        findings: list[Finding] = []
        for hit in hits:
            if hit.kind == "article" and (article := articles.get(hit.id)):
                findings.append(
                    Finding(
                        kind="article",
                        id=hit.id,
                        external_id=article.slug,
                        title=article.title,
                        url=article.url,
                        text=article.body,
                        score=hit.score,
                    )
                )
            elif hit.kind == "passage" and (quote := passages.get(hit.id)):
                findings.append(
                    Finding(
                        kind="passage",
                        id=hit.id,
                        external_id=str(quote.document_id),
                        title=" › ".join(dict.fromkeys([quote.title, *quote.heading[-1:]])),
                        url=quote.url,
                        text=quote.context,
                        score=hit.score,
                    )
                )
        findings.sort(key=lambda found: -found.score)
        scored = [(found.external_id, found.score) for found in findings]
        return Result(tuple(findings[position] for position in worth_citing(scored)))
