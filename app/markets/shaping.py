"""Changing a market: one row that several people may edit at the same time.

market = await market_to_edit(session, actor, Permission.SHAPE, seen)
before = {"currency": market.currency}
market.currency = "EUR"
await keep(session, actor, market, "market.relocated", before, {"currency": "EUR"})
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.markets.changes import announce
from app.markets.models import Market

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that change the direction of what follows, beyond the text that they stand in."""


class NotAccepted(AppError):
    """What an editor wrote into `field` cannot stand."""

    def __init__(self, message: str, *, field: str, **params: Any) -> None:
        super().__init__(message, **params)
        self.field = field


def line_of(field: str, value: object, longest: int) -> str:
    """One line of text as an editor wrote it, without spaces around; raises `NotAccepted`."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if len(text) > longest:
        raise NotAccepted("At most %(count)s characters, please.", field=field, count=longest)
    # Control and format characters could turn the text around, or hide a part of it.
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in text) or (
        _TURNING & set(text)
    ):
        raise NotAccepted("There is a sign in this text that cannot be shown.", field=field)
    return text


async def market_as_it_is(session: TenantSession, actor: Actor, permission: Permission) -> Market:
    """The market's row for an editor to begin from; raises as `Actor.must`."""
    actor.must(permission)
    market = (await session.exec(select(Market))).one_or_none()
    if market is None:
        raise NotFound("There is no market at this address.")
    return market


async def market_to_edit(
    session: TenantSession, actor: Actor, permission: Permission, seen: int
) -> Market:
    """The market's row, locked; raises `Conflict` unless `seen` is still its version."""
    actor.must(permission)
    query = select(Market).with_for_update().execution_options(populate_existing=True)
    market = (await session.exec(query)).one_or_none()
    if market is None:
        raise NotFound("There is no market at this address.")
    if market.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    return market


async def keep(
    session: TenantSession,
    actor: Actor,
    market: Market,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> int:
    """Save an edited market, note the deed and have everybody told; returns the new version.

    Where nothing differs nothing is saved or noted.
    """
    was, is_now = changes(before, after)
    if not is_now:
        return market.version
    market.version += 1
    session.add(market)
    await session.flush()
    await record(session, actor, action, "market", market.tenant_id, before=was, after=is_now)
    await announce(session)
    return market.version
