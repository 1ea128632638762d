"""Which settings are refused."""

import pytest
from pydantic import ValidationError

from app.settings import Settings

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def told(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"AGORA_{name}", value)
    return Settings()


@pytest.mark.parametrize(
    ("tiles", "origin"),
    [
        (TILES, "https://tiles.example.org"),
        ("http://10.0.0.4:8080/s/{z}/{x}/{y}{r}.webp?key=a-b", "http://10.0.0.4:8080"),
        ("", ""),
    ],
)
def test_streets_come_from_one_host(monkeypatch: pytest.MonkeyPatch, tiles: str, origin: str):
    known = told(monkeypatch, MAP_TILES=tiles, MAP_CREDIT="© Somebody")
    assert known.tiles_origin == origin


@pytest.mark.parametrize(
    "tiles",
    [
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org;script-src */{z}/{x}/{y}",
        "https://tiles.example.org/{z}/{x}/{y}.png '",
        "tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "javascript:alert(1)//{z}{x}{y}",
    ],
)
def test_an_address_of_no_one_host_is_refused(monkeypatch: pytest.MonkeyPatch, tiles: str):
    with pytest.raises(ValidationError):
        told(monkeypatch, MAP_TILES=tiles, MAP_CREDIT="© Somebody")


def test_streets_without_their_credit_are_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValidationError, match="AGORA_MAP_CREDIT"):
        told(monkeypatch, MAP_TILES=TILES)
