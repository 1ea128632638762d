"""Training for real, on a tiny model; `make test-adapters` asks for these tests."""

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.vllm.server import make_tiny_model, training_environment


@pytest.fixture(scope="session")
def trainer() -> Path:
    """The Python that has torch and peft."""
    return training_environment()


@pytest.fixture(scope="session")
def tiny(trainer: Path) -> Generator[Path]:
    """A folder with a tiny model and two adapters on it."""
    folder = Path(tempfile.mkdtemp(prefix="agora-adapters-"))
    make_tiny_model(trainer, folder)
    yield folder
    shutil.rmtree(folder)
