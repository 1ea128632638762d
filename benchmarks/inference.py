"""What a gateway costs: a model called directly, through Agora, and through the LiteLLM proxy.

    .venv/bin/uv venv --python .venv/bin/python .agora/litellm
    .venv/bin/uv pip install --python .agora/litellm/bin/python "litellm[proxy]==1.99.4"
    .venv/bin/python -m benchmarks.inference --litellm .agora/litellm/bin/litellm

Starts a mock of a model's server, an Agora of its own with one market (a key with a scope, a budget
in tokens and money, a chain of one vLLM endpoint, the log on) and LiteLLM with one worker, a master
key and no database, so that it keeps no budgets. In each round each of them is asked in turn, with
1, 16 and 64 streams at once, and printed is the median over the rounds. What is added is the p95 of
a way less the p95 of the direct one in the same round. CPU is that of the server and its children;
the database's is not in it.
"""

import argparse
import asyncio
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

from app.settings import settings
from benchmarks.streams import Figures, Way, stream

ROOT = Path(__file__).parents[1]
AT_ONCE = (1, 16, 64)
LITELLM = "1.99.4"
MARKET = "bench"
CONFIG = """\
model_list:
  - model_name: bench
    litellm_params:
      model: openai/bench
      api_base: {upstream}
      api_key: none
general_settings:
  master_key: {key}
litellm_settings:
  telemetry: false
"""


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    *command: str, log: Path, ready: str, host: str = "", **environment: str
) -> Generator[int]:
    """Run a server until the end of the block; yields its process id once `ready` answers."""
    with log.open("w") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={name: value for name, value in (os.environ | environment).items() if value},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + 300
            while not _answers(ready, host):
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"{command[0]} did not start: {log.read_text()[-2000:]}")
                time.sleep(0.2)
            yield process.pid
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            finally:
                process.kill()


