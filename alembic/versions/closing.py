"""When a market is erased; and only the platform may close a market or raise its quotas."""

from collections.abc import Sequence

import sqlalchemy as sa
from rls import APP_ROLE
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "closing"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OWN = (
    "name",
    "tagline",
    "locales",
    "default_locale",
    "currency",
    "timezone",
    "brand",
    "switched_off",
    "policy",
    "wording",
    "version",
)
"""What a market's own people may change of it."""


def upgrade() -> None:
    op.add_column("market", sa.Column("erase_at", UTCDateTime(), nullable=True))
    op.execute(f"revoke update on market from {APP_ROLE}")
    op.execute(f"grant update ({', '.join(OWN)}) on market to {APP_ROLE}")
