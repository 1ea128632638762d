"""Runs migrations as the owner role, over every table that the slices declare."""

from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

import app.tables  # noqa: F401  (registers every table in the metadata)
from alembic import context
from app.settings import settings

LOCK = 0x41676F7261
"""The advisory lock of who migrates; its number is "Agora" in ASCII."""


def ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether a table is ours to compare; those of Procrastinate are its own."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run() -> None:
    """Apply the migrations in one transaction, so that a failed one leaves nothing half done.

    Of processes that start together one migrates, and the others then find it done.
    """
    told = settings().database_owner_url
    if told is None:
        raise SystemExit("Set DATABASE_OWNER_URL, or migrate the embedded database: agora migrate")
    url = told.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, include_object=ours
        )
        with context.begin_transaction():
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            context.run_migrations()
    engine.dispose()


run()
