"""Weights for models on this machine: a file that the operator names, or one of the Hub's.

A model's name is an absolute path, or `owner/repository/file.gguf`, with `@revision` after it
where another than `main` is meant. What comes from the Hub is checked against the hash that the
Hub publishes, and goes to `AGORA_HOME/weights`; a download that broke off goes on where it ended.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import (
    get_hf_file_metadata,  # pyright: ignore[reportUnknownVariableType]
    hf_hub_download,  # pyright: ignore[reportUnknownVariableType]
    hf_hub_url,
)
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from app.errors import AppError, Unavailable
from app.jobs.work import Work, job
from app.settings import settings

_HUB_NAME = re.compile(
    r"(?P<repository>[\w.-]+/[\w.-]+)/(?P<file>[\w./-]+\.gguf)(?:@(?P<revision>[\w.-]+))?"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
LOOK_SECONDS = 0.5


class NoSuchWeights(AppError):
    """The name is neither a file of this machine nor one of the Hub."""


class WeightsSpoilt(Unavailable):
    """What was downloaded is not what the Hub has."""


@dataclass(frozen=True)
class HubFile:
    """A file of a repository of the Hub."""

    repository: str
    file: str
    revision: str

    @property
    def folder(self) -> Path:
        """Where its repository is kept here."""
        return settings().home / "weights" / self.repository.replace("/", "--") / self.revision

    @property
    def path(self) -> Path:
        """Where it is kept here."""
        return self.folder / self.file

    @property
    def is_here(self) -> bool:
        """Whether it is here and was found to be right."""
        return self.path.exists() and _seal(self.path).exists()


def hub_file(name: str) -> HubFile | None:
    """The file of the Hub that a model's name means, or None for a path."""
    found = _HUB_NAME.fullmatch(name)
    if found is None or ".." in name or name.startswith("/"):
        return None
    return HubFile(found["repository"], found["file"], found["revision"] or "main")


def weights_of(name: str) -> Path:
    """The file to load; raises `NoSuchWeights`, or `Unavailable` while it is not here yet."""
    wanted = hub_file(name)
    if wanted is None:
        path = Path(name)
        if not path.is_absolute() or not path.is_file():
            raise NoSuchWeights("There are no weights at this place.")
        return path
    if not wanted.is_here:
        raise Unavailable("The weights of this model are not here yet.")
    return wanted.path


@job("weights.fetch", attempts=5)
async def fetch(work: Work) -> None:
    """Bring the weights named by `told["model"]` here, and check them."""
    wanted = hub_file(str(work.told.get("model", "")))
    if wanted is None:
        raise NoSuchWeights("There are no weights at this place.")
    if wanted.is_here:
        return
    size, digest = await asyncio.to_thread(_published, wanted)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    getting = asyncio.create_task(asyncio.to_thread(_get, wanted))
    while not getting.done():
        await asyncio.wait([getting], timeout=LOOK_SECONDS)
        await work.progress(min(_so_far(wanted), size), size)
    await getting
    if digest and await asyncio.to_thread(sha256_of, wanted.path) != digest:
        wanted.path.unlink()
        raise WeightsSpoilt("The weights that came are not those that the Hub has.")
    _seal(wanted.path).write_text(digest)
    work.report |= {"bytes": wanted.path.stat().st_size, "sha256": digest}


def sha256_of(path: Path) -> str:
    """The hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _published(wanted: HubFile) -> tuple[int, str]:
    try:
        told = get_hf_file_metadata(
            hf_hub_url(wanted.repository, wanted.file, revision=wanted.revision)
        )
    except HfHubHTTPError as error:
        raise _refused(error) from error
    # The Hub's tag of a large file is its SHA-256.
    digest = told.etag if told.etag and _SHA256.fullmatch(told.etag) else ""
    return told.size or 0, digest


def _get(wanted: HubFile) -> None:
    try:
        hf_hub_download(
            wanted.repository, wanted.file, revision=wanted.revision, local_dir=wanted.folder
        )
    except LocalEntryNotFoundError as error:
        raise Unavailable("The Hub does not answer.") from error
    except HfHubHTTPError as error:
        raise _refused(error) from error


def _refused(error: HfHubHTTPError) -> AppError:
    if error.response.status_code in (401, 403, 404):
        return NoSuchWeights("There are no weights at this place.")
    return Unavailable("The Hub does not answer.")


def _so_far(wanted: HubFile) -> int:
    if wanted.path.exists():
        return wanted.path.stat().st_size
    parts = (wanted.folder / ".cache").rglob("*.incomplete")
    return max((part.stat().st_size for part in parts if part.exists()), default=0)
