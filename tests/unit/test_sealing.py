"""What is sealed can be read with the present key and the former ones, and with no other."""

from pathlib import Path

import pytest

from app.errors import Unavailable
from app.sealing import seal, unseal
from app.settings import settings


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch, home: Path):
    def change(current: str, former: str = "") -> None:
        monkeypatch.setenv("AGORA_SECRET_KEY", current)
        monkeypatch.setenv("AGORA_FORMER_SECRET_KEYS", former)
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


def test_a_sealed_text_is_read_again_and_does_not_show_itself(key):
    key("a" * 32)
    sealed = seal("client secret")
    assert "client" not in sealed
    assert sealed != seal("client secret")
    assert unseal(sealed) == "client secret"


def test_after_a_rotation_old_texts_are_read_and_new_ones_use_the_new_key(key):
    key("a" * 32)
    old = seal("client secret")
    key("b" * 32, "a" * 32)
    assert unseal(old) == "client secret"
    new = seal("client secret")
    key("b" * 32)
    assert unseal(new) == "client secret"
    with pytest.raises(Unavailable):
        unseal(old)


def test_a_changed_text_is_refused(key):
    key("a" * 32)
    sealed = seal("client secret")
    with pytest.raises(Unavailable):
        unseal(sealed[:-4] + "AAA=")
