"""The finance agent: budgets, return, break-even and prices, reckoned in `app.budgets`.

Every number of an answer comes from there; nothing is asked of a model. `prompts/finance.json` has
the words by which amounts are told apart.
"""

import dataclasses
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import format_percent

from agents.acting import actor_of
from agents.base import BaseAgent, Block, Request, Result
from agents.plans import plan_given
from agents.reckoning import Asked, asked_in
from app.accounts.actors import Actor
from app.budgets.amounts import rounded, wire
from app.budgets.comparing import price_advice
from app.budgets.keeping import Kept, NoBudget, budget_of, create_budget, project_to_budget
from app.budgets.lines import category_name
from app.budgets.pricing import Advice
from app.budgets.proposing import proposed
from app.budgets.returns import break_even, return_on
from app.budgets.splitting import kinds, split
from app.catalogue import reading
from app.catalogue.comparing import usual_unit
from app.catalogue.units import per_unit
from app.database import TenantSession, tenant_session
from app.errors import AppError
from app.i18n import money, ntranslate, translate
from app.projects.keeping import projects_of, title_of
from app.search.index import Query

LOOKED_AT = 12
"""How many services are looked at to know which kind of them a message means."""


class Finance(BaseAgent):
    """Reckons with the amounts of a message, the person's own budget, or the market's prices."""

    name = "finance"
    needs = ("planning",)

    async def run(self, request: Request) -> Result:
        """Return what was reckoned as text and blocks, or ask for the money that is missing."""
        asked = asked_in(request.message, request.slots, request.market.currency)
        try:
            if found := reckoned(request, asked):
                return await _kept_with_plan(request, asked) or found
            if request.intent == "optimize_pricing":
                return await self._advised(request, asked)
        except AppError as error:
            # A price below its cost and the like: the refusal is the answer.
            return Result(text=translate(request.locale, error.message, **error.params))
        return await _own(request) or Result(asks=("money",))

    async def _advised(self, request: Request, asked: Asked) -> Result:
        """What the market's own prices say of the kind of service that the message means."""
        locale, currency = request.locale, asked.currency
        async with tenant_session(request.market.id) as session:
            hits = await self.deps.index.search(
                session, Query(request.message, locale, limit=LOOKED_AT)
            )
            cards = await reading.cards(session, [hit.id for hit in hits], locale)
            if not cards:
                return Result()
            kind, _count = Counter(card.category for card in cards[:3]).most_common(1)[0]
            name = next(card.category_name for card in cards if card.category == kind)
            unit = await usual_unit(session, kind, currency) or ""
            advice = await price_advice(
                session,
                actor_of(request),
                kind,
                unit,
                currency,
                own_price=asked.amounts.get("price", asked.total),
                unit_cost=asked.amounts.get("variable"),
            )
        called = " ".join(filter(None, (name, per_unit(locale, unit))))
        return _advice(advice, called, locale)


def reckoned(request: Request, asked: Asked) -> Result | None:
    """What follows from the amounts of the message alone; None where they do not say what for."""
    known = set(asked.amounts)
    if asked.about_even or {"price", "variable"} <= known:
        return _even(asked, request.locale)
    if asked.about_return or {"revenue", "cost"} <= known:
        return _returned(asked, request.locale)
    if asked.total is not None and request.intent != "optimize_pricing":
        return _divided(request, asked)
    return None


def _even(asked: Asked, locale: str) -> Result:
    """Where the break-even is; asks for amounts that are missing."""
    price, variable = asked.amounts.get("price"), asked.amounts.get("variable", Decimal())
    fixed = asked.amounts.get("fixed")
    if fixed is None:
        fixed = asked.amounts.get("cost") or next(iter(asked.others), None)
    if price is None or fixed is None:
        return Result(
            text=translate(
                locale,
                "Tell me the price, what each sale costs, and the fixed costs, each with its name.",
            ),
            asks=("money",),
        )
    currency = asked.currency
    found = break_even(fixed, price, variable, currency, asked.guests)
    text = ntranslate(
        locale,
        "At a price of %(price)s each sale leaves %(left)s: it takes %(count)s sale, or"
        " %(revenue)s, to break even.",
        "At a price of %(price)s each sale leaves %(left)s: it takes %(count)s sales, or"
        " %(revenue)s, to break even.",
        found.units,
        price=money(rounded(price, currency), currency, locale),
        left=money(found.contribution, currency, locale),
        revenue=money(found.revenue_of_units, currency, locale),
    )
    return Result(text=text)


def _returned(asked: Asked, locale: str) -> Result:
    """What came back of what was spent."""
    cost, revenue = asked.amounts.get("cost"), asked.amounts.get("revenue")
    if cost is None or revenue is None:
        return Result(
            text=translate(locale, "Tell me what was spent and what was earned, each by its name."),
            asks=("money",),
        )
    found = return_on(cost, revenue, asked.currency)
    text = translate(
        locale,
        "%(cost)s spent and %(revenue)s earned: the result is %(profit)s, a return of %(percent)s.",
        cost=money(found.cost, asked.currency, locale),
        revenue=money(found.revenue, asked.currency, locale),
        profit=money(found.profit, asked.currency, locale),
        percent=_percent(found.percent, locale),
    )
    return Result(text=text)


