"""What tests share: one embedded Postgres for the run, migrated, reached as the app role."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from app.database import close_engines
from app.embedded.postgres import Postgres, start
from app.migrations import migrate
from app.settings import settings


@pytest.fixture(scope="session", autouse=True)
def home() -> Generator[Path]:
    """A data folder for this run alone, so that no test reads or writes an installation's."""
    # pytest's own folders are closed to the user who runs Postgres when root runs the tests.
    folder = Path(tempfile.mkdtemp(prefix="agora-tests-"))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("AGORA_")]:
            environment.delenv(name)
        for name in ("PORT", "DATABASE_URL", "DATABASE_OWNER_URL"):
            environment.delenv(name, raising=False)
        environment.setenv("AGORA_HOME", str(folder))
        settings.cache_clear()
        yield folder
    settings.cache_clear()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def database(home: Path) -> AsyncGenerator[Postgres]:
    """The run's database with every table; `app.database` reaches it as the program does."""
    with start(home, hasty=True) as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", server.app_url)
        environment.setenv("DATABASE_OWNER_URL", server.owner_url)
        settings.cache_clear()
        await asyncio.to_thread(migrate)
        yield server
        await close_engines()
