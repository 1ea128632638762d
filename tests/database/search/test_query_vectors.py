"""A query's vectors: the slow model's may come later, are kept, and are tried again."""

import asyncio

import numpy as np
import pytest

from app.errors import Unavailable
from app.search import query_vectors as remembered
from app.search.embeddings import paired_embedder
from app.search.query_vectors import query_vectors


@pytest.fixture(autouse=True)
def fresh():
    remembered.forget()
    yield
    remembered.forget()


class Slow:
    """The second model, which reads when it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.asked = 0
        self.down = False

    async def embed_queries(self, texts: list[str]) -> np.ndarray:
        self.asked += 1
        await self.let.wait()
        if self.down:
            raise Unavailable("The model is down.")
        return await paired_embedder().embed_queries(texts)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setattr(remembered, "paired_embedder", lambda: made)
    return made


async def test_the_meaning_does_not_wait_for_the_wording(slow: Slow):
    found = await query_vectors("leaking tap")
    assert found.meaning.shape == (512,)
    slow.let.set()
    assert np.linalg.norm(await found.wording()) == pytest.approx(1, abs=1e-3)


async def test_both_are_kept_for_who_asks_the_same(slow: Slow):
    slow.let.set()
    first, second = await query_vectors("leaking tap"), await query_vectors("leaking tap")
    assert (await first.wording() == await second.wording()).all()
    assert slow.asked == 1


async def test_who_stops_waiting_does_not_stop_the_others(slow: Slow):
    found = await query_vectors("leaking tap")
    impatient = asyncio.create_task(found.wording())
    await asyncio.sleep(0)
    impatient.cancel()
    slow.let.set()
    assert (await found.wording()).shape == (384,)


async def test_a_model_that_was_down_is_asked_again(slow: Slow):
    slow.down = True
    slow.let.set()
    with pytest.raises(Unavailable):
        await (await query_vectors("leaking tap")).wording()
    slow.down = False
    assert (await (await query_vectors("leaking tap")).wording()).shape == (384,)
