"""The `agora` command as an operator runs it: a process with its words and its status."""

import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.imports import load_listings, read_listings
from app.database import tenant_session
from app.markets.archive import pack
from app.rows import Row
from tests.factories import open_market

ROOT = Path(__file__).parents[3]
LISTING: dict[str, Any] = {
    "external_id": "l-1",
    "category": "craft/plumber",
    "provider": {"external_id": "p-1", "name": "Aqua"},
    "title": {"en": "Leaking taps", "ru": "Починка кранов"},
    "description": {"en": "We mend dripping taps.", "ru": "Чиним капающие краны."},
    "price": {"amount": "40.00", "currency": "EUR", "unit": "hour"},
    "city": "Berlin",
    "lat": 52.5,
    "lon": 13.4,
    "languages": ["en"],
    "tags": [],
}


def agora(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with the run's database, or with the environment that is named."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def rows(path: Path, *listings: dict[str, Any]) -> str:
    path.write_text("".join(json.dumps(listing) + "\n" for listing in listings))
    return str(path)


@pytest.fixture(scope="module")
def market(database: object) -> str:
    made = agora("market", "create", "clitown", "--name", "ru=Город", "--name", "Town", *REST)
    assert made.returncode == 0, made.stderr
    assert "http://clitown.localhost:" in made.stdout
    return "clitown"


REST = ("--locales", "ru,en", "--currency", "EUR")


def test_a_market_is_listed_by_its_name_and_address(market: str):
    told = agora("market", "list")
    assert told.returncode == 0
    (line,) = [line for line in told.stdout.splitlines() if line.startswith(f" {market}")]
    assert "Город" in line
    assert f"http://{market}.localhost:" in line
    assert "ru,en" in line


def test_a_key_that_is_taken_is_refused_in_one_sentence(market: str):
    again = agora("market", "create", market, "--name", "Other", *REST)
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert f"the key {market}" in again.stderr


def test_nothing_is_loaded_from_a_file_with_a_bad_row(market: str, tmp_path: Path):
    bad = LISTING | {"external_id": "l-9", "category": "craft/plumer"}
    file = rows(tmp_path / "rows.jsonl", LISTING, bad)
    refused = agora("import", "listings", file, "--market", market)
    assert refused.returncode == 1
    assert "line 2: category: there is no category 'craft/plumer'" in refused.stdout
    assert "did you mean craft/plumber" in refused.stdout
    assert "1 of 2 rows are bad, so nothing was loaded" in refused.stderr
    loaded = agora("import", "listings", file, "--market", market, "--skip-bad")
    assert loaded.returncode == 0, loaded.stderr
    assert "1 new, 0 changed, 0 as they were." in loaded.stdout
    again = agora("import", "listings", rows(tmp_path / "good.jsonl", LISTING), "--market", market)
    assert "0 new, 0 changed, 1 as they were." in again.stdout


def test_articles_are_loaded_and_asked_about(market: str, tmp_path: Path):
    article = {
        "slug": "cancel-a-booking",
        "title": {"en": "How to cancel a booking", "ru": "Как отменить заказ"},
        "body": {
            "en": "You can cancel a booking free of charge until 24 hours before it begins.",
            "ru": "Заказ можно отменить бесплатно за 24 часа до начала.",
        },
        "public": True,
    }
    file = rows(tmp_path / "articles.jsonl", article)
    loaded = agora("import", "knowledge", file, "--market", market)
    assert loaded.returncode == 0, loaded.stderr
    assert "1 new" in loaded.stdout
    asked = agora("ask", "--market", market, "--locale", "en", "How do I cancel a booking?")
    assert asked.returncode == 0, asked.stderr
    assert "24 hours" in asked.stdout
    assert "[1] How to cancel a booking" in asked.stdout


def test_a_market_that_does_not_exist_is_said_with_those_that_do(market: str):
    asked = agora("ask", "--market", "atlantis", "hello")
    assert asked.returncode == 1
    assert "No market has the key atlantis; there are: " in asked.stderr
    assert market in asked.stderr


def test_a_rebuilt_index_embeds_nothing_that_did_not_change(market: str):
    agora("index", "rebuild", "--market", market)
    again = agora("index", "rebuild", "--market", market)
    assert again.returncode == 0, again.stderr
    assert "0 texts were embedded anew" in again.stdout


def test_the_doctor_says_the_state_of_every_part(market: str):
    told = agora("doctor", PORT="1")
    parts = {line.split()[0]: line.split()[1] for line in told.stdout.splitlines() if line.strip()}
    assert {part: parts[part] for part in ("database", "role", "extensions", "tables")} == {
        "database": "ok",
        "role": "ok",
        "extensions": "ok",
        "tables": "ok",
    }
    assert parts["server"] == "idle"
    assert {"python", "disk", "frontend", "renderer", "embeddings", "markets"} <= parts.keys()


@pytest.fixture
def taken() -> Generator[int]:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))  # noqa: S104
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_said_before_anything_is_started(taken: int, tmp_path: Path):
    refused = agora("up", PORT=str(taken), AGORA_HOME=str(tmp_path))
    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        f"Port {taken} is in use by another program; choose another: PORT={taken + 1} make up"
    )
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"PORT": "many"}, "The setting AGORA_PORT: Input should be a valid integer"),
        ({"AGORA_ENVIRONMENT": "production"}, "AGORA_SECRET_KEY must be set"),
        ({"AGORA_HOME": "/dev/null/agora"}, "Agora may not write to /dev/null/agora"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(environment: dict[str, str], says: str):
    refused = agora("up", **environment)
    assert refused.returncode == 1
    assert says in refused.stderr
    assert refused.stderr.count("\n") == 1


def unpacked(path: Path) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """The manifest of an archive and its rows by table, held against their digests."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        held: dict[str, list[dict[str, Any]]] = {}
        for table, told in manifest["tables"].items():
            content = archive.read(f"rows/{table}.jsonl")
            assert hashlib.sha256(content).hexdigest() == told["sha256"], table
            held[table] = [json.loads(line) for line in content.splitlines()]
            assert len(held[table]) == told["rows"]
    return manifest, held


def as_rows(held: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The listings of an archive as the files that `agora import listings` takes."""
    providers = {one["id"]: one for one in held["provider"]}
    names = ("external_id", "category", "title", "description", "city", "lat", "lon")
    return [
        {
            **{name: one[name] for name in (*names, "languages", "tags")},
            "provider": {
                name: providers[one["provider_id"]][name] for name in ("external_id", "name")
            },
            "price": {
                "amount": one["price_amount"],
                "currency": one["price_currency"],
                "unit": one["price_unit"],
            },
        }
        for one in held["listing"]
    ]


async def quietly(_done: int, _total: int) -> None:
    pass


async def test_what_is_exported_can_be_opened_elsewhere(market: str, tmp_path: Path):
    file = rows(tmp_path / "rows.jsonl", LISTING)
    assert agora("import", "listings", file, "--market", market).returncode == 0
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    made = agora("market", "export", market, "--to", str(first))
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip().endswith(f"Wrote {first}")
    # It holds what people wrote to each other.
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    _manifest, held = unpacked(first)
    assert [(one["key"], one["locales"]) for one in held["market"]] == [(market, ["ru", "en"])]
    (offer,) = [one for one in held["listing"] if one["external_id"] == "l-1"]
    assert offer["title"] == LISTING["title"]
    elsewhere = await open_market()
    read = list(read_listings(Path(rows(tmp_path / "again.jsonl", *as_rows(held)))))
    assert all(isinstance(one, Row) for one in read), read
    async with tenant_session(elsewhere.id) as session:
        values = [one.value for one in read if isinstance(one, Row)]
        assert (await load_listings(session, elsewhere, values)).created == len(held["listing"])
    await pack(elsewhere.id, second, quietly)
    _manifest, other = unpacked(second)
    assert as_rows(other) == as_rows(held)
    # Nothing is the same row: what comes in by a file belongs to the market that takes it.
    assert not {one["id"] for one in other["listing"]} & {one["id"] for one in held["listing"]}
