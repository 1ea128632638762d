"""The files of photos: `home/files/MARKET/photos/ID-WIDTH.webp` and `.avif`.

An id is drawn at random and what stands under it never changes. Who may see it is said by
`app.catalogue.photos.seeing`.
"""

import asyncio
import re
import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from app.errors import NotFound
from app.markets.quotas import folder_of

AT_REST = 3600.0
"""Seconds after which a file without a row was left behind, and is not being hung."""
MEDIA = {".avif": "image/avif", ".webp": "image/webp", ".png": "image/png"}
_NAME = re.compile(r"[0-9a-f]{32}-\d{1,4}\.(avif|webp)")


def file_of(market_id: UUID, name: str) -> Path:
    """Where a picture of a photo stands; raises `NotFound` for what is no such name."""
    if not _NAME.fullmatch(name):
        raise NotFound("There is no such file.")
    return _folder(market_id) / name


async def store(market_id: UUID, photo_id: UUID, files: dict[str, bytes]) -> None:
    """Keep the pictures of a photo, by the endings of their names."""
    await asyncio.to_thread(_write, _folder(market_id), photo_id, files)


async def drop(market_id: UUID, photo_ids: Iterable[UUID]) -> None:
    """Delete the pictures of photos; those that are gone are gone."""
    await asyncio.to_thread(_drop, _folder(market_id), list(photo_ids))


async def resting(market_id: UUID) -> set[UUID]:
    """The photos whose files have stood for so long that what hung them has ended."""
    return await asyncio.to_thread(_resting, _folder(market_id))


def _folder(market_id: UUID) -> Path:
    return folder_of(market_id) / "photos"


def _write(folder: Path, photo_id: UUID, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for ending, data in files.items():
        part = folder / f"{photo_id.hex}-{ending}.part"
        part.write_bytes(data)
        part.replace(folder / f"{photo_id.hex}-{ending}")


def _drop(folder: Path, photo_ids: list[UUID]) -> None:
    for photo_id in photo_ids:
        for path in folder.glob(f"{photo_id.hex}-*"):
            path.unlink(missing_ok=True)


def _resting(folder: Path) -> set[UUID]:
    found: set[UUID] = set()
    before = time.time() - AT_REST
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < before and re.match(r"[0-9a-f]{32}-", path.name):
            found.add(UUID(path.name[:32]))
    return found
