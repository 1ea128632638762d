"""Which processes serve a port, as Linux tells it."""

import os
from pathlib import Path

_LISTENS = "0A"


def listener(port: int) -> int:
    """The process that listens at `port` of this machine."""
    inodes = {
        fields[9]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for fields in map(str.split, Path(table).read_text().splitlines()[1:])
        if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port
    }
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(os.readlink(file) in wanted for file in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            # It ended meanwhile, or belongs to somebody else.
            continue
    raise SystemExit(f"Nothing of yours listens at port {port}.")


def family(pid: int) -> list[str]:
    """The commands of a process and of all that descend from it."""
    found = [Path(f"/proc/{pid}/comm").read_text().strip()]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found
