"""Files below a folder of this server: found and opened without ever following a link.

Whoever may write into the folder must not be able to have another file of the server read, so no
part of a path below it may be a symbolic link, neither when it is found nor when it is opened.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import AppError
from app.knowledge.documents import LARGEST
from app.knowledge.extraction.kinds import ENDINGS
from app.settings import settings

MOST_FILES = 10_000
LONGEST = 1000
"""Characters of a path below the folder."""


class FolderGone(AppError):
    """The folder is not there, cannot be read, or is a link now."""


class FolderRefused(AppError):
    """A folder that nobody's documents may be read from."""


class FileGone(AppError):
    """The file went, or became something else, since it was found."""


@dataclass
class Below:
    """The files of kinds that can be read, each with its stamp; `links` were not followed."""

    files: dict[str, str] = field(default_factory=dict[str, str])
    links: int = 0


def folder_at(path: Path) -> Path:
    """The folder itself, links resolved; raises `FolderGone` or `FolderRefused`."""
    try:
        found = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise FolderGone("There is no such folder.") from error
    if not found.is_dir():
        raise FolderGone("There is no such folder.")
    home = settings().home.resolve()
    if found == home or found in home.parents or home in found.parents:
        raise FolderRefused("This folder holds Agora's own data, so no document is read from it.")
    return found


def files_below(folder: Path) -> Below:
    """Every file of a kind that can be read, by its path below the folder.

    What begins with a dot is left out. Raises `FolderGone` when any part cannot be listed: a file
    that was not seen for that reason would be taken for a deleted one.
    """
    if folder_at(folder) != folder:
        raise FolderGone("The folder is a link to another one now.")
    found = Below()
    try:
        for place, below, names, descriptor in os.fwalk(folder, onerror=_raise):
            below[:] = sorted(name for name in below if not name.startswith("."))
            before = Path(place).relative_to(folder)
            found.links += sum(_is_link(name, descriptor) for name in below)
            for name in sorted(names):
                _note(found, before, name, descriptor)
    except OSError as error:
        raise FolderGone("A part of the folder cannot be read.") from error
    return found


def _note(found: Below, before: Path, name: str, descriptor: int) -> None:
    if name.startswith(".") or name.rpartition(".")[2].lower() not in ENDINGS:
        return
    told = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    address = (before / name).as_posix()
    if stat.S_ISLNK(told.st_mode):
        found.links += 1
    elif stat.S_ISREG(told.st_mode) and len(address) <= LONGEST and _is_text(address):
        if len(found.files) >= MOST_FILES:
            raise FolderRefused("A folder may have at most %(count)s files.", count=MOST_FILES)
        found.files[address] = f"{told.st_size}:{told.st_mtime_ns}:{told.st_ctime_ns}"


def read_below(folder: Path, address: str) -> bytes:
    """What a file holds, at most a byte more than a document may have; raises `FileGone`."""
    parts = address.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise FileGone("The file is gone.")
    opened: list[int] = []
    try:
        opened.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW))
        for part in parts[:-1]:
            how = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            opened.append(os.open(part, how, dir_fd=opened[-1]))
        # A pipe would otherwise wait for somebody to write into it.
        how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        opened.append(os.open(parts[-1], how, dir_fd=opened[-1]))
        if not stat.S_ISREG(os.fstat(opened[-1]).st_mode):
            raise FileGone("The file is gone.")
        with os.fdopen(os.dup(opened[-1]), "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise FileGone("The file is gone.") from error
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _is_link(name: str, descriptor: int) -> bool:
    return stat.S_ISLNK(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode)


def _is_text(address: str) -> bool:
    try:
        address.encode()
    except UnicodeEncodeError:
        # A name in no known encoding cannot be kept in the database.
        return False
    return True


def _raise(error: OSError) -> None:
    raise error
