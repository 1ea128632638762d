"""Questions about a market that its own data may answer, and what they answer.

Each is asked in the same way at every time, before anybody has looked, and all are told whatever
comes of them; what the tests say is adjusted for how many they are. The market was not experimented
with: two things that go together need not be cause and effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics import worker
from app.analytics.shares import Share
from app.analytics.spans import Span
from app.database import TenantSession, tenant_session
from app.i18n import N_
from app.markets.directory import MarketCard

Test = Literal["fisher_exact", "mann_whitney_u", "spearman_rho"]
Effect = Literal["odds_ratio", "chance_greater", "rho"]
Verdict = Literal["supported", "not_supported", "not_enough_data"]

LEVEL = 0.05
"""Adjusted chances below this support a hypothesis."""
LEAST_IN_GROUP = 20
LEAST_OF_KIND = 5
"""Of both what happened and what did not, over both groups."""
LEAST_RANKED = 10
LEAST_PAIRS = 15
MOST = 5000
"""Of the newest so many are compared, which says as much as all."""


@dataclass(frozen=True)
class Hypothesis:
    """A question with its two groups or quantities, as message ids, and how it is tested."""

    key: str
    says: str
    first: str
    second: str
    test: Test
    query: str
    """Gives `first` and `second` (whether, or how much) a row."""


@dataclass(frozen=True)
class Tested:
    """A hypothesis and what the data say of it; the parts of `effect` are None where there are
    not enough, or where an interval has no end."""

    of: Hypothesis
    verdict: Verdict
    sizes: tuple[int, int]
    """How many are in each group; for two quantities twice how many pairs."""
    needed: int
    effect_name: Effect
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    sides: tuple[Share, ...] = ()
    """For groups: the share in each to which it happened."""


_EFFECTS: dict[Test, Effect] = {
    "fisher_exact": "odds_ratio",
    "mann_whitney_u": "chance_greater",
    "spearman_rho": "rho",
}
_KINDS: dict[Test, str] = {
    "fisher_exact": "shares",
    "mann_whitney_u": "ranks",
    "spearman_rho": "together",
}

HYPOTHESES: tuple[Hypothesis, ...] = (
    Hypothesis(
        key="offers_lead_to_requests",
        says=N_("Who is shown an offer asks for a quote more often."),
        first=N_("An offer was shown"),
        second=N_("No offer was shown"),
        test="fisher_exact",
        query="""
            select exists (
                select from conversation_event e where e.tenant_id = c.tenant_id
                    and e.conversation_id = c.id and e.kind = 'reply'
                    and e.payload->'citations' @> '[{"kind": "listing"}]'
            ) as first, exists (
                select from quote_request q where q.tenant_id = c.tenant_id
                    and q.conversation_id = c.id
            ) as second
            from conversation c where created_at >= :since and created_at < :until
            order by created_at desc limit :most
        """,
    ),
    Hypothesis(
        key="budget_gets_answers",
        says=N_("Requests that name a budget get a quote more often."),
        first=N_("A budget was named"),
        second=N_("No budget was named"),
        test="fisher_exact",
        query="""
            select coalesce(facts->>'budget', '') <> '' as first, state = 'answered' as second
            from quote_request
            where created_at >= :since and created_at < :until
                and (state <> 'sent' or expires_at < now())
            order by created_at desc limit :most
        """,
    ),
    Hypothesis(
        key="weekend_requests_wait",
        says=N_("Requests sent at the weekend get a quote less often."),
        first=N_("Sent from Saturday to Sunday"),
        second=N_("Sent from Monday to Friday"),
        test="fisher_exact",
        query="""
            select extract(isodow from created_at at time zone :zone) > 5 as first,
                state = 'answered' as second
            from quote_request
            where created_at >= :since and created_at < :until
                and (state <> 'sent' or expires_at < now())
            order by created_at desc limit :most
        """,
    ),
    Hypothesis(
        key="own_language_finds_more",
        says=N_("Who asks in the market's own language is shown an offer more often."),
        first=N_("In the market's own language"),
        second=N_("In another language"),
        test="fisher_exact",
        query="""
            select c.locale = :own as first, exists (
                select from conversation_event e where e.tenant_id = c.tenant_id
                    and e.conversation_id = c.id and e.kind = 'reply'
                    and e.payload->'citations' @> '[{"kind": "listing"}]'
            ) as second
            from conversation c where created_at >= :since and created_at < :until and last_seq > 0
            order by created_at desc limit :most
        """,
    ),
    Hypothesis(
        key="early_guests_come",
        says=N_("Guests who come were written down earlier than those who stay away."),
        first=N_("Days before the event, of guests who came"),
        second=N_("Days before the event, of guests who did not"),
        test="mann_whitney_u",
        query="""
            select p.day - (r.created_at at time zone :zone)::date as second, exists (
                select from attendance a where a.tenant_id = r.tenant_id
                    and a.registration_id = r.id
            ) as first
            from registration r join project p
                on p.tenant_id = r.tenant_id and p.id = r.project_id
            where p.state = 'completed' and p.day is not null
                and r.created_at >= :since and r.created_at < :until
                and exists (
                    select from attendance a where a.tenant_id = p.tenant_id
                        and a.project_id = p.id
                )
            order by r.created_at desc limit :most
        """,
    ),
    Hypothesis(
        key="early_plans_cost_less",
        says=N_("The earlier an event is begun, the less it goes over its budget."),
        first=N_("Days between beginning and event"),
        second=N_("Actual cost as a part of the planned"),
        test="spearman_rho",
        query="""
            select p.day - (p.created_at at time zone :zone)::date as first,
                sum(coalesce(l.actual, l.planned)) / sum(l.planned) as second
            from project p
            join budget b on b.tenant_id = p.tenant_id and b.project_id = p.id
            join budget_line l on l.tenant_id = b.tenant_id and l.budget_id = b.id
            where p.state = 'completed' and p.day is not null
                and p.created_at >= :since and p.created_at < :until
            group by p.id, p.day, p.created_at
            having sum(l.planned) > 0 and count(l.actual) > 0
            order by p.created_at desc limit :most
        """,
    ),
)


async def hypotheses(market: MarketCard, actor: Actor, span: Span) -> list[Tested]:
    """What the span's data say of each hypothesis, in their order."""
    async with tenant_session(market.id) as session:
        rows = [await _rows(session, actor, market, span, one) for one in HYPOTHESES]
    drawn = [_drawn(one, found) for one, found in zip(HYPOTHESES, rows, strict=True)]
    asked = [one for one in drawn if isinstance(one, dict)]
    told = iter(await worker.ask("tests", asked=asked) if asked else ())
    return [
        one if isinstance(one, Tested) else _tested(of, one, next(told))
        for of, one in zip(HYPOTHESES, drawn, strict=True)
    ]


