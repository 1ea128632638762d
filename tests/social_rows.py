"""Rows of what others say of a market, for tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.database import TenantSession
from app.social.models import Mention, MentionTopic
from tests.rows import kept, numbers


async def mention_topic(session: TenantSession, **more: Any) -> MentionTopic:
    """What mentions of leaking taps are about."""
    return await kept(session, MentionTopic, {"keywords": ["tap", "leak"]}, more)


async def mention(session: TenantSession, **more: Any) -> Mention:
    """Something that Bea wrote yesterday, read already, about a topic of its own."""
    if "topic_id" not in more:
        more["topic_id"] = (await mention_topic(session)).id
    usual = {
        "sentiment": "positive",
        "sureness": 0.9,
        "source": "telegram",
        "external_id": f"m-{next(numbers)}",
        "author": "Bea",
        "text": "They mended my tap within an hour.",
        "language": "en",
        "published_at": datetime.now(UTC) - timedelta(days=1),
    }
    return await kept(session, Mention, usual, more)


SOCIAL_ROWS: dict[str, Callable[..., Any]] = {"mention": mention, "mention_topic": mention_topic}
"""How to make a row of each table of mentions."""
