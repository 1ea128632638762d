"""Where photos of listings were fetched from."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "photo_sources"
down_revision: str | None = "former_article_addresses"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    column = sa.Column(
        "photo_sources", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False
    )
    op.add_column("listing", column)
    op.add_column("listing_photo", sa.Column("source", sa.Text(), nullable=True))
