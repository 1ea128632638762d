"""Which kinds of service a market offers, in what order and under what names."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import select

from app.catalogue.models import CategoryChoice
from app.catalogue.taxonomy import categories, category
from app.database import TenantSession


@dataclass(frozen=True)
class Kind:
    """A category under the name that the market gives it."""

    value: str
    name: str


@dataclass(frozen=True)
class Choices:
    """Everything that a market decided about its categories; undecided ones are as everywhere."""

    rows: Mapping[str, CategoryChoice]

    def name(self, key: str, locale: str) -> str:
        """What the market calls a category; the key of one that does not exist."""
        own = self.rows.get(key)
        if own is not None and own.names.get(locale):
            return own.names[locale]
        kind = category(key)
        return kind.name_in(locale) if kind else key

    def hidden(self, key: str) -> bool:
        """Whether the market shows no page of the category."""
        return key in self.rows and self.rows[key].hidden

    def place(self, key: str) -> tuple[int, int]:
        """Where the category comes; those without a place come after all with one."""
        position = self.rows[key].position if key in self.rows else None
        return (1, 0) if position is None else (0, position)


async def choices(session: TenantSession) -> Choices:
    """What the market decided about its categories."""
    found = await session.exec(select(CategoryChoice))
    return Choices({one.category: one for one in found})


async def kinds_to_choose(session: TenantSession, locale: str) -> list[Kind]:
    """The categories that a listing can be put into, by name; those hidden are left out."""
    decided = await choices(session)
    kinds = [
        Kind(one.key, decided.name(one.key, locale))
        for one in categories()
        if not decided.hidden(one.key)
    ]
    return sorted(kinds, key=lambda kind: kind.name.casefold())
