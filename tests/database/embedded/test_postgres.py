"""The embedded server: who starts it, who stops it, and what it says when it cannot start."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from app.embedded import PartFailed
from app.embedded.postgres import is_running, start

ROOT = Path(__file__).parents[3]
USE = """
import sys, time
from pathlib import Path
from app.embedded.postgres import start
server = start(Path(sys.argv[1]), hasty=True)
print(server.started, flush=True)
time.sleep(120)
"""


@contextmanager
def folder_of_its_own() -> Generator[Path]:
    """A folder that the user who runs the server can reach, as pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="agora-tests-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made() -> Generator[Path]:
    """A data folder in which a server was started and stopped."""
    with folder_of_its_own() as folder:
        with start(folder, hasty=True):
            pass
        yield folder


@pytest.fixture
def user(made: Path) -> Generator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts other processes that use the server of `made`."""
    others: list[subprocess.Popen[str]] = []

    def begin() -> "subprocess.Popen[str]":
        others.append(
            subprocess.Popen(
                [sys.executable, "-c", USE, str(made)],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return others[-1]

    yield begin
    for other in others:
        other.kill()
        other.communicate()
    assert wait_until(lambda: not is_running(made))


def first_word(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def wait_until(holds: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def pid_of_server(folder: Path) -> int:
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])


def test_the_roles_can_neither_pass_by_policies_nor_make_roles(made: Path):
    with start(made, hasty=True) as server:
        for url, may_create in ((server.app_url, False), (server.owner_url, True)):
            with psycopg.connect(url) as connection:
                rights = connection.execute(
                    "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
                    " where rolname = current_user"
                ).fetchone()
            assert rights == (False, False, False, may_create)


def test_the_server_asks_for_the_password_and_listens_on_this_machine_alone(made: Path):
    with start(made, hasty=True) as server:
        wrong = re.sub(r":[^:@]+@", ":wrong@", server.app_url)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        with psycopg.connect(server.superuser_url) as connection:
            row = connection.execute(
                "select current_setting('listen_addresses'), current_setting('password_encryption')"
            ).fetchone()
        assert row == ("127.0.0.1", "scram-sha-256")


def test_what_opens_the_database_is_readable_by_its_user_alone(made: Path):
    for name in ("postgres.json", "postgres.log", "postgres"):
        assert (made / name).stat().st_mode & 0o077 == 0


def test_a_second_user_joins_and_the_last_one_stops_the_server(made: Path):
    first = start(made, hasty=True)
    second = start(made, hasty=True)
    assert (first.started, second.started) == (True, False)
    assert first.app_url == second.app_url
    first.stop()
    with psycopg.connect(second.app_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    second.stop()
    assert not is_running(made)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(second.app_url)


def test_users_that_come_at_once_share_one_server(
    made: Path, user: Callable[[], "subprocess.Popen[str]"]
):
    others = [user() for _ in range(4)]
    assert sorted(first_word(other) for other in others) == ["False", "False", "False", "True"]


def test_the_server_ends_when_its_only_user_is_killed(
    made: Path, user: Callable[[], "subprocess.Popen[str]"]
):
    other = user()
    assert first_word(other) == "True"
    server = pid_of_server(made)
    other.kill()
    assert wait_until(lambda: not Path(f"/proc/{server}").exists())
    # The keeper ends a moment after the server that it reaped.
    assert wait_until(lambda: not is_running(made))


def test_a_server_that_fell_comes_back_for_its_users(made: Path):
    with start(made, hasty=True) as server:
        os.kill(pid_of_server(made), signal.SIGKILL)

        def answers() -> bool:
            try:
                psycopg.connect(server.app_url).close()
            except psycopg.OperationalError:
                return False
            return True

        assert wait_until(lambda: not answers())
        assert wait_until(answers)


def test_a_pid_file_that_a_crash_left_does_not_keep_the_server_down(made: Path):
    left = made / "postgres" / "data" / "postmaster.pid"
    # The number of a living process that is no server, as after a restart of the machine.
    left.write_text(f"{os.getpid()}\n{made}/postgres/data\n1\n5432\n\n\n\n\n")
    with start(made, hasty=True) as server:
        assert server.started


def test_data_of_another_version_is_refused_with_what_to_do(made: Path):
    version = made / "postgres" / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("14\n")
    try:
        with pytest.raises(PartFailed, match=r"made by PostgreSQL 14 and this Agora brings 18"):
            start(made, hasty=True)
    finally:
        version.write_text(kept)
    assert not is_running(made)


def test_data_without_its_passwords_is_refused_with_what_to_do(made: Path):
    passwords = made / "postgres.json"
    kept = passwords.rename(made / "kept.json")
    try:
        with pytest.raises(PartFailed, match="its passwords, is missing"):
            start(made, hasty=True)
    finally:
        kept.rename(passwords)


def test_a_server_that_cannot_start_says_why(made: Path):
    control = made / "postgres" / "data" / "global" / "pg_control"
    kept = control.read_bytes()
    control.write_bytes(kept[:100])
    try:
        with pytest.raises(PartFailed, match="does not start: "):
            start(made, hasty=True)
    finally:
        control.write_bytes(kept)
    assert wait_until(lambda: not is_running(made))


def test_a_creation_that_was_broken_off_is_begun_anew():
    with folder_of_its_own() as folder:
        (folder / "postgres" / "data.making").mkdir(parents=True)
        (folder / "postgres" / "data.making" / "PG_VERSION").write_text("18\n")
        with start(folder, hasty=True) as server:
            assert server.started


def test_a_full_disk_is_said_before_anything_is_made(monkeypatch: pytest.MonkeyPatch):
    with folder_of_its_own() as folder:
        full = shutil.disk_usage(folder)._replace(free=1000)
        monkeypatch.setattr("app.embedded.data.shutil.disk_usage", lambda _folder: full)
        with pytest.raises(PartFailed, match=r"is full; free at least 300 MB"):
            start(folder)
        assert not is_running(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders are closed to the server's user")
def test_the_data_of_root_stands_where_the_servers_user_can_reach_it():
    with folder_of_its_own() as folder:
        folder.chmod(0o700)
        with start(folder, hasty=True) as server:
            place = server.folder
            assert place.parent == Path("/var/lib")
            assert place.stat().st_mode & 0o077 == 0
        with start(folder, hasty=True) as again:
            assert again.folder == place
    shutil.rmtree(place)
