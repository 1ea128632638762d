"""Conversations that are bound to an agent whom the person chose."""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "bound_conversations"
down_revision: str | None = "analytics"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    for name in ("agent", "course_id"):
        op.add_column("conversation", sa.Column(name, sa.Text(), server_default="", nullable=False))
        op.alter_column("conversation", name, server_default=None)
    op.add_column(
        "conversation", sa.Column("read_seq", sa.Integer(), server_default="0", nullable=False)
    )
    op.alter_column("conversation", "read_seq", server_default=None)