def _divided(request: Request, asked: Asked) -> Result:
    """A total divided for the event that the message, or the plan made of it, tells of."""
    locale, currency = request.locale, asked.currency
    assert asked.total is not None
    plan = plan_given(request)
    guests = asked.guests or _whole(plan.get("guests"))
    kind = str(plan.get("type") or "")
    total = rounded(asked.total, currency)
    shares = split(total, kind if kind in kinds() else "other", guests, currency)
    lines: list[dict[str, Any]] = [
        {
            "name": category_name(share.category, locale),
            "planned": wire(share.amount, currency),
            "actual": None,
        }
        for share in shares
    ]
    text = translate(
        locale,
        "A first division of %(total)s, by a rule of thumb. Change whatever is different for you.",
        total=money(total, currency, locale),
    )
    data = {"currency": currency, "lines": lines, "total": wire(total, currency)}
    block = Block("budget", translate(locale, "Budget"), data)
    return Result(text=text, blocks=(block,), asks=() if guests else ("guests",))


async def _kept_with_plan(request: Request, asked: Asked) -> Result | None:
    """The budget kept with the plan that was just made: divided where the event has none yet."""
    plan = plan_given(request)
    named = plan.get("project")
    if named is None or asked.total is None:
        return None
    actor, market, locale = actor_of(request), request.market, request.locale
    total = rounded(asked.total, asked.currency)
    async with tenant_session(market.id) as session:
        project, currency = await project_to_budget(session, actor, market, UUID(str(named)))
        title = title_of(project, locale)
        if (kept := await _budget(session, actor, project.id)) is not None:
            return _standing(kept, title, locale)
        if currency != asked.currency:
            return None
        lines = proposed(total, project.kind, project.guests, currency, locale)
        kept = await create_budget(session, actor, market, project.id, lines)
    text = translate(
        locale,
        "A first division of %(total)s, by a rule of thumb. Change whatever is different for you.",
        total=money(total, currency, locale),
    )
    return dataclasses.replace(_standing(kept, title, locale), text=text)


async def _own(request: Request) -> Result | None:
    """How the budget of the person's next event stands; None for who has none."""
    if request.person_id is None:
        return None
    actor, market = actor_of(request), request.market
    today = datetime.now(ZoneInfo(market.timezone)).date()
    async with tenant_session(market.id) as session:
        for event in await projects_of(session, actor, request.locale, today, limit=5):
            kept = await _budget(session, actor, event.id)
            if kept is not None:
                return _standing(kept, event.title, request.locale)
    return None


async def _budget(session: TenantSession, actor: Actor, project_id: UUID) -> Kept | None:
    try:
        return await budget_of(session, actor, project_id)
    except NoBudget:
        return None


def _standing(kept: Kept, title: str, locale: str) -> Result:
    currency, sums, left = kept.currency, kept.sums, kept.left
    told = [
        translate(
            locale,
            "%(title)s: %(planned)s planned, %(expected)s expected, %(paid)s paid.",
            title=title,
            planned=money(sums.planned, currency, locale),
            expected=money(sums.expected, currency, locale),
            paid=money(sums.paid, currency, locale),
        )
    ]
    if left is not None and kept.limit is not None:
        limit = money(kept.limit, currency, locale)
        phrase = (
            translate(
                locale,
                "This is %(amount)s over the event's limit of %(limit)s.",
                amount=money(-left, currency, locale),
                limit=limit,
            )
            if left < 0
            else translate(
                locale,
                "%(amount)s of the limit of %(limit)s is left.",
                amount=money(left, currency, locale),
                limit=limit,
            )
        )
        told.append(phrase)
    lines: list[dict[str, Any]] = [
        {
            "name": line.title,
            "planned": wire(line.planned, currency),
            "actual": None if line.actual is None else wire(line.actual, currency),
        }
        for line in kept.lines
    ]
    data = {"currency": currency, "lines": lines, "total": wire(sums.planned, currency)}
    url = f"/{locale}/events/{kept.project_id}/budget"
    return Result(text=" ".join(told), blocks=(Block("budget", title, data, url),))


def _advice(advice: Advice, called: str, locale: str) -> Result:
    found = advice.quartiles
    if found is None or advice.low is None or advice.high is None:
        text = ntranslate(
            locale,
            "There is %(count)s comparable price for %(name)s, too few to advise by.",
            "There are %(count)s comparable prices for %(name)s, too few to advise by.",
            advice.count,
            name=called,
        )
        return Result(text=text)
    told = [
        ntranslate(
            locale,
            "Of %(count)s comparable price for %(name)s the middle half lies between %(low)s and"
            " %(high)s; the median is %(median)s.",
            "Of %(count)s comparable prices for %(name)s the middle half lies between %(low)s and"
            " %(high)s; the median is %(median)s.",
            advice.count,
            name=called,
            low=money(found.first, advice.currency, locale),
            high=money(found.third, advice.currency, locale),
            median=money(found.median, advice.currency, locale),
        )
    ]
    if advice.squeezed:
        told.append(translate(locale, "What one costs you is above that: lower it, or offer more."))
    return Result(text=" ".join(told))


def _percent(percent: Decimal, locale: str) -> str:
    return format_percent(percent / 100, "#,##0.##%", locale=locale.replace("-", "_"))


def _whole(told: Any) -> int | None:
    return told if isinstance(told, int) and told > 0 else None