async def _rows(
    session: TenantSession, actor: Actor, market: MarketCard, span: Span, of: Hypothesis
) -> Sequence[Any]:
    actor.must(Permission.SEE_FIGURES)
    connection = await session.connection()
    told = span.bounds() | {"most": MOST, "own": market.default_locale}
    return (await connection.execute(text(of.query), told)).all()


def _drawn(of: Hypothesis, rows: Sequence[Any]) -> dict[str, Any] | Tested:
    """What to ask the worker; or, where there is too little, that it is so."""
    if of.test == "fisher_exact":
        table = [
            [sum(row.first is side and row.second is way for row in rows) for way in (True, False)]
            for side in (True, False)
        ]
        sizes = (sum(table[0]), sum(table[1]))
        least = min(table[0][0] + table[1][0], table[0][1] + table[1][1])
        if min(sizes) < LEAST_IN_GROUP or least < LEAST_OF_KIND:
            return _too_few(of, sizes, LEAST_IN_GROUP)
        return {"kind": "shares", "table": table}
    if of.test == "mann_whitney_u":
        first = [float(row.second) for row in rows if row.first]
        second = [float(row.second) for row in rows if not row.first]
        needed = LEAST_RANKED
    else:
        first = [float(row.first) for row in rows]
        second = [float(row.second) for row in rows]
        needed = LEAST_PAIRS
    sizes = (len(first), len(second))
    # Ranks of what is always the same say nothing.
    same = len(set(first + second)) < 2 if needed == LEAST_RANKED else _constant(first, second)
    if min(sizes) < needed or same:
        return _too_few(of, sizes, needed)
    return {"kind": _KINDS[of.test], "first": first, "second": second}


def _constant(*sides: list[float]) -> bool:
    return any(len(set(side)) < 2 for side in sides)


def _too_few(of: Hypothesis, sizes: tuple[int, int], needed: int) -> Tested:
    return Tested(of, "not_enough_data", sizes, needed, _EFFECTS[of.test])


def _tested(of: Hypothesis, asked: dict[str, Any], told: dict[str, Any]) -> Tested:
    if "table" in asked:
        sizes = (sum(asked["table"][0]), sum(asked["table"][1]))
        needed = LEAST_IN_GROUP
    else:
        sizes = (len(asked["first"]), len(asked["second"]))
        needed = LEAST_PAIRS if of.test == "spearman_rho" else LEAST_RANKED
    return Tested(
        of=of,
        verdict="supported" if _points_as_said(of, told) else "not_supported",
        sizes=sizes,
        needed=needed,
        effect_name=_EFFECTS[of.test],
        effect=told["effect"],
        low=told["low"],
        high=told["high"],
        p=told["p"],
        q=told["q"],
        sides=tuple(Share(**side) for side in told.get("sides", ())),
    )


_LESS = frozenset({"weekend_requests_wait", "early_plans_cost_less"})
"""Where the hypothesis says that there is less of it."""
_NOTHING: dict[Test, float] = {"fisher_exact": 1.0, "mann_whitney_u": 0.5, "spearman_rho": 0.0}
"""The effect where there is none."""


def _points_as_said(of: Hypothesis, told: dict[str, Any]) -> bool:
    """Whether it is no chance, and the way round that the hypothesis says."""
    effect = told["effect"]
    # An odds ratio without an end: it never happened in the second group.
    more = effect is None or effect > _NOTHING[of.test]
    return told["q"] < LEVEL and more is not (of.key in _LESS)
