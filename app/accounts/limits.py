"""How often a stranger may try: sign-ins, sign-ups, questions and searches.

Sign-ins are counted three ways. Per address they stop someone who tries many accounts. Per
address and e-mail together they stop someone who guesses one person's password. Per e-mail
alone they slow down many addresses that guess together, but a count that anyone can fill must
not lock the person out: it is by the hour, high, and does not hold for a browser that this
person has signed in from before (see `known_browser`).
"""

import hashlib
import hmac
from contextvars import ContextVar
from functools import cache
from uuid import UUID

from limits import RateLimitItem, parse

from app.accounts.counting import Count, Counter
from app.errors import TooMany
from app.settings import settings

LIMITS: dict[str, RateLimitItem] = {
    "sign_in_address": parse("30/5minutes"),
    "sign_in_pair": parse("8/5minutes"),
    "sign_in_email": parse("60/hour"),
    "sign_up": parse("10/hour"),
    "export": parse("10/hour"),
    "refresh": parse("60/5minutes"),
    "letter": parse("10/hour"),
    "letter_email": parse("4/hour"),
    "second_step": parse("8/10minutes"),
    "prove_again": parse("10/10minutes"),
    "sign_in_way": parse("40/5minutes"),
    "chat": parse("30/minute"),
    "attachment": parse("120/hour"),
    "photo": parse("300/hour"),
    "shared_picture": parse("120/minute"),
    "socket": parse("120/minute"),
    "search": parse("240/minute"),
    "quotes": parse("20/hour"),
    "review": parse("20/hour"),
    "review_report": parse("10/hour"),
    "texts": parse("60/hour"),
    "completions_address": parse("6000/minute"),
    "completions": parse("6000/minute"),
    "api_address": parse("600/minute"),
    "api_person": parse("600/minute"),
    "api_key": parse("1200/minute"),
    "api_market": parse("12000/minute"),
}


UNTOLD = frozenset({"sign_in_address", "sign_in_pair", "sign_in_email", "sign_up"})
"""Kinds whose counts no answer tells: they would help whoever guesses."""

spent: ContextVar[dict[str, Count] | None] = ContextVar("spent", default=None)
"""What the request at hand was counted for; set by whoever wants to tell."""


@cache
def counter() -> Counter:
    """Where this process counts."""
    return Counter(settings().redis_url)


async def spend(kind: str, market_id: UUID, *who: str) -> None:
    """Count one attempt of `who`; raises `TooMany` with the seconds to wait."""
    count = await counter().hit(LIMITS[kind], kind, str(market_id), *who)
    told = spent.get()
    if told is not None and kind not in UNTOLD:
        told[kind] = count
    if not count.allowed:
        raise TooMany("Too many attempts. Try again in a moment.", retry_after=count.resets_in)


async def spend_of(limit: RateLimitItem, *who: str) -> None:
    """Like `spend`, for a limit that is no constant; counted from the first attempt on."""
    count = await counter().hit(limit, *who, fixed=True)
    if not count.allowed:
        raise TooMany("Too many requests. Try again later.", retry_after=count.resets_in)


async def forget_market(market_id: UUID) -> int:
    """Forget every count of a market, and say how many there were."""
    return await counter().forget_market(market_id)


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
    await counter().forget()
