"""Which replies may be learnt from: of people who agreed to it, and found good by staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import record
from app.conversations.models import ReplyApproval
from app.database import TenantSession
from app.errors import AppError, NotFound

# Consent is read anew each time: what was taken back no longer counts, whoever approved before.
_REPLIES = (
    "select r.id, r.conversation_id, c.person_id, p.name, p.email, r.payload,"
    " m.payload->>'text' as asked, coalesce(m.payload->>'locale', c.locale) as locale,"
    " r.created_at, a.id is not null as approved"
    " from conversation_event r"
    " join conversation c on c.tenant_id = r.tenant_id and c.id = r.conversation_id"
    " join person p on p.tenant_id = c.tenant_id and p.id = c.person_id"
    " join conversation_event m on m.tenant_id = r.tenant_id"
    "   and m.conversation_id = r.conversation_id and m.seq = (r.payload->>'asked')::int"
    " left join reply_approval a on a.tenant_id = r.tenant_id and a.reply_id = r.id"
    " where r.kind = 'reply' and r.payload->>'ending' = 'done' and r.payload->>'text' <> ''"
    # What a file of a person says is for them alone, whatever they agreed to.
    " and not r.payload->'citations' @> '[{\"kind\": \"file\"}]'"
    " and (select given from consent s where s.tenant_id = c.tenant_id"
    "   and s.person_id = c.person_id and s.kind = 'improvement'"
    "   order by s.created_at desc, s.id desc limit 1)"
)
_WAITING = text(_REPLIES + " and a.id is null order by r.created_at desc limit :most")
_APPROVED = text(_REPLIES + " and a.id is not null order by r.created_at, r.id")
_ONE = text(_REPLIES + " and r.id = :reply_id")
_EXISTS = text("select 1 from conversation_event where id = :reply_id and kind = 'reply'")


class NotAgreed(AppError):
    """The person has not agreed that their conversations better the answers."""


@dataclass(frozen=True)
class Reply:
    """A finished reply to a person who agreed, with the message that it answers.

    `payload` is that of the log; `name` and `email` are the person's, to be taken out.
    """

    id: UUID
    conversation_id: UUID
    name: str
    email: str
    asked: str
    locale: str
    payload: dict[str, Any]
    at: datetime
    approved: bool


async def waiting(session: TenantSession, actor: Actor, most: int = 20) -> list[Reply]:
    """Replies that could be approved, the newest first."""
    actor.must(Permission.SEE_CONVERSATIONS)
    return await _read(session, _WAITING, most=most)


async def approved(session: TenantSession, actor: Actor) -> list[Reply]:
    """Replies that are approved and whose person agrees to this day, the oldest first."""
    actor.must(Permission.SEE_CONVERSATIONS)
    return await _read(session, _APPROVED)


async def approve(session: TenantSession, actor: Actor, reply_id: UUID) -> None:
    """Let a reply be learnt from; raises `NotFound`, or `NotAgreed` for who did not consent."""
    actor.must(Permission.SEE_CONVERSATIONS)
    found = await _read(session, _ONE, reply_id=reply_id)
    if not found:
        connection = await session.connection()
        if (await connection.execute(_EXISTS, {"reply_id": reply_id})).first() is None:
            raise NotFound("There is no such reply.")
        raise NotAgreed("Only finished replies to people who agreed to it may be learnt from.")
    if found[0].approved:
        return
    session.add(ReplyApproval(reply_id=reply_id))
    await session.flush()
    await record(session, actor, "reply.approved", "conversation_event", reply_id)


async def disapprove(session: TenantSession, actor: Actor, reply_id: UUID) -> None:
    """Take an approval back; raises `NotFound` where there is none."""
    actor.must(Permission.SEE_CONVERSATIONS)
    query = select(ReplyApproval).where(col(ReplyApproval.reply_id) == reply_id)
    if (await session.exec(query)).one_or_none() is None:
        raise NotFound("There is no such reply.")
    await session.exec(delete(ReplyApproval).where(col(ReplyApproval.reply_id) == reply_id))
    await record(session, actor, "reply.disapproved", "conversation_event", reply_id)


async def _read(session: TenantSession, query: Any, **told: object) -> list[Reply]:
    connection = await session.connection()
    rows = await connection.execute(query, told)
    return [
        Reply(
            id=row.id,
            conversation_id=row.conversation_id,
            name=row.name,
            email=row.email or "",
            asked=row.asked or "",
            locale=row.locale,
            payload=row.payload,
            at=row.created_at,
            approved=row.approved,
        )
        for row in rows
    ]
