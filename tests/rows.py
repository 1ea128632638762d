"""How the factories of rows make one."""

from itertools import count
from typing import Any, TypeVar

from sqlmodel import SQLModel

from app.database import TenantSession

numbers = count(1)
Row = TypeVar("Row", bound=SQLModel)


async def kept(
    session: TenantSession, model: type[Row], usual: dict[str, Any], more: dict[str, Any]
) -> Row:
    """A row of `model` with the usual values and `more`, flushed."""
    row = model(**{**usual, **more})
    session.add(row)
    await session.flush()
    return row
