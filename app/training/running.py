"""Training an adapter in a process of its own, with what it learns from beside it for as long."""

import asyncio
import fcntl
import json
import os
import shutil
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.errors import AppError, Conflict
from app.inference.presets import PROFILES
from app.markets.quotas import folder_of
from app.settings import settings
from app.training.environment import NotInstalled, is_current
from app.training.examples import Example

ROOT = Path(__file__).parents[2]
TRAINER = ROOT / "scripts" / "train_lora.py"
LEAST_LEARNT, LEAST_HELD_OUT = 16, 4
"""Fewer examples teach nothing, or tell nothing."""
_PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "CUDA_VISIBLE_DEVICES", "HF_HOME", "HF_TOKEN")
"""What the trainer may know of this process's variables: no address and no key of ours."""


class TooFewExamples(AppError):
    """There is not enough to learn from, or to tell whether learning helped."""


class TrainingFailed(AppError):
    """The trainer ended without an adapter."""


@dataclass(frozen=True)
class Recipe:
    """How to train: `model` is a folder or a name of the Hub, `served_as` what vLLM was given."""

    model: str
    served_as: str = ""
    rank: int = 16
    epochs: int = 3
    batch: int = 4
    rate: float = 2e-4
    dropout: float = 0.05
    context: int = 2048
    seed: int = 7
    threads: int = 0
    """Of the processor, at most; 0 lets torch choose."""


@dataclass(frozen=True)
class Measured:
    """How well base and adapter foresee the answers that were held out: mean loss of a token."""

    base_loss: float
    adapter_loss: float
    base_perplexity: float
    adapter_perplexity: float
    better_on: int
    held_out: int

    @property
    def is_better(self) -> bool:
        """Whether the adapter is better on the whole, and on most answers."""
        # A loss that is no number is smaller than nothing, so that it never passes.
        return self.adapter_loss < self.base_loss and 2 * self.better_on > self.held_out


@dataclass(frozen=True)
class Trained:
    """An adapter that nobody serves yet."""

    folder: Path
    measured: Measured


def training_python() -> Path:
    """The Python that has torch; raises `NotInstalled` with what to do."""
    folder = environment()
    if not any(is_current(lock, folder) for lock in locks()):
        raise NotInstalled(
            "What trains is not installed yet; install it by: %(command)s",
            command="agora adapters prepare",
        )
    return folder / "bin" / "python"


def environment() -> Path:
    """Where the packages for training are, apart from the program's."""
    return settings().home / "environments" / "train"


def locks() -> tuple[Path, Path]:
    """What the environment can be made from: with torch for GPUs, and for processors alone."""
    return ROOT / "requirements" / "train.txt", ROOT / "requirements" / "train-cpu.txt"


@contextmanager
def workspace(market_id: UUID, agent: str) -> Generator[Path]:
    """The folder of an agent's training, for this process alone; raises `Conflict`."""
    folder = folder_of(market_id) / "training" / agent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder.parent / f"{agent}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("This agent's adapter is being trained already.") from error
        yield folder


async def train(
    python: Path,
    folder: Path,
    examples: Sequence[Example],
    recipe: Recipe,
    told: Callable[[dict[str, Any]], None] = lambda _: None,
) -> Trained:
    """Train in `folder`, going on where a run with the same examples and recipe was ended.

    `told` gets what the trainer says: see `scripts/train_lora.py`. Raises `TooFewExamples` or
    `TrainingFailed`. Whoever is cancelled ends the trainer.
    """
    held_out = sum(example.held_out for example in examples)
    if held_out < LEAST_HELD_OUT or len(examples) - held_out < LEAST_LEARNT:
        raise TooFewExamples(
            "There are %(learnt)s approved replies to learn from and %(held_out)s to measure with; "
            "at least %(least)s and %(least_held_out)s are needed.",
            learnt=len(examples) - held_out,
            held_out=held_out,
            least=LEAST_LEARNT,
            least_held_out=LEAST_HELD_OUT,
        )
    plan = _put_down(folder, examples, recipe)
    last: deque[str] = deque(maxlen=12)
    measured: Measured | None = None
    async for line in _lines(python, plan):
        if not line.startswith("{"):
            last.append(line)
            continue
        said = json.loads(line)
        if "measured" in said:
            measured = Measured(**said["measured"])
        told(said)
    if measured is None or not (folder / "adapter").is_dir():
        raise TrainingFailed("The adapter could not be trained: %(why)s", why="\n".join(last))
    return Trained(folder / "adapter", measured)


def clear(folder: Path) -> None:
    """Remove what was learnt from and what came of it, when it has been published or refused."""
    shutil.rmtree(folder)


def check_agent(agent: str) -> None:
    """Raise `AppError` for an agent that does not write."""
    if agent not in PROFILES:
        raise AppError("There is no such agent.")


def _put_down(folder: Path, examples: Sequence[Example], recipe: Recipe) -> Path:
    plan = folder / "plan.json"
    lines = "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in examples)
    wanted = json.dumps(
        asdict(recipe)
        | {"served_as": recipe.served_as or recipe.model, "examples": str(folder / "examples")},
        indent=1,
    )
    kept = folder / "examples"
    same = plan.exists() and plan.read_text() == wanted and kept.read_text() == lines
    if not same:
        # A state of other examples, or of another recipe, is none to go on from.
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        kept.write_text(lines)
        plan.write_text(wanted)
    return plan


async def _lines(python: Path, plan: Path) -> AsyncGenerator[str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    quiet = {"TRANSFORMERS_VERBOSITY": "error", "HF_HUB_DISABLE_TELEMETRY": "1"}
    process = await asyncio.create_subprocess_exec(
        *(python, TRAINER, plan),
        env=passed | quiet,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            yield line.decode(errors="replace").strip()
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
