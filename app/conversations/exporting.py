"""A conversation as a file: Markdown to be read, JSON to be worked with."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from app.conversations import log, reading
from app.conversations.log import check_may_open
from app.conversations.reading import Spoken
from app.database import TenantSession
from app.i18n import translate

FORMAT = "agora-conversation/1"
_MOST = 10_000
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")


async def said_in(
    session: TenantSession, conversation_id: UUID, person_id: UUID | None
) -> tuple[str, list[Spoken]]:
    """Title and everything that was said and stands; raises `NotFound`."""
    held = await check_may_open(session, conversation_id, person_id)
    entries = await log.events_after(session, conversation_id, limit=_MOST)
    return held.title, reading.spoken(entries)


def as_json(conversation_id: UUID, title: str, said: Sequence[Spoken], origin: str) -> str:
    """The conversation as one JSON object; `origin` makes whole addresses of paths."""
    told = {
        "format": FORMAT,
        "conversation_id": str(conversation_id),
        "title": title,
        "messages": [_told(one, origin) for one in said],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_markdown(title: str, said: Sequence[Spoken], locale: str, origin: str) -> str:
    """The conversation as Markdown; what people wrote cannot become marks of its own."""
    parts = [f"# {_plain(title) or translate(locale, 'Conversation')}"]
    for one in said:
        name = translate(locale, "You") if one.author == "person" else "Maestro"
        parts.append(f"## {name} · {_clock(one.at)}")
        parts.append(_plain(one.text).replace("\n", "  \n"))
        if one.attachments:
            names = ", ".join(_plain(str(file["name"])) for file in one.attachments)
            parts.append(translate(locale, "Files: %(names)s", names=names))
        sources = [
            f"{source['number']}. [{_plain(str(source['title']))}]({origin}{source['url']})"
            for source in one.citations
        ]
        if sources:
            parts.append("\n".join(sources))
    return "\n\n".join(parts) + "\n"


def headers_of(title: str, ending: str) -> dict[str, str]:
    """What says that the file is saved, under the title's letters, and never shown."""
    letters = re.sub(r"[^\w]+", "-", title).strip("-")[:60]
    name = quote(f"{letters or 'conversation'}.{ending}", safe="")
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }


def _told(one: Spoken, origin: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "seq": one.seq,
        "author": one.author,
        "text": one.text,
        "at": one.at.isoformat(),
    }
    if one.attachments:
        told["attachments"] = [file["name"] for file in one.attachments]
    if one.author == "agent":
        sources = [source | {"url": f"{origin}{source['url']}"} for source in one.citations]
        told |= {"agent": one.agent, "model": one.model, "ending": one.ending, "citations": sources}
    return told


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _clock(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
