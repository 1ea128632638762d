"""The course agent: it answers from its course, in six languages, and from no other."""

import pytest
from sqlmodel import update

from agents.base import Deps, Request
from agents.course import Course
from app.database import tenant_session
from app.inference.composer import Composer
from app.knowledge.models import Document
from app.markets.directory import MarketCard
from app.search.embeddings import sentence_embedder
from app.search.postgres import PostgresIndex
from tests.evals.course.run import passages, questions
from tests.factories import ROWS, open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def course(market: MarketCard) -> Course:
    """The tutor of a market with two courses, and a document that is called like one of them."""
    embedder = sentence_embedder()
    index = PostgresIndex()
    told = [(f"courses/{one.course}/{one.file}", one.text, "folder") for one in passages()]
    told.append(("courses/bakery/upload.md", "Bread is baked at 900 degrees.", "upload"))
    async with tenant_session(market.id) as session:
        ids = []
        for address, words, source in told:
            document = await ROWS["document"](
                session, title=address, address=address, source=source, current=1
            )
            version = await ROWS["document_version"](session, document_id=document.id)
            chunk = await ROWS["document_chunk"](
                session, version_id=version.id, text=words, ends=len(words), heading=[]
            )
            ids.append(chunk.id)
        await index.refresh(session, "passage", ids)
    return Course(Deps(index=index, embedder=embedder, model=Composer(embedder)))


async def test_each_question_is_answered_from_its_own_course(market: MarketCard, course: Course):
    right, every = 0, questions()
    for one in every:
        request = Request(market, one.locale, one.text, agent="course", course_id=one.course)
        found = (await course.run(request)).findings
        assert all(each.title.startswith(f"courses/{one.course}/") for each in found)
        assert all("upload" not in each.title for each in found)
        right += bool(found) and found[0].title.endswith(one.file)
    assert right >= len(every) - 2, f"{right} of {len(every)}"


@pytest.mark.parametrize("course_id", ["", "nothing", "%", "..", "bakery/..", "bak_ry", "b\0"])
async def test_what_names_no_course_is_answered_from_nothing(
    market: MarketCard, course: Course, course_id: str
):
    request = Request(market, "en", "How is bread baked?", agent="course", course_id=course_id)
    found = await course.run(request)
    assert found.findings == ()
    assert found.text


async def test_documents_for_staff_are_not_told_to_students(market: MarketCard, course: Course):
    request = Request(market, "en", "How is bread baked?", agent="course", course_id="bakery")
    assert (await course.run(request)).findings
    async with tenant_session(market.id) as session:
        await session.exec(update(Document).values(access="staff"))
    assert (await course.run(request)).findings == ()
