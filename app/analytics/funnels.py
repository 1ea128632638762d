"""How far conversations get: from a first message to a quote."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.metrics import daily
from app.analytics.shares import Share, shares_of
from app.analytics.spans import Span
from app.database import TenantSession, tenant_session
from app.i18n import N_
from app.markets.directory import MarketCard

StageKey = Literal["started", "offered", "requested", "quoted"]

STAGES: dict[StageKey, str] = {
    "started": N_("Asked something"),
    "offered": N_("Were shown an offer"),
    "requested": N_("Asked for a quote"),
    "quoted": N_("Got a quote"),
}
"""In their order. A conversation is at a stage when it has been at all those before."""

# A conversation is counted on the day it was begun, wherever it has got since.
_COUNTED = text(
    """
    with reached as (
        select locale,
            exists (
                select from conversation_event e
                where e.tenant_id = c.tenant_id and e.conversation_id = c.id
                    and e.kind = 'message'
            ) as started,
            exists (
                select from conversation_event e
                where e.tenant_id = c.tenant_id and e.conversation_id = c.id
                    and e.kind = 'reply'
                    and e.payload->'citations' @> '[{"kind": "listing"}]'
            ) as offered,
            exists (
                select from quote_request q
                where q.tenant_id = c.tenant_id and q.conversation_id = c.id
            ) as requested,
            exists (
                select from quote_request q
                where q.tenant_id = c.tenant_id and q.conversation_id = c.id
                    and q.state = 'answered'
            ) as quoted
        from conversation c
        where created_at >= :since and created_at < :until
    )
    select locale,
        count(*) filter (where started) as started,
        count(*) filter (where started and offered) as offered,
        count(*) filter (where started and offered and requested) as requested,
        count(*) filter (where started and offered and requested and quoted) as quoted
    from reached group by locale order by count(*) desc, locale
    """
)


@dataclass(frozen=True)
class Stage:
    """How many conversations got so far."""

    key: StageKey
    count: int
    of_first: Share | None
    """None where nobody was at the first stage."""
    of_previous: Share | None


@dataclass(frozen=True)
class Funnel:
    """The stages in their order, of all conversations or of those in one language."""

    stages: tuple[Stage, ...]
    locale: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody asked anything."""
        return self.stages[0].count == 0


async def conversion_funnel(
    market: MarketCard, actor: Actor, span: Span
) -> tuple[Funnel, list[Funnel]]:
    """The funnel of the conversations that were begun in the span, and of each language's."""
    async with tenant_session(market.id) as session:
        by_locale = await _counted(session, actor, span)
    whole: dict[StageKey, int] = {
        key: sum(counts[key] for counts in by_locale.values()) for key in STAGES
    }
    # Nothing is asked of the database meanwhile: the first question takes a second or two.
    funnels = await _with_shares([("", whole), *by_locale.items()])
    return funnels[0], funnels[1:]


async def came_before(market: MarketCard, actor: Actor, span: Span) -> tuple[int, int]:
    """How many public pages were shown in the span, and how often was searched.

    They are no stages: nobody knows which of the people who looked asked something afterwards.
    """
    async with tenant_session(market.id) as session:
        counts = await daily(session, actor, span, ("page_views", "searches"))
    return sum(counts["page_views"]), sum(counts["searches"])


async def _counted(
    session: TenantSession, actor: Actor, span: Span
) -> dict[str, dict[StageKey, int]]:
    actor.must(Permission.SEE_FIGURES)
    connection = await session.connection()
    rows = await connection.execute(_COUNTED, span.bounds())
    return {row.locale: {key: getattr(row, key) for key in STAGES} for row in rows}


async def _with_shares(counted: list[tuple[str, dict[StageKey, int]]]) -> list[Funnel]:
    shares = await shares_of(pair for _locale, counts in counted for pair in _pairs(counts))
    return [
        Funnel(
            tuple(
                Stage(
                    key,
                    counts[key],
                    shares.get((counts[key], counts["started"])),
                    shares.get((counts[key], before)),
                )
                for key, before in zip(STAGES, _before(counts), strict=True)
            ),
            locale,
        )
        for locale, counts in counted
    ]


def _before(counts: dict[StageKey, int]) -> list[int]:
    """For each stage how many were at the one before; the first is its own."""
    told = list(counts.values())
    return [told[0], *told[:-1]]


def _pairs(counts: dict[StageKey, int]) -> list[tuple[int, int]]:
    told = list(counts.values())
    return [(count, told[0]) for count in told] + list(zip(told, _before(counts), strict=True))
