"""How much is asked in a market, by day, and how much of it found an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession

_BY_DAY = text(
    "select (created_at at time zone :zone)::date as day,"
    " count(distinct conversation_id) as conversations, count(*) as messages"
    " from conversation_event where kind = 'message' and created_at >= :since group by 1"
)
_ANSWERS = text(
    "select count(*) as replies,"
    " count(*) filter (where payload->>'ending' = 'done'"
    "   and jsonb_array_length(coalesce(payload->'citations', '[]')) > 0) as answered,"
    " count(*) filter (where payload->>'ending' in ('failed', 'interrupted')) as failed"
    " from conversation_event where kind = 'reply' and created_at >= :since"
)
_UNANSWERED = text(
    "select m.payload->>'text' as said from conversation_event r"
    " join conversation_event m on m.tenant_id = r.tenant_id"
    "   and m.conversation_id = r.conversation_id and m.kind = 'message'"
    "   and m.seq = (r.payload->>'asked')::int"
    " where r.kind = 'reply' and r.created_at >= :since and r.payload->>'ending' = 'done'"
    "   and jsonb_array_length(coalesce(r.payload->'citations', '[]')) = 0"
    " order by r.created_at desc limit :most"
)


@dataclass(frozen=True)
class Day:
    """What was said on a day, as the market's clock counts it."""

    day: date
    conversations: int
    messages: int


@dataclass(frozen=True)
class Answers:
    """Replies; `answered` are those that name something the market has."""

    replies: int
    answered: int
    failed: int


async def by_day(session: TenantSession, actor: Actor, days: int, zone: str) -> list[Day]:
    """The last `days` days up to today, also those on which nothing was said."""
    actor.must(Permission.SEE_FIGURES)
    today = datetime.now(ZoneInfo(zone)).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    connection = await session.connection()
    rows = await connection.execute(_BY_DAY, {"zone": zone, "since": since})
    found = {row.day: Day(row.day, row.conversations, row.messages) for row in rows}
    every = (first + timedelta(days=number) for number in range(days))
    return [found.get(day, Day(day, 0, 0)) for day in every]


async def answers(session: TenantSession, actor: Actor, days: int) -> Answers:
    """How many replies there were in the last days, and how many of them found something."""
    actor.must(Permission.SEE_FIGURES)
    connection = await session.connection()
    row = (await connection.execute(_ANSWERS, {"since": _since(days)})).one()
    return Answers(row.replies, row.answered, row.failed)


async def unanswered(
    session: TenantSession, actor: Actor, days: int, most: int = 8
) -> Sequence[str]:
    """What was asked last and found nothing; only for those who may read conversations."""
    actor.must(Permission.SEE_CONVERSATIONS)
    connection = await session.connection()
    rows = await connection.execute(_UNANSWERED, {"since": _since(days), "most": most})
    return [row.said or "" for row in rows]


def _since(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
