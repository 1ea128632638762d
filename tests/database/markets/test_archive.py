"""The archive holds everything of its market, nothing of another, and no secret."""

import hashlib
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary
from sqlmodel import SQLModel

import app.tables  # noqa: F401  (every table must be known)
from app.accounts import actors
from app.accounts.permissions import Permission
from app.database import TENANT_TABLES, tenant_session
from app.errors import NotAllowed, NotFound
from app.jobs.queue import job_of
from app.jobs.work import work_off
from app.markets.archive import (
    LASTS,
    LEFT_OUT,
    ExportRunning,
    archive_of,
    is_exported,
    pack,
    request_export,
)
from app.markets.directory import MarketCard
from app.sealing import Sealed
from app.settings import settings
from tests.factories import ROWS, article, open_market, person

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def quietly(_done: int, _total: int) -> None:
    pass


def lines(archive: zipfile.ZipFile, table: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read(f"rows/{table}.jsonl").splitlines()]


def test_no_secret_leaves_the_house():
    for name in sorted(TENANT_TABLES - set(LEFT_OUT)):
        for column in SQLModel.metadata.tables[name].columns:
            if isinstance(column.type, (Sealed, LargeBinary)) or "hash" in column.name:
                assert not is_exported(column), f"{name}.{column.name}"
    kept = {column.name for column in SQLModel.metadata.tables["person"].columns}
    assert "password_hash" in kept
    assert is_exported(SQLModel.metadata.tables["person"].columns["email"])


async def test_the_archive_holds_every_row_of_the_market_and_none_of_another(
    market: MarketCard, tmp_path: Path
):
    other = await open_market()
    async with tenant_session(other.id) as session:
        theirs = await person(session, name="Stranger")
    async with tenant_session(market.id) as session:
        for make in ROWS.values():
            await make(session)
        ours = await article(session, title={"ru": "Как отменить"})
    logos = settings().home / "files" / str(market.id) / "logos"
    logos.mkdir(parents=True)
    (logos / "a.webp").write_bytes(b"picture")
    made = await pack(market.id, tmp_path / "all.zip", quietly)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert set(manifest["tables"]) == TENANT_TABLES - set(LEFT_OUT)
        for table, told in manifest["tables"].items():
            content = archive.read(f"rows/{table}.jsonl")
            assert told["sha256"] == hashlib.sha256(content).hexdigest()
            assert told["rows"] == len(content.splitlines()) > 0, table
        assert archive.read("files/logos/a.webp") == b"picture"
        (file,) = manifest["files"]
        assert file["sha256"] == hashlib.sha256(b"picture").hexdigest()
        assert "Как отменить" in archive.read("rows/article.jsonl").decode()
        assert str(ours.id) in [row["id"] for row in lines(archive, "article")]
        assert str(theirs.id) not in [row["id"] for row in lines(archive, "person")]
        assert "password_hash" not in lines(archive, "person")[0]
        assert "told" not in lines(archive, "job")[0]
        assert not set(LEFT_OUT) & {Path(name).stem for name in archive.namelist()}
    assert made["rows"] == sum(told["rows"] for told in manifest["tables"].values())


async def asked(market: MarketCard) -> UUID:
    async with tenant_session(market.id) as session:
        return await request_export(session, actors.system(market.id, "tests", Permission.EXPORT))


async def test_an_archive_is_asked_for_once_made_and_fetched(market: MarketCard):
    exporter = actors.system(market.id, "tests", Permission.EXPORT)
    job_id = await asked(market)
    with pytest.raises(ExportRunning):
        await asked(market)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await archive_of(session, exporter, job_id)
    await work_off()
    async with tenant_session(market.id) as session:
        made = await job_of(session, job_id)
        assert (made.state, made.problem) == ("done", "")
        archive = await archive_of(session, exporter, job_id)
    assert hashlib.sha256(archive.file.read_bytes()).hexdigest() == made.report["sha256"]
    async with tenant_session(market.id) as session:
        (await job_of(session, job_id)).finished_at = datetime.now(UTC) - LASTS - timedelta(hours=1)
        await session.flush()
        with pytest.raises(NotFound):
            await archive_of(session, exporter, job_id)


async def test_neither_others_nor_other_markets_fetch_it(market: MarketCard):
    job_id, other = await asked(market), await open_market()
    await work_off()
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await archive_of(session, actors.system(market.id, "tests", Permission.SHAPE), job_id)
    async with tenant_session(other.id) as session:
        with pytest.raises(NotFound):
            await archive_of(session, actors.system(other.id, "tests"), job_id)
