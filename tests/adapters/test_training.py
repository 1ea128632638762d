"""A LoRA adapter is really trained, in a process of its own, and survives being ended."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.errors import Conflict
from app.training.running import Recipe, TooFewExamples, Trained, TrainingFailed, train, workspace
from tests.adapters.talks import examples


def recipe(tiny: Path, **more: Any) -> Recipe:
    usual = {"epochs": 4, "rate": 5e-3, "rank": 8, "context": 512, "threads": 1}
    return Recipe(str(tiny / "base"), **{**usual, **more})


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def config(trained: Trained) -> dict[str, Any]:
    return json.loads((trained.folder / "adapter_config.json").read_text())


async def test_an_adapter_learns_and_says_how_much(trainer: Path, tiny: Path, tmp_path: Path):
    said = list[dict[str, Any]]()
    trained = await train(
        trainer, tmp_path, examples(), recipe(tiny, served_as="some/base"), said.append
    )
    measured = trained.measured
    assert measured.is_better
    assert measured.adapter_loss < 0.9 * measured.base_loss
    assert (measured.held_out, measured.better_on) == (8, 8)
    steps = [one for one in said if "step" in one]
    assert [one["step"] for one in steps] == list(range(1, 33))
    assert steps[0]["steps"] == 32
    assert said[0] == {"learnt": 32, "held_out": 8, "too_long": 0}
    assert config(trained)["base_model_name_or_path"] == "some/base"
    assert config(trained)["peft_type"] == "LORA"
    assert config(trained)["r"] == 8
    assert (trained.folder / "adapter_model.safetensors").stat().st_size > 10_000
    print(f"loss {measured.base_loss:.3f} -> {measured.adapter_loss:.3f}")


async def test_what_spoils_the_model_is_found_to_be_worse(
    trainer: Path, tiny: Path, tmp_path: Path
):
    """Answers that are nothing like those it is measured with."""
    given = [
        one
        if one.held_out
        else replace(one, messages=[*one.messages[:2], {"role": "assistant", "content": "Ы" * 60}])
        for one in examples()
    ]
    trained = await train(trainer, tmp_path, given, recipe(tiny, rate=2e-2))
    assert not trained.measured.is_better
    assert trained.measured.adapter_loss > trained.measured.base_loss


async def test_who_is_ended_goes_on_and_comes_to_the_same(
    trainer: Path, tiny: Path, tmp_path: Path
):
    (tmp_path / "whole").mkdir()
    (tmp_path / "ended").mkdir()
    whole = await train(trainer, tmp_path / "whole", examples(), recipe(tiny))
    reached = asyncio.Event()

    def look(said: dict[str, Any]) -> None:
        if said.get("step", 0) > 18:
            reached.set()

    running = asyncio.create_task(
        train(trainer, tmp_path / "ended", examples(), recipe(tiny), look)
    )
    await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "adapter" not in kept(tmp_path / "ended")
    said = list[dict[str, Any]]()
    again = await train(trainer, tmp_path / "ended", examples(), recipe(tiny), said.append)
    (resumed,) = [one["resumed"] for one in said if "resumed" in one]
    assert resumed >= 2
    first = next(one["step"] for one in said if "step" in one)
    assert first == resumed * 8 + 1
    assert again.measured.adapter_loss == pytest.approx(whole.measured.adapter_loss, rel=1e-3)


async def test_other_examples_begin_anew(trainer: Path, tiny: Path, tmp_path: Path):
    await train(trainer, tmp_path, examples(), recipe(tiny, epochs=1))
    said = list[dict[str, Any]]()
    await train(trainer, tmp_path, examples(41), recipe(tiny, epochs=1), said.append)
    assert not [one for one in said if "resumed" in one]


async def test_too_few_examples_are_refused(trainer: Path, tiny: Path, tmp_path: Path):
    for given in (examples(12), examples(40, held_out=3)):
        with pytest.raises(TooFewExamples):
            await train(trainer, tmp_path, given, recipe(tiny))


async def test_why_it_failed_is_said(trainer: Path, tmp_path: Path):
    wrong = Recipe(str(tmp_path / "nothing"))
    (tmp_path / "here").mkdir()
    with pytest.raises(TrainingFailed, match="nothing"):
        await train(trainer, tmp_path / "here", examples(), wrong)


async def test_the_trainer_learns_no_secret_of_ours(
    trainer: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A Python that only tells its environment stands in for the trainer's."""
    monkeypatch.setenv("AGORA_SECRET_KEY", "the secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://the secret")
    spy = tmp_path / "python"
    spy.write_text("#!/bin/sh\nenv\n")
    spy.chmod(0o755)
    (tmp_path / "here").mkdir()
    with pytest.raises(TrainingFailed) as failed:
        await train(spy, tmp_path / "here", examples(), recipe(tiny))
    assert "PATH=" in str(failed.value)
    assert "the secret" not in str(failed.value)


def test_an_agent_is_trained_once_at_a_time():
    market = uuid4()
    with workspace(market, "vendor") as folder:
        assert folder.stat().st_mode & 0o077 == 0
        with pytest.raises(Conflict), workspace(market, "vendor"):
            pass
        with workspace(market, "finance"):
            pass
