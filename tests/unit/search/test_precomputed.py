"""The vectors that come with phrases and demo texts are all there, and what e5 would say."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from app.markets.demo import wordings
from app.markets.demo.cities import DEMO_MARKETS
from app.search import exemplars
from app.search.embeddings import PackagedE5, Vectors
from app.search.precomputed import fingerprint, read, write

DEMO = list(dict.fromkeys(text for market in DEMO_MARKETS for text in wordings.texts(market)))
PHRASES = list(dict.fromkeys(exemplars.worded_phrases()))
E5 = PackagedE5()


def of(file: Path) -> Mapping[bytes, Vectors]:
    return read(file, E5.name)


@pytest.mark.parametrize(("file", "said"), [(wordings.FILE, DEMO), (exemplars.FILE, PHRASES)])
def test_every_text_has_its_vector_and_no_other_has(file: Path, said: list[str]):
    known = of(file)
    missing = [text for text in said if fingerprint(text) not in known]
    assert not missing, "run python -m scripts.wordings"
    assert len(known) == len(said)


@pytest.mark.parametrize(
    ("file", "some", "embed"),
    [
        (wordings.FILE, DEMO[::160], E5.embed_passages),
        (exemplars.FILE, PHRASES[::160], E5.embed_queries),
    ],
)
async def test_the_vectors_are_what_e5_says(
    file: Path, some: list[str], embed: Callable[[list[str]], Awaitable[Vectors]]
):
    known = of(file)
    kept = np.stack([known[fingerprint(text)] for text in some])
    assert np.allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-5)
    near = kept @ (await embed(some)).T
    assert (np.diag(near) > 0.995).all()
    # Near to its own text, and to no other.
    assert (near.argmax(axis=1) == np.arange(len(some))).all()


def test_vectors_of_another_model_are_not_taken(tmp_path: Path):
    file = tmp_path / "kept.npz"
    write(file, "one model", ["one", "two"], np.eye(2, 384, dtype=np.float32))
    assert set(read(file, "one model")) == {fingerprint("one"), fingerprint("two")}
    assert read(file, "another") == {}
