"""How often a stranger may try: sign-ins, sign-ups, questions and searches.

Sign-ins are counted three ways. Per address they stop someone who tries many accounts. Per
address and e-mail together they stop someone who guesses one person's password. Per e-mail
alone they slow down many addresses that guess together, but a count that anyone can fill must
not lock the person out: it is by the hour, high, and does not hold for a browser that this
person has signed in from before (see `known_browser`).
"""

import hashlib
import hmac
import time
from functools import cache
from uuid import UUID

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from app.errors import TooMany
from app.settings import settings

LIMITS: dict[str, RateLimitItem] = {
    "sign_in_address": parse("30/5minutes"),
    "sign_in_pair": parse("8/5minutes"),
    "sign_in_email": parse("60/hour"),
    "sign_up": parse("10/hour"),
    "chat": parse("30/minute"),
    "search": parse("240/minute"),
}


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


async def spend(kind: str, market_id: UUID, *who: str) -> None:
    """Count one attempt of `who`; raises `TooMany` with the seconds to wait."""
    limit, key = LIMITS[kind], (kind, str(market_id), *who)
    if await _limiter().hit(limit, *key):
        return
    stats = await _limiter().get_window_stats(limit, *key)
    raise TooMany(
        "Too many attempts. Try again in a moment.",
        retry_after=max(1, round(stats.reset_time - time.time())),
    )


async def spend_sign_in(market_id: UUID, address: str, email: str, *, known: bool) -> None:
    """Count an attempt to sign in, before its password is looked at."""
    who = email.strip().lower()[:254]
    await spend("sign_in_address", market_id, address)
    await spend("sign_in_pair", market_id, address, who)
    if not known:
        await spend("sign_in_email", market_id, who)


def browser_mark(market_id: UUID, email: str) -> str:
    """What a browser keeps to show that `email` signed in from it; it opens nothing by itself."""
    secret = settings().secret_key.encode()
    told = f"{market_id}:{email.strip().lower()}".encode()
    return hmac.new(secret, told, hashlib.sha256).hexdigest()


def known_browser(mark: str, market_id: UUID, email: str) -> bool:
    """Whether `mark` is the mark of this person's own browser."""
    return hmac.compare_digest(mark.encode(), browser_mark(market_id, email).encode())


async def forget_attempts() -> None:
    """Start all counts anew, as tests do."""
    await _limiter().storage.reset()
