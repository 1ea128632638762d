"""Passwords: what is asked of one, and how it is kept (argon2id) and checked."""

import asyncio
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import AppError

SHORTEST = 10
LONGEST = 200
"""Argon2 takes any length; a bound keeps a stranger from feeding it megabytes."""

COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text("utf-8").split())
"""What attackers try first among passwords that are long enough."""


class PasswordRefused(AppError):
    """A new password breaks a rule; `code` names the rule for pages."""

    def __init__(self, message: str, *, code: str, **params: int) -> None:
        super().__init__(message, status=None, **params)
        self.code = code


@cache
def _hasher() -> PasswordHasher:
    # OWASP's choice for small machines: with 64 MiB, as RFC 9106 proposes, a few people who
    # sign in at the same time would exhaust one.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("the password of nobody")


def check_new(password: str, email: str) -> None:
    """Raise `PasswordRefused` unless `password` may become the password of `email`."""
    if len(password) < SHORTEST:
        raise PasswordRefused(
            "The password needs at least %(count)s characters.",
            code="password_short",
            count=SHORTEST,
        )
    if len(password) > LONGEST:
        raise PasswordRefused(
            "The password may have at most %(count)s characters.",
            code="password_long",
            count=LONGEST,
        )
    plain = password.strip().lower()
    if plain in {email, email.partition("@")[0]}:
        raise PasswordRefused("The password must not be the e-mail address.", code="password_email")
    if plain in COMMON or len(set(plain)) < 3:
        raise PasswordRefused(
            "This password is among the first that attackers try. Choose another.",
            code="password_common",
        )


async def hash_password(password: str) -> str:
    """The argon2id hash to keep, made in a thread for it takes tens of milliseconds."""
    return await asyncio.to_thread(_hasher().hash, password)


async def verify(password: str, kept: str | None) -> bool:
    """Whether `password` is the one that `kept` was made from.

    With `None` (no such person) the same work is done and the answer is False, so that the time
    of an answer does not tell which e-mails are registered.
    """
    return await asyncio.to_thread(_verify, password, kept)


def _verify(password: str, kept: str | None) -> bool:
    try:
        _hasher().verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether `kept` was made with other parameters than new hashes are."""
    return _hasher().check_needs_rehash(kept)
