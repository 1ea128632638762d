"""The packaged encoders' memory: what is read from disk is what was in memory."""

from pathlib import Path

import numpy as np
import pytest

from app.errors import Unavailable
from app.search.embeddings import PackagedE5, PackagedEmbedder
from app.settings import settings

SAID = ["Der Wasserhahn tropft", "потекла труба", "تسريب ماء"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AGORA_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def tables(home: Path) -> list[Path]:
    return list((home / "search").glob("words-*"))


async def test_words_are_read_from_the_data_folder_and_mean_the_same(home: Path):
    (home / "search").write_text("in the way")
    in_memory = await PackagedEmbedder().embed(SAID)
    assert (home / "search").is_file()
    (home / "search").unlink()
    from_disk = await PackagedEmbedder().embed(SAID)
    (table,) = tables(home)
    assert table.stat().st_size == 128_010 * 512
    assert np.array_equal(in_memory, from_disk)
    table.write_bytes(bytes(128_010 * 512))
    assert not np.array_equal(in_memory, await PackagedEmbedder().embed(SAID))


async def test_a_table_that_was_cut_short_is_said_and_never_guessed(home: Path):
    embedder = PackagedEmbedder()
    await embedder.embed(SAID)
    (table,) = tables(home)
    with table.open("r+b") as file:
        file.truncate(100)
    with pytest.raises(Unavailable):
        await embedder.embed(SAID)


async def test_e5_takes_many_texts_in_their_order():
    pairs = PackagedE5()
    together = await pairs.embed_passages(SAID * 3)
    alone = np.concatenate([await pairs.embed_passages([text]) for text in SAID])
    assert together.shape == (9, 384)
    assert (np.einsum("ij,ij->i", together, np.tile(alone, (3, 1))) > 0.99).all()


async def test_e5_reads_what_it_is_not_told_and_keeps_the_order():
    pairs = PackagedE5()
    honest = await pairs.embed_passages(SAID)
    told = np.eye(1, 384, dtype=np.float32)[0]
    pairs.remember(lambda text: told if text == SAID[1] else None)
    mixed = await pairs.embed_passages(SAID)
    assert np.array_equal(mixed[1], told)
    assert (np.einsum("ij,ij->i", mixed[[0, 2]], honest[[0, 2]]) > 0.99).all()
    assert np.array_equal(await pairs.embed_passages([SAID[1]] * 2), np.stack([told, told]))
    assert not np.array_equal((await pairs.embed_queries([SAID[1]]))[0], told)
