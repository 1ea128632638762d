"""How long things are kept: the market's choice within bounds, enforced each night."""

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, or_

from app.accounts.models import SignIn, Ticket
from app.conversations.attachments.reading import sweep_all
from app.conversations.models import Attachment, Conversation
from app.database import TenantSession, tenant_session
from app.jobs.models import Job
from app.jobs.queue import FINISHED
from app.jobs.work import nightly
from app.markets.directory import all_markets
from app.markets.policy import Policy, Retention
from app.social.models import Mention

UNSENT_DAYS = 7
"""How long a file stays that somebody put beside a message which they never sent."""

_log = logging.getLogger(__name__)


async def forget_old(session: TenantSession, retention: Retention) -> dict[str, int]:
    """Delete what is older than said; return how many rows of each table are gone."""
    now = datetime.now(UTC)

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    deletions = {
        "anonymous_conversation": delete(Conversation).where(
            col(Conversation.person_id).is_(None),
            col(Conversation.updated_at) < before(retention.anonymous_conversations),
        ),
        "attachment": delete(Attachment).where(
            col(Attachment.message_id).is_(None),
            col(Attachment.created_at) < before(UNSENT_DAYS),
        ),
        "sign_in": delete(SignIn).where(
            or_(
                col(SignIn.expires_at) < before(retention.sign_ins),
                col(SignIn.revoked_at) < before(retention.sign_ins),
            )
        ),
        "ticket": delete(Ticket).where(col(Ticket.expires_at) < before(retention.sign_ins)),
        "job": delete(Job).where(
            col(Job.state).in_(FINISHED), col(Job.finished_at) < before(retention.jobs)
        ),
        "mention": delete(Mention).where(col(Mention.published_at) < before(retention.mentions)),
    }
    if retention.conversations:
        deletions["conversation"] = delete(Conversation).where(
            col(Conversation.updated_at) < before(retention.conversations)
        )
    gone = {name: (await session.exec(query)).rowcount for name, query in deletions.items()}
    pruned = await session.scalar(
        text("select app.prune_audit(:before)"), {"before": before(retention.audit)}
    )
    return {**gone, "audit_entry": pruned}


@nightly("privacy.retention")
async def enforce() -> None:
    """Forget in every market what its policy says; one market's failure spares the others."""
    for market in await all_markets():
        try:
            gone = await _enforced(market.id, Policy.of(market.policy).retention)
        except Exception:
            _log.exception("The retention of %s failed.", market.key)
        else:
            _log.info("Forgot in %s: %s", market.key, gone)


async def _enforced(market_id: UUID, retention: Retention) -> dict[str, int]:
    async with tenant_session(market_id) as session:
        gone = await forget_old(session, retention)
    async with tenant_session(market_id) as session:
        return {**gone, "attachment_file": await sweep_all(session)}
