"""The files of attachments, named by their ids: `home/files/MARKET/attachments/ID`.

The folder is never served. A file is taken out through a route that asks who wants it.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from app.markets.quotas import folder_of

AT_REST = 3600.0
"""Seconds after which a file without a row was left behind, and is not being taken in."""


def file_of(market_id: UUID, attachment_id: UUID) -> Path:
    """Where an attachment's file stands."""
    return folder_of(market_id) / "attachments" / str(attachment_id)


async def store(market_id: UUID, attachment_id: UUID, data: bytes) -> Path:
    """Keep a file, which is there whole or not at all."""
    path = file_of(market_id, attachment_id)
    await asyncio.to_thread(_write, path, data)
    return path


async def copy(market_id: UUID, attachment_id: UUID, other_id: UUID) -> None:
    """Let another attachment have the same file, where there is one."""
    path, other = file_of(market_id, attachment_id), file_of(market_id, other_id)
    await asyncio.to_thread(_copy, path, other)


async def drop(market_id: UUID, attachment_ids: Iterable[UUID]) -> None:
    """Delete files; those that are gone are gone."""
    await asyncio.to_thread(_drop, [file_of(market_id, each) for each in attachment_ids])


async def resting(market_id: UUID) -> list[UUID]:
    """The ids whose files have stood for so long that what took them in has ended."""
    return await asyncio.to_thread(_resting, file_of(market_id, market_id).parent)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)


def _copy(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except FileNotFoundError:
        return
    except OSError:
        # Not every file system has links.
        shutil.copyfile(path, other)
    # Its row is not committed yet, and by its age it would be taken for one left behind.
    os.utime(other)


def _drop(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _resting(folder: Path) -> list[UUID]:
    found: list[UUID] = []
    before = time.time() - AT_REST
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime >= before:
            continue
        try:
            found.append(UUID(path.name))
        except ValueError:
            # The half of a file that a process did not live to write.
            path.unlink(missing_ok=True)
    return found
