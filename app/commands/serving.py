"""Starting everything, and the steps of that alone: building and migrating."""

import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.commands import run
from app.commands.demo import DemoAccount, demo_accounts, demo_is_loaded
from app.commands.steps import console, step
from app.embedded import PartFailed, parts
from app.markets.directory import MarketCard, all_markets
from app.markets.platform import ensure_platform
from app.migrations import migrate
from app.settings import settings

SPACE = 500_000_000
Demo = Annotated[
    bool | None,
    typer.Option(help="Load the demo markets once; in development that is done by itself."),
]


def up(demo: Demo = None) -> None:
    """Build, start, migrate and serve everything until Ctrl-C."""
    told = settings()
    # A stop in the middle of any step must stop what was started, as Ctrl-C does.
    signal.signal(signal.SIGTERM, _leave)
    with _alone(told.home):
        _refuse_taken_port(told.port)
        _refuse_full_disk(told.home)
        build()
        with parts.database() as embedded:
            if embedded is not None or told.database_owner_url is not None:
                with step("Migrating the database", "Migrated the database"):
                    migrate()
                run(ensure_platform())
            if demo if demo is not None else told.environment == "development":
                _load_demo(told.home)
            markets, accounts = run(all_markets()), demo_accounts(told.home)
            from app.api.counting import Counted
            from app.api.forwarding import Forwarded
            from app.api.main_hosts import OnMainHost
            from app.api.suspending import Suspending
            from app.rendering.serve import serve

            serve(
                told.port,
                ready=lambda: _announce(markets, accounts),
                behind=lambda program: Forwarded(Suspending(OnMainHost(Counted(program)))),
            )
    console.print("Stopped.")


def build() -> None:
    """Build the frontend when its sources changed."""
    from app.rendering.build import build_frontend

    with step("Building the frontend", "Built the frontend") as detail:
        build_frontend(detail)


def migrate_command() -> None:
    """Bring the database's tables to this version."""
    with parts.database():
        migrate()
        run(ensure_platform())
    console.print("The database is up to date.")


def _leave(_number: int, _frame: object) -> None:
    sys.exit(128 + signal.SIGTERM)


@contextmanager
def _alone(home: Path) -> Generator[None]:
    """Hold the data folder for the block; a second server of it would only fight for the port."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise PartFailed(_unwritable(home, error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise PartFailed(
            f"Agora already runs with the data in {home}; stop it first, or start a second "
            "one with a folder and a port of its own: AGORA_HOME=other PORT=8001 make up"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _unwritable(home: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk that holds {home} is full; free some space and try again."
    return (
        f"Agora may not write to {home}; give that folder to the user who runs Agora, "
        "or set AGORA_HOME to another."
    )


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # Connections of a server that was just stopped linger; they do not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104  As the server will.
        except PermissionError as error:
            raise PartFailed(
                f"This user may not serve on port {port}; choose one above 1023: PORT=8000 make up"
            ) from error
        except OSError as error:
            raise PartFailed(
                f"Port {port} is in use by another program; choose another: PORT={port + 1} make up"
            ) from error


def _refuse_full_disk(home: Path) -> None:
    if shutil.disk_usage(home).free < SPACE:
        raise PartFailed(
            f"The disk that holds {home} has less than {SPACE // 1_000_000} MB free; "
            "free some space, or set AGORA_HOME to a folder on another disk."
        )


def _load_demo(home: Path) -> None:
    """Load the demo markets in a process of its own, which gives its memory back at the end."""
    if demo_is_loaded(home):
        return
    console.print("  Loading the demo markets; this is done once.")
    done = subprocess.run([sys.executable, "-m", "app.commands.demo"], check=False)
    if done.returncode:
        raise PartFailed("The demo markets could not be loaded, for the reason above.")


def _announce(markets: list[MarketCard], accounts: list[DemoAccount]) -> None:
    told = settings()
    console.print("\nAgora is ready. Ctrl-C stops it.\n")
    console.print(f"  {told.origin(told.platform_host)}", markup=False)
    for market in markets:
        address = told.origin(market.host)
        pages = "  ".join(f"{address}/{locale}" for locale in market.locales)
        console.print(f"  {pages}", markup=False)
    if accounts:
        console.print(f"\nTo sign in to the demo markets ({told.home / 'demo.json'}):\n")
        for account in accounts:
            console.print(
                f"  {account.market:<8} {account.role:<9} {account.email:<28} {account.password}",
                markup=False,
            )
    if not markets:
        console.print("  There is no market yet; open one: agora market create --help")
    console.print()
