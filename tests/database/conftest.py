"""What tests over the database share: a Maestro whose index holds what a test puts there."""

from collections.abc import Generator

import psycopg
import pytest

import agents.tools  # noqa: F401  (as are tools that nobody knows)
import app.tasks  # noqa: F401  (a job of an unknown kind fails, whichever test runs alone)
from agents import maestro
from agents.base import Deps
from agents.maestro import Maestro
from app.embedded.postgres import Postgres
from app.inference.composer import Composer
from app.search.embeddings import sentence_embedder
from tests.shelf import Shelf


@pytest.fixture(scope="module", autouse=True)
def nothing_left_to_do(database: Postgres) -> None:
    """What the tests of other files left to be done is not done, and waited for, in these."""
    with psycopg.connect(database.superuser_url, autocommit=True) as server:
        server.execute("delete from procrastinate_jobs where status in ('todo', 'doing')")
        server.execute("update outbox_event set delivered_at = now() where delivered_at is null")
        server.execute("update event_consumption set done_at = now() where done_at is null")


@pytest.fixture(scope="session")
def asked_index() -> Shelf:
    return Shelf()


@pytest.fixture(scope="session")
def stocked_maestro(asked_index: Shelf) -> Maestro:
    """One Maestro for the run: it embeds its examples once."""
    embedder = sentence_embedder()
    return Maestro(Deps(index=asked_index, embedder=embedder, model=Composer(embedder)))


@pytest.fixture
def shelf(
    asked_index: Shelf, stocked_maestro: Maestro, monkeypatch: pytest.MonkeyPatch
) -> Generator[Shelf]:
    """The index that every answer is made from; empty at first."""
    monkeypatch.setattr(maestro, "maestro", lambda: stocked_maestro)
    yield asked_index
    asked_index.hits.clear()
