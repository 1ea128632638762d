"""Weights: brought from the Hub as a job, gone on with, and checked by their hash."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from app.accounts.actors import system
from app.database import tenant_session
from app.errors import Unavailable
from app.inference import weights
from app.inference.weights import NoSuchWeights, hub_file, weights_of
from app.jobs.queue import enqueue, job_of
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from tests.factories import open_market
from tests.hub_stand_in import CONTENT, NAME, Hub, standing_in_for_the_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    with standing_in_for_the_hub(monkeypatch) as server:
        yield server


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def fetched(market: MarketCard, name: str) -> tuple[str, dict[str, Any]]:
    async with tenant_session(market.id) as session:
        told = {"model": name}
        job_id = await enqueue(session, system(market.id, "tests"), "weights.fetch", told)
    await work_off()
    async with tenant_session(market.id) as session:
        job = await job_of(session, job_id)
        return job.state, job.report | {"problem": job.problem}


@pytest.mark.parametrize(
    "name", ["", "tiny.gguf", "../x/y.gguf", "a/b/../../c.gguf", "/etc/passwd", "a/b/c.bin"]
)
def test_a_name_that_leads_elsewhere_is_none_of_the_hub(name: str):
    assert hub_file(name) is None


def test_a_file_of_ones_own_is_named_by_its_whole_path(tmp_path: Path):
    own = tmp_path / "own.gguf"
    own.write_bytes(b"x")
    assert weights_of(str(own)) == own
    with pytest.raises(NoSuchWeights):
        weights_of("own.gguf")
    with pytest.raises(Unavailable):
        weights_of("someone/other/none.gguf")


async def test_weights_are_brought_and_checked(market: MarketCard, hub: Hub):
    wanted = hub_file(NAME + "@good")
    assert wanted is not None
    state, report = await fetched(market, NAME + "@good")
    assert state == "done", report
    assert weights_of(NAME + "@good").read_bytes() == CONTENT
    assert report["sha256"] == hub.digest
    assert weights.sha256_of(wanted.path) == hub.digest


async def test_a_download_that_breaks_off_goes_on_where_it_ended(market: MarketCard, hub: Hub):
    hub.breaks_after = len(CONTENT) // 2
    state, report = await fetched(market, NAME + "@broken")
    assert state == "done", report
    assert weights_of(NAME + "@broken").read_bytes() == CONTENT
    begun = [int(asked.removeprefix("bytes=").split("-")[0] or 0) for asked in hub.ranges]
    assert begun[0] == 0
    assert 0 < begun[-1] <= len(CONTENT) // 2


async def test_weights_that_are_not_what_the_hub_has_are_thrown_away(
    market: MarketCard, hub: Hub, monkeypatch: pytest.MonkeyPatch
):
    hub.digest = "0" * 64
    monkeypatch.setattr("app.jobs.work._kinds", {**_once()})
    state, _report = await fetched(market, NAME + "@bad")
    assert state == "failed"
    with pytest.raises(Unavailable):
        weights_of(NAME + "@bad")


def _once() -> dict[str, object]:
    """The kinds of work, with weights fetched in a single attempt."""
    from app.jobs.work import _Kind, _kinds  # noqa: PLC0415

    return {**_kinds, "weights.fetch": _Kind(weights.fetch, attempts=1)}


async def test_what_the_hub_does_not_have_is_said_at_once(market: MarketCard, hub: Hub):
    state, report = await fetched(market, "someone/other/none.gguf")
    assert (state, report["problem"]) == ("failed", "There are no weights at this place.")
