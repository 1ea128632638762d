"""Whether a market tells search engines of its pages (IndexNow), and what it will tell next.

What changes within some minutes is told together, by one job (`app.indexing.telling`). The key that
shows the search engines whose word it is stands under the market's own address, `/KEY.txt`.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.database import TenantSession
from app.jobs.models import Job
from app.jobs.queue import enqueue
from app.markets.directory import MarketCard
from app.markets.models import Market
from app.markets.policy import Policy
from app.settings import settings

KIND = "indexnow.tell"
GATHERING = timedelta(minutes=5)
"""How long changes are gathered before they are told."""
MOST = 5000
"""Things of one job; more make another."""


def key_of(market_id: UUID) -> str:
    """The market's key: no secret, and nobody else's."""
    secret = settings().secret_key.encode()
    return hmac.new(secret, b"indexnow " + market_id.bytes, hashlib.sha256).hexdigest()[:32]


def may_tell(market: MarketCard) -> bool:
    """Whether search engines are told of this market: it is open, wants it, and is on the web."""
    return (
        market.is_open
        and not market.is_platform
        and Policy.of(market.policy).index_now
        and market.host.rpartition(".")[2] not in {"", "localhost"}
    )


async def pages_changed(
    session: TenantSession, actor: Actor, kind: Literal["listing", "article"], ids: Sequence[UUID]
) -> None:
    """Have the pages of these told of, if the market wants it and `session` is committed."""
    market = (await session.exec(select(Market))).one_or_none()
    if market is None or not Policy.of(market.policy).index_now or not ids:
        return
    changed = {f"{kind}s": [str(one) for one in ids]}
    # One that a worker has begun is locked, and would not read what is added.
    waiting = (
        await session.exec(
            select(Job)
            .where(Job.kind == KIND, Job.state == "waiting", Job.attempts == 0)
            .order_by(col(Job.created_at).desc())
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).first()
    if waiting is not None:
        told: dict[str, list[str]] = json.loads(waiting.told)
        for name, more in changed.items():
            told[name] = list(dict.fromkeys([*told.get(name, []), *more]))
        if sum(map(len, told.values())) <= MOST:
            waiting.told = json.dumps(told)
            session.add(waiting)
            return
    await enqueue(session, actor, KIND, changed, at=datetime.now(UTC) + GATHERING)
