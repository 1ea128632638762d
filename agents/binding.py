"""Which specialist a conversation is bound to, where a person chose one instead of Maestro."""

from uuid import UUID

from agents.registry import NAMES
from app.accounts.actors import Member
from app.conversations import log
from app.conversations.models import Conversation
from app.database import tenant_session
from app.errors import AppError
from app.markets.directory import MarketCard
from app.markets.modules import check_on

ANYBODY = "maestro"
"""Who decides anew for every message; what a conversation without a choice has."""

CHOICES = (ANYBODY, *NAMES)
"""Every agent that a conversation can be bound to."""

_LONGEST_COURSE = 64


class UnknownAgent(AppError):
    """No agent has this name."""

    code = "unknown_agent"


class CourseNeeded(AppError):
    """The tutor teaches one course, and it was not said which; or another agent was given one."""

    code = "course"


def check_agent(agent: str, course_id: int | str | None) -> tuple[str, str]:
    """The agent and the course as they are kept; raises `UnknownAgent` or `CourseNeeded`."""
    if agent not in CHOICES:
        raise UnknownAgent(
            "There is no agent called %(name)s. There are: %(names)s.",
            name=agent[:40],
            names=", ".join(CHOICES),
        )
    course = "" if course_id is None else str(course_id).strip()
    if (agent == "course") != bool(course) or len(course) > _LONGEST_COURSE or "\0" in course:
        raise CourseNeeded("The course agent needs course_id, and no other agent takes it.")
    return "" if agent == ANYBODY else agent, course


async def begin_with(
    market: MarketCard,
    locale: str,
    person: Member | None,
    agent: str = ANYBODY,
    course_id: int | str | None = None,
) -> Conversation:
    """A new, empty conversation bound to an agent; raises `UnknownAgent` or `CourseNeeded`."""
    check_on(market, "chat")
    name, course = check_agent(agent, course_id)
    async with tenant_session(market.id) as session:
        conversation_id = await log.start(
            session, locale, person.id if person else None, agent=name, course_id=course
        )
        return await session.get_one(Conversation, conversation_id)


async def bind(
    market: MarketCard,
    conversation_id: UUID,
    person: Member | None,
    agent: str,
    course_id: int | str | None = None,
) -> Conversation:
    """Bind a conversation to another agent from its next message on.

    Raises `UnknownAgent`, `CourseNeeded`, and `NotFound` where the person may not write in it.
    """
    name, course = check_agent(agent, course_id)
    async with tenant_session(market.id) as session:
        found = await log.check_may_open(
            session, conversation_id, person.id if person else None, writing=True
        )
        found.agent, found.course_id = name, course
        session.add(found)
        await session.flush()
        return found
