"""The list of a person's conversations, and searching it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from app.conversations.models import Conversation
from app.database import TenantSession

LONGEST_QUERY = 200
_MOST_WORDS = 8
_MOST_FOUND = 50
_WORD = re.compile(r"\w+")
# Row-level security lets no index over words be asked before it is known whose rows they are. So
# the index over a person's conversations leads to the entries, whose words need no more reading.
_SEARCH = text(
    "select c.id, c.title, c.updated_at, c.pinned_at, c.archived_at, hit.seq, hit.passage"
    " from conversation c left join lateral ("
    "   select e.seq, ts_headline('simple', e.payload->>'text', to_tsquery('simple', :query),"
    '     \'StartSel="", StopSel="", MaxWords=18, MinWords=8\') as passage'
    "   from conversation_event e where e.tenant_id = c.tenant_id and e.conversation_id = c.id"
    "     and e.kind in ('message', 'reply') and e.words @@ to_tsquery('simple', :query)"
    "   order by e.seq desc limit 1"
    " ) hit on true"
    " where c.person_id = :person and c.last_seq > 0"
    "   and (hit.seq is not null or to_tsvector('simple', c.title) @@ to_tsquery('simple', :query))"
    " order by c.updated_at desc limit :most"
)


@dataclass(frozen=True)
class Summary:
    """A conversation as a list shows it; what was searched for is told by `seq` and `passage`."""

    id: UUID
    title: str
    updated_at: datetime
    pinned: bool = False
    archived: bool = False
    seq: int | None = None
    """The newest entry that holds all the words, where one does."""
    passage: str = ""


async def conversations_of(
    session: TenantSession, person_id: UUID, limit: int = 50, *, archived: bool = False
) -> list[Summary]:
    """A person's conversations: pinned ones first, then the one that was last used.

    With `archived` those that they have put away, and no others.
    """
    put_away = col(Conversation.archived_at)
    found = await session.exec(
        select(Conversation)
        .where(
            Conversation.person_id == person_id,
            Conversation.last_seq > 0,
            put_away.is_not(None) if archived else put_away.is_(None),
        )
        .order_by(
            col(Conversation.pinned_at).desc().nulls_last(), col(Conversation.updated_at).desc()
        )
        .limit(limit)
    )
    return [
        Summary(
            one.id,
            one.title,
            one.updated_at,
            one.pinned_at is not None,
            one.archived_at is not None,
        )
        for one in found
    ]


async def search_conversations(
    session: TenantSession, person_id: UUID, query: str
) -> Sequence[Summary]:
    """The person's conversations in which all words stand, in one entry or in the title.

    A word is found by how it begins. What is put away is found, too; nothing for no words.
    """
    words = _WORD.findall(query.replace("\0", " ")[:LONGEST_QUERY].lower())[:_MOST_WORDS]
    if not words:
        return []
    connection = await session.connection()
    rows = await connection.execute(
        _SEARCH,
        {
            "query": " & ".join(f"{word}:*" for word in words),
            "person": person_id,
            "most": _MOST_FOUND,
        },
    )
    return [
        Summary(
            row.id,
            row.title,
            row.updated_at,
            row.pinned_at is not None,
            row.archived_at is not None,
            row.seq,
            row.passage or "",
        )
        for row in rows
    ]
