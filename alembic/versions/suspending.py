"""Why a market is suspended, as its staff is told."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "suspending"
down_revision: str | None = "document_folders"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # The app role may change named columns of this table alone, and this is none of them.
    op.add_column(
        "market", sa.Column("suspended_because", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("market", "suspended_because")
