"""A message that asks for quotes of what was just shown: put before the person, never sent.

The words by which it is known stand in `prompts/quoting.json`.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from agents.acting import actor_of
from agents.base import Request
from agents.quoting import propose_quotes
from agents.slots.folding import phrase, starred
from app.accounts import limits
from app.conversations import log
from app.database import tenant_session
from app.errors import AppError
from app.i18n import ntranslate, translate

LONGEST = 25
"""Words of a message that asks for quotes; a longer one tells of something else."""

LOOKED_AT = 40


@dataclass(frozen=True)
class Wanted:
    """The answer whose services are meant, and how many of them: the first so many, or all."""

    reply_id: UUID
    count: int


async def quotes_wanted(request: Request) -> Wanted | None:
    """What a message asks to have quoted; None for any other message."""
    if request.conversation_id is None or not asks_for_quotes(request.message):
        return None
    async with tenant_session(request.market.id) as session:
        entries = await log.latest_events(session, request.conversation_id, limit=LOOKED_AT)
    for entry in reversed(entries):
        cited = [one for one in entry.payload.get("citations", ()) if one["kind"] == "listing"]
        if entry.kind == "reply" and cited:
            return Wanted(entry.id, min(count_in(request.message) or len(cited), len(cited)))
    return None


async def proposed(request: Request, wanted: Wanted) -> str:
    """Put the quotes before the person, and return what is said of it."""
    locale = request.locale
    if request.person_id is None or request.conversation_id is None:
        return translate(locale, "Sign in and ask once more, and I will write to them for you.")
    try:
        await limits.spend("quotes", request.market.id, str(request.person_id))
        await propose_quotes(
            request.market,
            actor_of(request),
            locale,
            request.conversation_id,
            wanted.reply_id,
            count=wanted.count,
        )
    except AppError as error:
        return translate(locale, error.message, **error.params)
    return ntranslate(
        locale,
        "I have written to %(count)s of them, and sent nothing yet. Read it, change what you like,"
        " and approve or refuse it.",
        "I have written to %(count)s of them, and sent nothing yet. Read it, change what you like,"
        " and approve or refuse it.",
        wanted.count,
    )


def asks_for_quotes(message: str) -> bool:
    """Whether a message asks that those who were just named be asked for a price."""
    said = f" {phrase(message)} "
    return len(said.split()) <= LONGEST and all(
        any(word.search(said) for word in _words()[part]) for part in ("ask", "quote", "them")
    )


def count_in(message: str) -> int | None:
    """How many are meant; None where the message does not say."""
    said = f" {phrase(message)} "
    found = (int(key) for key in "2345" if any(word.search(said) for word in _words()[key]))
    return next(found, None)


@cache
def _words() -> dict[str, list[re.Pattern[str]]]:
    path = Path(__file__).parent / "prompts" / "quoting.json"
    told: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {kind: [starred(word) for word in words] for kind, words in told.items()}
