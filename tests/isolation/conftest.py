"""One pair of markets for the run of the probes."""

from collections.abc import Generator

import pytest
from limits import parse

from app.accounts.limits import LIMITS
from app.embedded.postgres import Postgres
from tests.isolation import world as worlds
from tests.isolation.world import World


@pytest.fixture(scope="module", autouse=True)
def patience() -> Generator[None]:
    """Limits that no probe reaches: what is refused for its frequency has proved nothing."""
    with pytest.MonkeyPatch.context() as patched:
        for kind in LIMITS:
            patched.setitem(LIMITS, kind, parse("1000000/minute"))
        yield


@pytest.fixture(scope="module")
async def world(database: Postgres) -> World:
    return await worlds.made()
