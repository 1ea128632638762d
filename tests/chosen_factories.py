"""Rows for tests of what staff chooses and loads; `tests.factories` names them with all others."""

from typing import Any
from uuid import uuid4

from app.catalogue.models import CategoryChoice, Upload
from app.database import TenantSession


async def category_choice(session: TenantSession, **more: Any) -> CategoryChoice:
    """A category under a name of the market's own."""
    usual = {"category": f"craft/{uuid4().hex}", "names": {"en": "Work"}}
    row = CategoryChoice(**{**usual, **more})
    session.add(row)
    await session.flush()
    return row


async def upload(session: TenantSession, **more: Any) -> Upload:
    """An empty file of listings."""
    row = Upload(**{"kind": "listing", "name": "rows.jsonl", "content": b"", **more})
    session.add(row)
    await session.flush()
    return row
