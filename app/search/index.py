"""What a search index promises; every implementation passes the same contract tests."""

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Literal, Protocol, get_args
from uuid import UUID

from app.database import TenantSession

Kind = Literal["listing", "article", "passage"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Access = Literal["public", "members", "staff"]
"""Who may see a text."""
PUBLIC: tuple[Access, ...] = ("public",)


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
    access: tuple[Access, ...] = PUBLIC
    """What the reader may see. What is not named here is never found."""


@dataclasses.dataclass(frozen=True)
class Hit:
    """A listing, an article or a passage of a document that fits; the best come first.

    `score` is between 0 and 1 and compares within one answer only. `passage` is the text of the
    article that fits best, in the language nearest to the reader's; empty for listings. `said` is
    the query as it was understood, with typos mended where that answered better, and `details` are
    those that both speak of.
    """

    kind: Kind
    id: UUID
    score: float
    passage: str = ""
    said: str = dataclasses.field(default="", compare=False)
    details: tuple[str, ...] = dataclasses.field(default=(), compare=False)


@dataclasses.dataclass(frozen=True)
class Weighed:
    """A passage of a document beside a question, found or not, and what spoke for it.

    `meaning` and `wording` are the two models' similarities; `hub` and `wording_hub` how near the
    passage is to needs in general; `named` how much its headings share with the question.
    `sure` (0 to 1) is how sure it is that the passage bears on the question, and below `enough` it
    is not shown; among those shown `rank` decides.
    """

    id: UUID
    access: str
    meaning: float
    wording: float
    hub: float
    wording_hub: float
    named: float
    sure: float
    rank: float
    enough: float


class SearchIndex(Protocol):
    """Finds what fits a need within the market that the session is bound to.

    What cannot be told because a part is down is `Unavailable`, never an empty answer.
    """

    transactional: bool
    """Whether what `refresh` does is undone with the session's transaction."""

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        """Return what fits, best first; empty when nothing in the market does."""
        ...

    async def weigh(self, session: TenantSession, query: Query) -> list[Weighed]:
        """The passages that were looked at for a query, the likeliest first, for the lab."""
        ...

    async def let_see(self, session: TenantSession, kind: Kind, ids: Sequence[UUID]) -> None:
        """Let those find these who may see them now; embeds nothing, so it can be waited for."""
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

    async def rebuild(
        self, market_id: UUID, progress: Callable[[int, int], Awaitable[None]]
    ) -> int:
        """Embed everything of a market anew; the old index answers until the new one is whole.

        Opens sessions of its own. Returns how many were embedded.
        """
        ...

    async def erase(self, market_id: UUID) -> None:
        """Delete what is kept of a market outside its database; it can be done twice."""
        ...

    async def tend(self) -> None:
        """Do for all markets what is to be done each night."""
        ...
