"""What `make up` starts, says and stops."""

import shutil
import signal
import tempfile
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest

from app.embedded.postgres import is_running
from tests.e2e.conftest import Running, begin, end, free_port

IDLE_MEGABYTES = 700
COMES_TO_REST = 60
"""Seconds within which a program of which nothing is asked has given back what it does not need."""


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def memory(pids: list[int]) -> float:
    """Megabytes that the processes hold, with what they share counted once (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def everything_of(running: Running) -> list[int]:
    """All processes that the program started."""
    return family(running.process.pid) + family(keeper_of(running.home))


def memory_of(running: Running) -> float:
    """Megabytes of all that the program started."""
    return memory(everything_of(running))


def shares_of(running: Running) -> list[str]:
    """What the largest of them hold, to be said where it is too much."""
    held = sorted(((memory([pid]), pid) for pid in everything_of(running)), reverse=True)
    return [
        f"{size:.0f} MB: {Path(f'/proc/{pid}/cmdline').read_text().replace(chr(0), ' ')[:60]}"
        for size, pid in held[:8]
    ]


def status_of(address: str) -> int:
    """The status of a page; browsers resolve `*.localhost` themselves, others need not."""
    host = address.split("/")[2]
    request = urllib.request.Request(  # noqa: S310
        address.replace(host, f"127.0.0.1:{host.rpartition(':')[2]}", 1), headers={"Host": host}
    )
    with urllib.request.urlopen(request, timeout=30) as page:  # noqa: S310
        return page.status


def keeper_of(home: Path) -> int:
    """The process that keeps the embedded server of `home`."""
    server = int((home / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])
    status = Path(f"/proc/{server}/status").read_text()
    return int(status.split("PPid:")[1].split()[0])


def wait_until_gone(pids: list[int], seconds: float = 20) -> None:
    """Wait for processes to end; the keeper does so a moment after those who waited for it."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.1)


@pytest.fixture
def bare() -> Generator[Running]:
    """A program of its own, without demo markets."""
    home = Path(tempfile.mkdtemp(prefix="agora-e2e-"))
    home.chmod(0o755)
    program = begin(home, free_port(), "--no-demo")
    try:
        program.wait_for("Agora is ready", 120)
        yield program
    finally:
        program.process.kill()
        program.process.wait()
        deadline = time.monotonic() + 30
        while is_running(home) and time.monotonic() < deadline:
            time.sleep(0.1)
        shutil.rmtree(home)


def test_it_prints_the_addresses_and_the_accounts(running: Running):
    said = "".join(running.words)
    for market in ("kazan", "berlin", "madrid"):
        email, password = running.account(market)
        assert running.address(market, "/") in said
        assert email in said
        assert password in said
    assert (running.home / "demo.json").stat().st_mode & 0o077 == 0


def test_what_it_prints_answers(running: Running):
    for line in "".join(running.words).split():
        if line.startswith("http://") and line.count("/") > 2:
            assert status_of(line) == 200


def test_everything_together_stays_small_when_idle(running: Running):
    assert status_of(running.address("kazan", "/ru")) == 200
    # Other tests may have kept it busy until now; it is idle once it has rested for a while.
    deadline = time.monotonic() + COMES_TO_REST
    while (held := memory_of(running)) > IDLE_MEGABYTES and time.monotonic() < deadline:
        time.sleep(2)
    assert held <= IDLE_MEGABYTES, shares_of(running)
    print(f"{held:.0f} MB at rest: {shares_of(running)}")


def test_a_second_one_with_the_same_data_is_refused(bare: Running):
    second = begin(bare.home, free_port(), "--no-demo")
    assert second.process.wait(60) == 1
    time.sleep(0.2)
    assert "Agora already runs with the data in" in "".join(second.words)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_stops_all_that_was_started(bare: Running, number: signal.Signals):
    everything = family(bare.process.pid) + family(keeper_of(bare.home))
    assert len(everything) > 4
    assert end(bare, number) == 0
    wait_until_gone(everything)


def test_nothing_outlives_a_program_that_was_killed(bare: Running):
    everything = family(bare.process.pid) + family(keeper_of(bare.home))
    bare.process.kill()
    bare.process.wait()
    wait_until_gone(everything)
