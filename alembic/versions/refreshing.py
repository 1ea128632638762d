"""The refresh token before the newest, so that a double click is told from a theft."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "refreshing"
down_revision: str | None = "search_places"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("former_token_hash", sa.LargeBinary(), nullable=True))
    op.add_column("sign_in", sa.Column("refreshed_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("sign_in", "refreshed_at")
    op.drop_column("sign_in", "former_token_hash")
