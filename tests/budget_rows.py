"""Rows of budgets, for tests."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.budgets.models import Budget, BudgetLine
from app.database import TenantSession
from tests.project_rows import project
from tests.rows import kept


async def budget(session: TenantSession, **more: Any) -> Budget:
    """The budget of a fresh project, in euros."""
    if "project_id" not in more:
        more["project_id"] = (await project(session)).id
    return await kept(session, Budget, {"currency": "EUR"}, more)


async def budget_line(session: TenantSession, **more: Any) -> BudgetLine:
    """A hall for a thousand euros, in a fresh budget."""
    if "budget_id" not in more:
        more["budget_id"] = (await budget(session)).id
    usual = {"position": 0, "category": "venue", "title": "The hall", "planned": Decimal(1000)}
    return await kept(session, BudgetLine, usual, more)


BUDGET_ROWS: dict[str, Callable[..., Any]] = {"budget": budget, "budget_line": budget_line}
"""How to make a row of each table of budgets."""
