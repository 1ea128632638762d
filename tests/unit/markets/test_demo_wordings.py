"""The vectors that come with the demo texts are there for every text, and what e5 would say."""

from pathlib import Path

import numpy as np
import pytest

from app.markets.demo.cities import DEMO_MARKETS
from app.markets.demo.wordings import fingerprint, texts, wordings, write
from app.search.embeddings import PackagedE5

SAID = list(dict.fromkeys(text for market in DEMO_MARKETS for text in texts(market)))


def test_every_text_has_its_vector_and_no_other_has():
    missing = [text for text in SAID if fingerprint(text) not in wordings()]
    assert not missing, "run python -m scripts.demo_wordings"
    assert len(wordings()) == len(SAID)


async def test_the_vectors_are_what_e5_says():
    some = SAID[::160]
    kept = np.stack([wordings()[fingerprint(text)] for text in some])
    assert np.allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-5)
    near = kept @ (await PackagedE5().embed_passages(some)).T
    assert (np.diag(near) > 0.995).all()
    # Near to its own text, and to no other.
    assert (near.argmax(axis=1) == np.arange(len(some))).all()


def test_vectors_of_another_model_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "wordings.npz"
    write(["one", "two"], np.eye(2, 384, dtype=np.float32), file)
    assert set(wordings(file)) == {fingerprint("one"), fingerprint("two")}
    wordings.cache_clear()
    monkeypatch.setattr(PackagedE5, "name", "another")
    assert wordings(file) == {}
    wordings.cache_clear()
