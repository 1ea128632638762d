"""What a search index promises; every implementation passes the same contract tests."""

import dataclasses
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

from app.database import TenantSession

Kind = Literal["listing", "article"]


@dataclasses.dataclass(frozen=True)
class Near:
    """A circle on the globe; degrees and kilometres."""

    lat: float
    lon: float
    km: float


@dataclasses.dataclass(frozen=True)
class Filters:
    """What a listing must be. A listing that does not say never passes: filters fail closed.

    `price_max` compares amounts of `currency` alone.
    """

    category: str | None = None
    city: str | None = None
    language: str | None = None
    price_max: Decimal | None = None
    currency: str | None = None
    near: Near | None = None


@dataclasses.dataclass(frozen=True)
class Query:
    """What is looked for: `text` in any language, for a reader of `locale`."""

    text: str
    locale: str
    limit: int = 10
    kinds: tuple[Kind, ...] = ("listing",)
    filters: Filters = Filters()


@dataclasses.dataclass(frozen=True)
class Hit:
    """A listing or an article that fits; the best come first.

    `score` is between 0 and 1 and compares within one answer only. `passage` is the text of the
    article that fits best, in the language nearest to the reader's; empty for listings.
    """

    kind: Kind
    id: UUID
    score: float
    passage: str = ""


class SearchIndex(Protocol):
    """Finds what fits a need within the market that the session is bound to."""

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        """Return what fits, best first; empty when nothing in the market does."""
        ...

    async def refresh(
        self,
        session: TenantSession,
        kind: Kind,
        ids: Sequence[UUID] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        """Index these rows (all of the kind for None) as they are now; those gone are dropped.

        Returns how many were embedded anew; rows whose texts did not change are left alone.
        `progress` is called with (done, total).
        """
        ...
