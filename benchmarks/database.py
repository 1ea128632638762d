"""A database of a benchmark's own, in a temporary folder, which is gone with it."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.embedded.postgres import Postgres, start
from app.settings import settings


@contextmanager
def own_database() -> Generator[Postgres]:
    """Start an embedded PostgreSQL with all tables and have this process use it; empty, hasty."""
    with tempfile.TemporaryDirectory(prefix="agora-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        os.environ["AGORA_HOME"] = folder
        settings.cache_clear()
        with start(home, hasty=True) as server:
            os.environ |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
            settings.cache_clear()
            # The tables are read with the settings of this database.
            from app.migrations import migrate  # noqa: PLC0415

            migrate()
            yield server
