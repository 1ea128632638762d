"""One vLLM for the run; `make test-vllm` asks for these tests, the usual run does not."""

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.vllm.server import (
    Server,
    make_tiny_model,
    server_environment,
    serving,
    training_environment,
)


@pytest.fixture(scope="session")
def trainer() -> Path:
    """The Python that has torch and peft."""
    return training_environment()


@pytest.fixture(scope="session")
def tiny(trainer: Path) -> Generator[Path]:
    """A folder with a tiny model and two adapters on it."""
    folder = Path(tempfile.mkdtemp(prefix="agora-vllm-"))
    make_tiny_model(trainer, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(tiny: Path) -> Generator[Server]:
    """The server; ended by the last test of test_server.py."""
    with serving(server_environment(), tiny) as here:
        yield here
