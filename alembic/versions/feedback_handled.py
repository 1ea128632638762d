"""When staff saw to what somebody thought of a reply."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

from alembic import op

revision: str = "feedback_handled"
down_revision: str | None = "attachments"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("reply_feedback", sa.Column("handled_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("reply_feedback", "handled_at")
