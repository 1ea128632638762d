"""Bringing the database's tables to what this version of the program expects."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from alembic import command
from app.errors import Unavailable
from app.settings import settings

ROOT = Path(__file__).resolve().parents[1]


def migrate() -> None:
    """Apply what is missing, as the owner role; call it outside of an event loop."""
    command.upgrade(_config(), "head")


def check() -> None:
    """Raise when the tables that the slices declare differ from those the migrations make."""
    command.check(_config())


def revisions() -> tuple[str | None, str | None]:
    """Return the database's revision and the newest one, which are the same when migrated."""
    url = settings().database_owner_url
    if url is None:
        raise Unavailable("No owner is configured for the database: set DATABASE_OWNER_URL.")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return present, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    return Config(ROOT / "alembic.ini")
