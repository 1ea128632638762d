"""What tests over the database share: a Maestro whose index holds what a test puts there."""

from collections.abc import Generator

import pytest

from agents import maestro
from agents.base import Deps
from agents.maestro import Maestro
from app.inference.composer import Composer
from app.search.embeddings import sentence_embedder
from tests.shelf import Shelf


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
