"""A search index that holds what a test puts on it; the border at which tests end."""

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from app.database import TenantSession
from app.search.index import Hit, Kind, Query, Weighed


@dataclasses.dataclass
class Shelf:
    """An index that answers with what was put on it, and remembers what it was asked."""

    hits: dict[Kind, list[Hit]] = dataclasses.field(default_factory=dict[Kind, list[Hit]])
    asked: list[Query] = dataclasses.field(default_factory=list[Query])
    refuses: Callable[[Query], bool] = lambda _query: False
    transactional: bool = True

    async def search(self, session: TenantSession, query: Query) -> list[Hit]:
        self.asked.append(query)
        if self.refuses(query):
            return []
        return [hit for kind in query.kinds for hit in self.hits.get(kind, [])]

    async def weigh(self, session: TenantSession, query: Query) -> list[Weighed]:
        return []

    async def let_see(self, session: TenantSession, kind: Kind, ids: Sequence[UUID]) -> None:
        pass

    async def refresh(
        self,
        session: TenantSession,
        kind: Kind,
        ids: Sequence[UUID] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> int:
        return 0

    async def rebuild(
        self, market_id: UUID, progress: Callable[[int, int], Awaitable[None]]
    ) -> int:
        return 0

    async def erase(self, market_id: UUID) -> None:
        self.hits.clear()

    async def tend(self) -> None:
        pass
