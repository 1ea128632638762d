"""The course agent: a tutor who answers from the documents of one course, and from nothing else."""

from agents.base import BaseAgent, Finding, Request, Result
from app.database import tenant_session
from app.i18n import translate
from app.knowledge.citing import quotable, worth_citing
from app.knowledge.courses import of_course
from app.search.index import Query

LOOKED_AT = 60
"""Passages that are looked at: the index does not know of courses, so many may be of others."""


class Course(BaseAgent):
    """Searches the course that the conversation is bound to."""

    name = "course"

    async def run(self, request: Request) -> Result:
        """Return what the course says, best first; nothing of another course or of the market."""
        locale = request.locale
        if not request.course_id:
            return Result(text=translate(locale, "Open a course first, then ask about it there."))
        async with tenant_session(request.market.id) as session:
            query = Query(
                text=request.message,
                locale=locale,
                limit=LOOKED_AT,
                kinds=("passage",),
                access=request.access,
            )
            hits = await self.deps.index.search(session, query)
            # The index may be behind; what may be quoted is asked of the documents themselves.
            ids = [hit.id for hit in hits]
            passages = await quotable(session, ids, request.access, locale)
            wanted = {quote.document_id for quote in passages.values()}
            own = await of_course(session, wanted, request.course_id)
        findings = [
            Finding(
                kind="passage",
                id=hit.id,
                external_id=str(quote.document_id),
                title=" › ".join(dict.fromkeys([quote.title, *quote.heading[-1:]])),
                url=quote.url,
                text=quote.context,
                score=hit.score,
            )
            for hit in hits
            if (quote := passages.get(hit.id)) and quote.document_id in own
        ]
        if not findings:
            return Result(text=translate(locale, "The course says nothing about that."))
        findings.sort(key=lambda found: -found.score)
        scored = [(found.external_id, found.score) for found in findings]
        return Result(tuple(findings[place] for place in worth_citing(scored)))
