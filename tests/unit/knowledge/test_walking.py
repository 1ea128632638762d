"""Files of a folder are found and opened without following anything that leads out of it."""

import os
from pathlib import Path

import pytest

from app.knowledge.walking import FileGone, FolderGone, files_below, read_below


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "shared"
    (made / "terms").mkdir(parents=True)
    (made / "terms" / "rules.md").write_text("Rules.")
    (made / "prices.txt").write_text("Prices.")
    return made


def test_a_folder_that_cannot_be_listed_whole_deletes_nothing(folder: Path, monkeypatch):
    really = os.scandir

    def locked(place: object):
        if isinstance(place, int) and Path(f"/proc/self/fd/{place}").resolve().name == "terms":
            raise PermissionError(13, "no")
        return really(place)  # pyright: ignore[reportCallIssue, reportArgumentType]

    monkeypatch.setattr(os, "scandir", locked)
    with pytest.raises(FolderGone):
        files_below(folder)


def test_a_pipe_is_not_waited_for(folder: Path):
    os.mkfifo(folder / "pipe.md")
    assert "pipe.md" not in files_below(folder).files
    with pytest.raises(FileGone):
        read_below(folder, "pipe.md")


def test_a_name_in_no_encoding_is_left_out(folder: Path):
    (folder / os.fsdecode(b"caf\xe9.md")).write_text("Menu.")
    assert set(files_below(folder).files) == {"terms/rules.md", "prices.txt"}


@pytest.mark.parametrize(
    "address", ["link.md", "below/secret.md", "../outside/secret.md", "/etc/passwd", "a//b", "."]
)
def test_nothing_outside_is_opened(folder: Path, address: str):
    outside = folder.with_name("outside")
    outside.mkdir()
    (outside / "secret.md").write_text("swordfish")
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "below").symlink_to(outside)
    with pytest.raises(FileGone):
        read_below(folder, address)
