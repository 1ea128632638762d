"""Rows of the texts that were written for people, for tests."""

from collections.abc import Callable
from typing import Any

from app.database import TenantSession
from app.writings.models import Writing, WritingVersion
from tests import factories
from tests.rows import kept


async def writing(session: TenantSession, **more: Any) -> Writing:
    """A proposal that the composer wrote for a fresh person."""
    if "person_id" not in more:
        more["person_id"] = (await factories.person(session)).id
    usual = {
        "kind": "proposal",
        "locale": "en",
        "title": "Proposal: Our wedding",
        "text": "One service is proposed:",
        "model": "composer",
        "asked": {"kind": "proposal", "locale": "en"},
    }
    return await kept(session, Writing, usual, more)


async def writing_version(session: TenantSession, **more: Any) -> WritingVersion:
    """The first version of a fresh text, of `person_id` where that is told."""
    if "writing_id" not in more:
        whose = {"person_id": more.pop("person_id")} if "person_id" in more else {}
        more["writing_id"] = (await writing(session, **whose)).id
    usual = {"number": 1, "title": "Proposal: Our wedding", "text": "One service is proposed:"}
    return await kept(session, WritingVersion, usual, more)


WRITING_ROWS: dict[str, Callable[..., Any]] = {
    "writing": writing,
    "writing_version": writing_version,
}
"""How to make a row of each table of texts."""