def _answers(url: str, host: str) -> bool:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers={"Host": host} if host else {}),
            timeout=2,
        ):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def megabytes(pid: int) -> float:
    """What a process and all that descend from it hold, with what they share counted once (PSS)."""
    own = Path(f"/proc/{pid}")
    total = 0.0
    for line in (own / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total = int(line.split()[1]) / 1024
    for task in (own / "task").iterdir():
        for child in (task / "children").read_text().split():
            total += megabytes(int(child))
    return total


def worked(pid: int) -> float:
    """Seconds that the processors have worked for a process and all that descend from it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    total = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            total += worked(int(child))
    return total


async def furnish(upstream: str) -> str:
    """Make a market whose models are at `upstream`; returns a key that may ask them."""
    from app.accounts.actors import system  # noqa: PLC0415
    from app.accounts.keys.issuing import make_key  # noqa: PLC0415
    from app.accounts.permissions import Permission  # noqa: PLC0415
    from app.database import tenant_session  # noqa: PLC0415
    from app.inference.budgets import Limits, set_budget  # noqa: PLC0415
    from app.inference.chains import ChainInput, set_chain  # noqa: PLC0415
    from app.inference.endpoints import (  # noqa: PLC0415
        EndpointInput,
        ModelInput,
        add_endpoint,
        add_model,
    )
    from app.inference.targets import Link  # noqa: PLC0415
    from app.markets.opening import create_market  # noqa: PLC0415

    card = await create_market(MARKET, name={"en": "Bench"}, locales=["en"], currency="EUR")
    actor = system(card.id, "benchmark")
    limits = Limits(10**12, None, Decimal(10**6), None, "EUR")
    async with tenant_session(card.id) as session:
        endpoint = await add_endpoint(
            session, actor, EndpointInput("Mock", "vllm", (upstream,), inside=True)
        )
        model = await add_model(
            session,
            actor,
            endpoint.id,
            ModelInput("bench", price_in=Decimal(1), price_out=Decimal(2), currency="EUR"),
        )
        await set_chain(session, actor, "vendor", 0, ChainInput((Link(model.id),)))
        await set_budget(session, actor, 0, limits)
        key = await make_key(session, actor, "benchmark", [Permission.ASK_MODELS])
    return key.secret


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[18] if len(values) > 1 else values[0]


Round = dict[tuple[str, int], Figures]


async def measure(
    ways: list[Way], pids: dict[str, int], rounds: int, seconds: float, words: int
) -> list[Round]:
    """So many rounds, in each of which each way is asked in turn."""
    for way in ways:
        await stream(way, at_once=8, words=words, seconds=2.0)
    found: list[Round] = []
    for number in range(rounds):
        told: Round = {}
        for at_once in AT_ONCE:
            for way in ways if number % 2 else ways[::-1]:
                before = worked(pids[way.name])
                figures = await stream(way, at_once=at_once, words=words, seconds=seconds)
                figures.worked = (worked(pids[way.name]) - before) * 1000 / len(figures.total)
                told[way.name, at_once] = figures
        found.append(told)
    return found


def show(ways: list[Way], rounds: list[Round]) -> None:
    """Print medians over the rounds."""

    def median(name: str, at_once: int, what: str) -> float:
        def of(figures: Figures) -> float:
            if what == "rate":
                return figures.per_second
            if what == "worked":
                return figures.worked
            values: list[float] = getattr(figures, what.removesuffix(" most"))
            return max(values) if what.endswith(" most") else p95(values)

        def of_round(one: Round) -> float:
            own = of(one[name, at_once])
            return own - of(one["direct", at_once]) if what in ("first", "total") else own

        return statistics.median(of_round(one) for one in rounds)

    print(
        "| streams | way | first word + ms (p95) | whole + ms (p95) | answers/s | CPU ms"
        " | a word's way ms (p95) | words joined ms (p95) | (most) |\n"
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    for at_once in AT_ONCE:
        for way in ways:
            told = [
                median(way.name, at_once, what)
                for what in ("first", "total", "rate", "worked", "carried", "held", "held most")
            ]
            print(f"| {at_once} | {way.name} | " + " | ".join(f"{one:.1f}" for one in told) + " |")
        if len(ways) > 2:
            for what, words in (("first", "first word"), ("total", "whole")):
                ours, theirs = (median(way.name, at_once, what) for way in ways[1:3])
                print(f"{at_once} streams, {words}: {ours / theirs:.2f} of LiteLLM's", flush=True)


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--litellm", type=Path, help="the proxy's command; left out without it")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--seconds", type=float, default=6.0)
    words.add_argument("--words", type=int, default=40, help="in an answer")
    words.add_argument("--pause", type=float, default=0.02, help="seconds between words")
    words.add_argument("--port", type=int, default=0, help="where Agora serves")
    told = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="agora-inference-") as folder, ExitStack() as stack:
        home = Path(folder)
        home.chmod(0o755)
        os.environ["AGORA_HOME"] = folder
        settings.cache_clear()
        mock, port = free_port(), told.port or free_port()
        upstream = f"http://127.0.0.1:{mock}/v1"
        python = sys.executable
        direct = stack.enter_context(
            running(
                *(python, "-m", "benchmarks.upstream", "--port", str(mock)),
                *("--pause", str(told.pause)),
                log=home / "upstream.log",
                ready=upstream,
            )
        )
        from app.commands import ready_database, run  # noqa: PLC0415

        stack.enter_context(ready_database())
        key = run(furnish(upstream))
        host = f"{MARKET}.localhost:{port}"
        agora = stack.enter_context(
            running(
                *(python, "-m", "app.cli", "up", "--no-demo"),
                log=home / "agora.log",
                ready=f"http://127.0.0.1:{port}/healthz",
                host=host,
                PORT=str(port),
            )
        )
        at = "chat/completions"
        ways = [
            Way("direct", f"{upstream}/{at}", "bench"),
            Way("Agora", f"http://127.0.0.1:{port}/v1/{at}", "vendor", host, key),
        ]
        pids = {"direct": direct, "Agora": agora}
        if told.litellm:
            theirs, secret = free_port(), f"sk-{secrets.token_hex(16)}"
            (home / "litellm.yaml").write_text(CONFIG.format(upstream=upstream, key=secret))
            pids["LiteLLM"] = stack.enter_context(
                running(
                    *(str(told.litellm.absolute()), "--config", str(home / "litellm.yaml")),
                    *("--host", "127.0.0.1", "--port", str(theirs), "--num_workers", "1"),
                    log=home / "litellm.log",
                    ready=f"http://127.0.0.1:{theirs}/health/liveliness",
                    # It would take the database for one of its own.
                    DATABASE_URL="",
                    DATABASE_OWNER_URL="",
                    LITELLM_MODE="PRODUCTION",
                    LITELLM_LOG="ERROR",
                    LITELLM_LOCAL_MODEL_COST_MAP="True",
                )
            )
            ways.append(Way("LiteLLM", f"http://127.0.0.1:{theirs}/v1/{at}", "bench", key=secret))
        rounds = asyncio.run(measure(ways, pids, told.rounds, told.seconds, told.words))
        show(ways, rounds)
        for name, pid in list(pids.items())[1:]:
            print(f"{name}: {megabytes(pid):.0f} MB")


if __name__ == "__main__":
    main()
