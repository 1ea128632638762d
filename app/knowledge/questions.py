"""Questions whose answers are known, and how well they are answered: measured, kept, compared.

- recall: of the questions with an answer, how many find it among the first `DEPTH` passages;
- MRR: one divided by the place of the first right passage, on average (0 where there is none);
- precision: of the passages that an answer would quote, how many are right ones;
- abstained: of the questions that nothing answers, how many find nothing.
"""

import dataclasses
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.jobs.queue import enqueue
from app.jobs.work import Work, job
from app.knowledge.citing import Quotable, quotable, worth_citing
from app.knowledge.models import Document, Measurement, Question, QuestionSet
from app.search.embeddings import paired_embedder, sentence_embedder
from app.search.index import Access, Query
from app.search.serving import search_index

DEPTH = 5
"""How many passages are looked at: the k of recall@k."""
MOST_QUESTIONS = 500
_EVERYTHING: tuple[Access, ...] = ("public", "members", "staff")


@dataclasses.dataclass(frozen=True)
class Asked:
    """How one question went: the place of the first right passage (0 for none), and quotes."""

    right_at: int
    quoted: int
    quoted_right: int
    answerable: bool
    found: int


async def make_set(session: TenantSession, actor: Actor, name: str) -> UUID:
    """A new set of questions; raises `AppError` for a name that is taken."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    name = name.replace("\0", "").strip()[:100]
    taken = await session.exec(select(QuestionSet.id).where(QuestionSet.name == name))
    if not name or taken.first() is not None:
        raise AppError("Give the set a name that no other set has.")
    made = QuestionSet(name=name)
    session.add(made)
    await session.flush()
    await record(session, actor, "questions.added", "question_set", made.id, after={"name": name})
    return made.id


async def drop_set(session: TenantSession, actor: Actor, set_id: UUID) -> None:
    """Delete a set with its questions and measurements."""
    found = await set_of(session, actor, set_id)
    await session.delete(found)
    before = {"name": found.name}
    await record(session, actor, "questions.deleted", "question_set", set_id, before=before)


async def sets_of(session: TenantSession, actor: Actor) -> list[QuestionSet]:
    """All sets, by name."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    return list(await session.exec(select(QuestionSet).order_by(QuestionSet.name)))


async def set_of(session: TenantSession, actor: Actor, set_id: UUID) -> QuestionSet:
    """One set; raises `NotFound`."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.get(QuestionSet, set_id)
    if found is None:
        raise NotFound("There is no such set of questions.")
    return found


async def add_question(
    session: TenantSession,
    actor: Actor,
    set_id: UUID,
    text: str,
    locale: str,
    documents: list[UUID],
    passages: list[str],
) -> UUID:
    """Add a question; without `documents` the right answer is that there is none."""
    await set_of(session, actor, set_id)
    text = text.replace("\0", "").strip()[:300]
    if not text:
        raise AppError("Write a question first.")
    counted = select(func.count()).where(col(Question.set_id) == set_id)
    if (await session.exec(counted)).one() >= MOST_QUESTIONS:
        raise AppError("A set may have at most %(count)s questions.", count=MOST_QUESTIONS)
    known = await session.exec(select(Document.id).where(col(Document.id).in_(documents)))
    if set(known) != set(documents):
        raise NotFound("There is no such document.")
    made = Question(
        set_id=set_id,
        text=text,
        locale=locale,
        documents=[str(one) for one in documents],
        passages=[told.strip()[:200] for told in passages if told.strip()][:10],
    )
    session.add(made)
    await session.flush()
    return made.id


async def drop_question(session: TenantSession, actor: Actor, question_id: UUID) -> None:
    """Take a question out of its set."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    found = await session.get(Question, question_id)
    if found is None:
        raise NotFound("There is no such question.")
    await session.delete(found)
    await session.flush()


