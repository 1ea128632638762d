"""Keys that were just looked up, so that a program's next request need not ask the database.

A key that is revoked or changed opens this much longer in other processes; in this one it ends at
once.
"""

import dataclasses
import hashlib
import time
from collections import OrderedDict
from uuid import UUID

from app.accounts.actors import Actor

FRESH_SECONDS = 2.0
MOST_KEYS = 4096

_known: OrderedDict[tuple[UUID, bytes], tuple[float, Actor]] = OrderedDict()


def remembered(market_id: UUID, key: str, address: str) -> Actor | None:
    """Who acts with a key in a market, if that was just found out."""
    found = _known.get(_place(market_id, key))
    if found is None or found[0] <= time.monotonic():
        return None
    return dataclasses.replace(found[1], address=address)


def remember(key: str, actor: Actor, seconds: float = FRESH_SECONDS) -> None:
    """Note who acts with a key, for so long at most."""
    _known[_place(actor.market_id, key)] = (time.monotonic() + min(seconds, FRESH_SECONDS), actor)
    while len(_known) > MOST_KEYS:
        _known.popitem(last=False)


def forget(key_id: UUID | None = None) -> None:
    """Look a key up again at its next use; every key for None."""
    for place in [at for at, (_, actor) in _known.items() if key_id in (None, actor.id)]:
        del _known[place]


def _place(market_id: UUID, key: str) -> tuple[UUID, bytes]:
    # The key itself is kept nowhere, not even in memory.
    return market_id, hashlib.sha256(key.encode()).digest()
