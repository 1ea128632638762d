"""What tests share: one embedded Postgres for the run, migrated, reached as the app role."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

# pytest has schemathesis load this when all tests have ended, and parse its source. Python 3.11
# fails at that where collecting garbage in the middle of it formats a traceback, which parses too.
import schemathesis.reporting.html.writer  # noqa: F401

from app.analytics import worker
from app.database import close_engines
from app.embedded.postgres import Postgres, start
from app.migrations import migrate
from app.settings import settings
from tests.kept import share


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Repeat which checks failed before the tests began, far above by now (`scripts/checks.py`)."""
    if failed := os.environ.get("FAILED_CHECKS"):
        terminalreporter.write_line(f"FAILED checks: {failed}", red=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the probes run first: nothing else takes as long, and nobody waits for them at the end.

    They also find what is theirs, and no leavings of all others.
    """
    items.sort(key=lambda item: "/isolation/" not in item.path.as_posix())


@pytest.fixture(scope="session", autouse=True)
def home() -> Generator[Path]:
    """A data folder for this run alone, so that no test reads or writes an installation's."""
    # pytest's own folders are closed to the user who runs Postgres when root runs the tests.
    folder = Path(tempfile.mkdtemp(prefix="agora-tests-"))
    folder.chmod(0o755)
    share(folder)
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
        # Started anew after each quiet minute, statistics would be imported dozens of times.
        environment.setattr(worker, "_worker", worker.Worker(idle_seconds=3600))
        yield server
        await worker.close()
        await close_engines()