async def questions_of(session: TenantSession, actor: Actor, set_id: UUID) -> list[Question]:
    """The questions of a set, in the order they were added."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    query = select(Question).where(Question.set_id == set_id)
    return list(await session.exec(query.order_by(col(Question.created_at), col(Question.id))))


async def measurements_of(
    session: TenantSession, actor: Actor, set_id: UUID, limit: int = 20
) -> list[Measurement]:
    """The newest measurements of a set, the newest first."""
    actor.must(Permission.EDIT_KNOWLEDGE)
    query = select(Measurement).where(Measurement.set_id == set_id)
    newest = query.order_by(col(Measurement.created_at).desc()).limit(limit)
    return list(await session.exec(newest))


async def have_measured(session: TenantSession, actor: Actor, set_id: UUID, note: str = "") -> UUID:
    """Queue a measurement of a set; returns the job's id."""
    await set_of(session, actor, set_id)
    told = {"set_id": str(set_id), "note": note.replace("\0", "").strip()[:200]}
    return await enqueue(session, actor, "questions.measure", told, lock=f"questions:{set_id}")


@job("questions.measure")
async def measure(work: Work) -> None:
    """Ask every question of a set, and keep how it went."""
    set_id = UUID(work.told["set_id"])
    async with tenant_session(work.market_id) as session:
        found = await session.exec(select(Question).where(Question.set_id == set_id))
        questions = list(found)
    if not questions:
        raise AppError("The set has no questions yet.")
    went: list[tuple[Question, Asked]] = []
    for number, question in enumerate(questions, start=1):
        async with tenant_session(work.market_id) as session:
            went.append((question, await ask(session, question)))
        await work.progress(number, len(questions))
    async with tenant_session(work.market_id) as session:
        documents = (await session.exec(select(func.count()).select_from(Document))).one()
        figures = figures_of([asked for _, asked in went]) | {
            "documents": documents,
            "embedders": [sentence_embedder().name, paired_embedder().name],
            "each": {str(question.id): dataclasses.asdict(asked) for question, asked in went},
        }
        session.add(Measurement(set_id=set_id, note=work.told["note"], figures=figures))
    work.report |= {name: figures[name] for name in ("recall", "mrr", "precision", "abstained")}


async def ask(session: TenantSession, question: Question) -> Asked:
    """Look for one question as a member of staff would see it."""
    query = Query(
        question.text, question.locale, limit=DEPTH, kinds=("passage",), access=_EVERYTHING
    )
    hits = await search_index().search(session, query)
    told = await quotable(session, [hit.id for hit in hits], _EVERYTHING, question.locale)
    shown = [(told[hit.id], hit.score) for hit in hits if hit.id in told]
    right = [is_right(question, quote) for quote, _ in shown]
    quoted = worth_citing([(str(quote.document_id), score) for quote, score in shown])
    return Asked(
        right_at=right.index(True) + 1 if any(right) else 0,
        quoted=len(quoted),
        quoted_right=sum(right[position] for position in quoted),
        answerable=bool(question.documents),
        found=len(shown),
    )


def is_right(question: Question, quote: Quotable) -> bool:
    """Whether this passage answers the question."""
    if str(quote.document_id) not in question.documents:
        return False
    said = " ".join(quote.text.casefold().split())
    return not question.passages or any(
        " ".join(words.casefold().split()) in said for words in question.passages
    )


def figures_of(went: list[Asked]) -> dict[str, float | int | None]:
    """The figures; None for one that no question of the set speaks of."""
    answerable = [one for one in went if one.answerable]
    hopeless = [one for one in went if not one.answerable]
    quoted = sum(one.quoted for one in went)
    return {
        "questions": len(went),
        "depth": DEPTH,
        "recall": _share(sum(one.right_at > 0 for one in answerable), len(answerable)),
        "mrr": _share(sum(1 / one.right_at for one in answerable if one.right_at), len(answerable)),
        "precision": _share(sum(one.quoted_right for one in went), quoted),
        "abstained": _share(sum(one.found == 0 for one in hopeless), len(hopeless)),
    }


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
