"""Who may see which documents."""

from typing import get_args

from app.accounts.actors import Actor, Member, visitor
from app.accounts.actors import person as person_actor
from app.accounts.permissions import Permission
from app.errors import AppError
from app.markets.directory import MarketCard
from app.search.index import Access

ACCESSES: tuple[Access, ...] = get_args(Access)


def access_of(actor: Actor) -> tuple[Access, ...]:
    """What this reader may see; staff of whom a second factor is missing see what members see."""
    seen: list[Access] = ["public"]
    if actor.may(Permission.KEEP_ACCOUNT):
        seen.append("members")
    if actor.may(Permission.SEE_CONVERSATIONS) or actor.may(Permission.EDIT_KNOWLEDGE):
        seen.append("staff")
    return tuple(seen)


def access_of_person(market: MarketCard, person: Member | None) -> tuple[Access, ...]:
    """What somebody may see now; None is a visitor."""
    if person is None:
        return access_of(visitor(market.id))
    second = market.asks_second_factor
    return access_of(person_actor(market.id, person, second_factor=second))


def checked_access(told: object) -> Access:
    """`told` as an access; raises `AppError`."""
    for access in ACCESSES:
        if access == told:
            return access
    raise AppError("A document is for everybody, for members or for staff.")
