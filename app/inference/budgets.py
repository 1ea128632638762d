"""What answers may use in a day: reserved before a call, settled after it.

A call reserves the most that it could use, so that calls at the same time cannot pass a limit
together; what it did not use is given back. What a process that died had reserved stays counted
until the day ends: a budget errs on the side of spending less. Days are those of UTC.

Everybody who asks in a market waits for the same row, so its lock is not held for the disk: where
the database's machine fails, what was counted in its last moments (three times `wal_writer_delay`,
.6 s as Postgres comes) may be lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.database import TenantSession
from app.errors import Conflict, TooMany
from app.i18n import N_
from app.inference.endpoints import ModelRefused
from app.inference.models import ModelBudget, ModelSpending

MARKET, PERSON, CURRENCY = "market", "person", "currency"
"""Whose limit it was that a call would have passed."""
MOST_TOKENS = 10**15
MOST_MONEY = Decimal(10) ** 9


class BudgetUsedUp(TooMany):
    """The market's or the person's budget of the day does not cover the call; `of` says whose."""

    def __init__(self, *, of: str) -> None:
        super().__init__(N_("The budget of the day is used up."), retry_after=3600)
        self.of = of


class CurrencyUnknown(BudgetUsedUp):
    """The model's prices are in another currency than the budget's, which cannot be compared."""


@dataclass(frozen=True)
class Limits:
    """What a market may use in a day, and each person; None is without a limit."""

    market_tokens: int | None = None
    person_tokens: int | None = None
    market_money: Decimal | None = None
    person_money: Decimal | None = None
    currency: str = ""

    @property
    def counts_money(self) -> bool:
        """Whether money is limited."""
        return self.market_money is not None or self.person_money is not None


@dataclass(frozen=True)
class Reserved:
    """What was set aside for one call."""

    day: date
    person_id: UUID | None
    currency: str
    tokens: int
    money: Decimal


@dataclass(frozen=True)
class Used:
    """What was used on a day."""

    tokens: int
    money: dict[str, Decimal]


async def budget_of(session: TenantSession, actor: Actor) -> tuple[Limits, int]:
    """The limits and their version, which is 0 where none were ever set."""
    actor.must(Permission.MODELS)
    row = (await session.exec(select(ModelBudget))).one_or_none()
    return _limits(row), row.version if row else 0


async def set_budget(session: TenantSession, actor: Actor, version: int, given: Limits) -> None:
    """Set the limits; raises `ModelRefused` or `Conflict`."""
    actor.must(Permission.MODELS)
    for amount, most in (
        (given.market_tokens, MOST_TOKENS),
        (given.person_tokens, MOST_TOKENS),
        (given.market_money, MOST_MONEY),
        (given.person_money, MOST_MONEY),
    ):
        if amount is not None and not (Decimal(amount).is_finite() and 0 <= amount <= most):
            raise ModelRefused("A limit is a number that is not below 0.")
    row = (await session.exec(select(ModelBudget).with_for_update())).one_or_none()
    if (row.version if row else 0) != version:
        raise Conflict("Somebody else changed this while you were editing.")
    before = _limits(row).__dict__
    kept = row or ModelBudget(version=0)
    for name, value in given.__dict__.items():
        setattr(kept, name, value)
    kept.version += 1
    session.add(kept)
    await session.flush()
    was, now = changes(before, given.__dict__)
    await record(session, actor, "model-budget.set", "model_budget", before=was, after=now)


async def used_today(session: TenantSession, actor: Actor) -> Used:
    """What the market used today; money by currency."""
    actor.must(Permission.MODELS)
    query = select(ModelSpending).where(
        ModelSpending.day == _today(), col(ModelSpending.person_id).is_(None)
    )
    found = (await session.exec(query.order_by(ModelSpending.currency))).all()
    return Used(
        tokens=sum(row.tokens for row in found),
        money={row.currency: row.money for row in found if row.currency and row.money},
    )


async def reserve(
    session: TenantSession, person_id: UUID | None, tokens: int, money: Decimal, currency: str
) -> Reserved:
    """Set aside what a call may use at most; raises `BudgetUsedUp`.

    Commit soon, and nothing that must not be lost with it: others who reserve for the same market
    wait for it, so it does not wait for the disk.
    """
    limits = await _limits_now(session)
    if limits.counts_money and money and currency != limits.currency:
        raise CurrencyUnknown(of=CURRENCY)
    reserved = Reserved(_today(), person_id, currency, tokens, money)
    # The market's rows come first for everybody, so that no two wait for each other.
    rows = _rows(reserved, None, limits.market_tokens, limits.market_money)
    if person_id is not None:
        rows += _rows(reserved, person_id, limits.person_tokens, limits.person_money)
    for row in rows:
        if (row.most_tokens is not None and row.tokens > row.most_tokens) or (
            row.most_money is not None and row.money > row.most_money
        ):
            raise BudgetUsedUp(of=MARKET if row.person_id is None else PERSON)
    taken = await _add(session, rows)
    for row in rows:
        if (row.person_id, row.currency) not in taken:
            raise BudgetUsedUp(of=MARKET if row.person_id is None else PERSON)
    return reserved


async def settle(session: TenantSession, reserved: Reserved, tokens: int, money: Decimal) -> None:
    """Put what was really used in the place of what was reserved."""
    difference = Reserved(
        reserved.day,
        reserved.person_id,
        reserved.currency,
        tokens - reserved.tokens,
        money - reserved.money,
    )
    rows = _rows(difference, None, None, None)
    if reserved.person_id is not None:
        rows += _rows(difference, reserved.person_id, None, None)
    await _add(session, rows)


@dataclass(frozen=True)
class _Row:
    """What is added to one row of what was used, and what it may not pass."""

    day: date
    person_id: UUID | None
    currency: str
    tokens: int
    money: Decimal
    most_tokens: int | None
    most_money: Decimal | None


def _rows(
    added: Reserved, person_id: UUID | None, most_tokens: int | None, most_money: Decimal | None
) -> list[_Row]:
    """Tokens stand in one row, whatever they cost; money in one per currency."""
    tokens = _Row(added.day, person_id, "", added.tokens, Decimal(0), most_tokens, None)
    if not added.money:
        return [tokens]
    money = _Row(added.day, person_id, added.currency, 0, added.money, None, most_money)
    return [tokens, money]


_LIMITS = text(
    "select market_tokens, person_tokens, market_money, person_money, currency from model_budget"
)
_ROW = (
    "(gen_random_uuid(), :day, cast(:person{n} as uuid), :currency{n},"
    " cast(:tokens{n} as bigint), cast(:money{n} as numeric), now())"
)
_LIMIT = (
    "(excluded.currency = :currency{n} and excluded.person_id is not distinct from"
    " cast(:person{n} as uuid)"
    " and (cast(:most_tokens{n} as bigint) is null or kept.tokens + excluded.tokens"
    " <= cast(:most_tokens{n} as bigint))"
    " and (cast(:most_money{n} as numeric) is null or kept.money + excluded.money"
    " <= cast(:most_money{n} as numeric)))"
)


@cache
def _adding(count: int) -> TextClause:
    """One statement for so many rows, for it stands between a question and its first word."""
    numbers = range(count)
    return text(  # All of it is ours; what callers give are parameters.
        "insert into model_spending as kept"  # noqa: S608
        " (id, day, person_id, currency, tokens, money, created_at) values "
        + ", ".join(_ROW.format(n=n) for n in numbers)
        + " on conflict on constraint model_spending_once do update"
        " set tokens = kept.tokens + excluded.tokens, money = kept.money + excluded.money where "
        + " or ".join(_LIMIT.format(n=n) for n in numbers)
        + " returning kept.person_id, kept.currency, set_config('synchronous_commit', 'off', true)"
    )


async def _add(session: TenantSession, rows: Sequence[_Row]) -> set[tuple[UUID | None, str]]:
    """Add to what was used, save where that would pass a limit; tells to which rows it did."""
    told: dict[str, Any] = {"day": rows[0].day}
    for number, row in enumerate(rows):
        told[f"person{number}"] = row.person_id
        for name in ("currency", "tokens", "money", "most_tokens", "most_money"):
            told[f"{name}{number}"] = getattr(row, name)
    connection = await session.connection()
    found = await connection.execute(_adding(len(rows)), told)
    return {(row.person_id, row.currency) for row in found}


async def _limits_now(session: TenantSession) -> Limits:
    row = (await (await session.connection()).execute(_LIMITS)).one_or_none()
    return Limits(*row) if row else Limits()


def _limits(row: ModelBudget | None) -> Limits:
    if row is None:
        return Limits()
    return Limits(
        row.market_tokens, row.person_tokens, row.market_money, row.person_money, row.currency
    )


def _today() -> date:
    return datetime.now(UTC).date()
