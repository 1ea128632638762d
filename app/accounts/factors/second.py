"""The second step: codes of an authenticator app (TOTP), and recovery codes for who lost it."""

import hashlib
import hmac
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlmodel import col, delete, func, select

from app.accounts.actors import Actor, Member
from app.accounts.factors.models import Authenticator, RecoveryCode
from app.accounts.models import SignIn
from app.accounts.permissions import Permission
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError

PERIOD = 30
WINDOW = 1
"""Steps before and after the present one that are taken: clocks differ, and people type slowly."""
CODES = 10
LONGEST_CODE = 40


class CodeRefused(AppError):
    """The code is wrong, was used, or its time is over; which of them is not said."""

    code = "code"


class SecondStepNeeded(AppError):
    """The first step was right, and this person has a second one on."""

    code = "second_step"
    status = HTTPStatus.UNAUTHORIZED


class AlreadyOn(AppError):
    """There is an authenticator already."""

    code = "second_on"


async def asks_second_step(session: TenantSession, person_id: UUID) -> bool:
    """Whether this person has to give a code when they sign in."""
    found = await _authenticator(session, person_id)
    return found is not None and found.confirmed_at is not None


async def begin(session: TenantSession, actor: Actor, market_name: str, email: str) -> str:
    """The address (`otpauth:`) of a new secret, for an app to scan; `confirm` switches it on.

    Raises `AlreadyOn`.
    """
    actor.must(Permission.KEEP_ACCOUNT)
    assert actor.person_id is not None
    found = await _authenticator(session, actor.person_id)
    if found is not None and found.confirmed_at is not None:
        raise AlreadyOn("The second step is on already. Switch it off first.")
    if found is None:
        found = Authenticator(person_id=actor.person_id, secret=random_base32(32))
        session.add(found)
        await session.flush()
    maker: Any = TOTP(found.secret)
    return str(maker.provisioning_uri(name=email, issuer_name=market_name))


async def confirm(session: TenantSession, actor: Actor, member: Member, code: str) -> list[str]:
    """Switch the second step on with a first code; the recovery codes are told here only.

    This sign-in counts as proved twice from now on. Raises `CodeRefused`.
    """
    actor.must(Permission.KEEP_ACCOUNT)
    found = await _authenticator(session, member.id)
    if found is None or found.confirmed_at is not None or not _takes(found, code):
        raise CodeRefused("The code is wrong or too old.")
    found.confirmed_at = datetime.now(UTC)
    session.add(found)
    living = await session.get(SignIn, member.sign_in_id)
    if living is not None:
        living.factors = [*living.factors, "totp"]
        session.add(living)
    await record(session, actor, "second-step.on", "person", member.id)
    return await _new_codes(session, member.id)


async def check_code(session: TenantSession, person_id: UUID, code: str) -> str:
    """Take a code of the app or a recovery code; which it was, as a factor. Each is good once.

    Raises `CodeRefused`.
    """
    refused = CodeRefused("The code is wrong or too old.")
    found = await _authenticator(session, person_id)
    if found is None or found.confirmed_at is None or len(code) > LONGEST_CODE:
        raise refused
    if _takes(found, code):
        session.add(found)
        return "totp"
    query = select(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == _kept(code),
        col(RecoveryCode.used_at).is_(None),
    )
    spare = (await session.exec(query.with_for_update())).one_or_none()
    if spare is None:
        raise refused
    spare.used_at = datetime.now(UTC)
    session.add(spare)
    return "recovery"


async def codes_left(session: TenantSession, actor: Actor) -> int | None:
    """How many recovery codes are unused; None while the second step is off."""
    actor.must(Permission.KEEP_ACCOUNT)
    assert actor.person_id is not None
    if not await asks_second_step(session, actor.person_id):
        return None
    query = select(func.count()).where(
        col(RecoveryCode.person_id) == actor.person_id, col(RecoveryCode.used_at).is_(None)
    )
    return (await session.exec(query)).one()


async def renew_codes(session: TenantSession, actor: Actor) -> list[str]:
    """New recovery codes; the former ones open nothing more."""
    actor.must(Permission.KEEP_ACCOUNT)
    assert actor.person_id is not None
    if not await asks_second_step(session, actor.person_id):
        raise CodeRefused("The second step is off.")
    await record(session, actor, "recovery-codes.renewed", "person", actor.person_id)
    return await _new_codes(session, actor.person_id)


async def switch_off(session: TenantSession, actor: Actor) -> None:
    """Ask for no second step any more."""
    actor.must(Permission.KEEP_ACCOUNT)
    for table in (Authenticator, RecoveryCode):
        await session.exec(delete(table).where(col(table.person_id) == actor.person_id))
    await record(session, actor, "second-step.off", "person", actor.person_id or "")


async def _authenticator(session: TenantSession, person_id: UUID) -> Authenticator | None:
    # Locked, so that of two who give the same code at once one gets in.
    query = select(Authenticator).where(Authenticator.person_id == person_id)
    return (await session.exec(query.with_for_update())).one_or_none()


def _takes(found: Authenticator, code: str) -> bool:
    given = "".join(code.split())
    if not given.isascii() or not given.isdigit():
        return False
    maker, now = TOTP(found.secret), int(time.time()) // PERIOD
    for step in range(now - WINDOW, now + WINDOW + 1):
        if step > found.last_step and hmac.compare_digest(maker.generate_otp(step), given):
            found.last_step = step
            return True
    return False


async def _new_codes(session: TenantSession, person_id: UUID) -> list[str]:
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    told = [random_base32(32)[:16].lower() for _ in range(CODES)]
    session.add_all(RecoveryCode(person_id=person_id, code_hash=_kept(code)) for code in told)
    await session.flush()
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in told]


def _kept(code: str) -> bytes:
    # Eighty random bits need no slow hash.
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(plain.encode()).digest()
