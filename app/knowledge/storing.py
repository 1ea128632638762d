"""The files of documents, named by what they hold: `home/files/MARKET/documents/SHA-256`.

The folder is never served. A file is taken out through a route that asks who wants it.
"""

import asyncio
import hashlib
import re
from pathlib import Path
from uuid import UUID, uuid4

from app.errors import NotFound
from app.markets.quotas import folder_of

_DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_of(data: bytes) -> str:
    """What names the file with this content."""
    return hashlib.sha256(data).hexdigest()


def file_of(market_id: UUID, digest: str) -> Path:
    """Where a file stands; raises `NotFound` for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise NotFound("There is no such file.")
    return folder_of(market_id) / "documents" / digest


async def store(market_id: UUID, data: bytes) -> str:
    """Keep a file and return its digest; kept already, it is left alone."""
    digest = digest_of(data)
    await asyncio.to_thread(_write, file_of(market_id, digest), data)
    return digest


def _write(path: Path, data: bytes) -> None:
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Renamed when it is whole, so that nobody reads a half.
    part = path.with_name(f"{path.name}.{uuid4().hex[:8]}")
    part.write_bytes(data)
    part.replace(path)
