"""Every package has its place in the import contract, which `lint-imports` then enforces."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_part_of_app_has_a_layer():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = {name.strip(" ()") for layer in layers for name in layer.replace("|", ":").split(":")}
    parts = {
        f"app.{path.stem}"
        for path in (ROOT / "app").iterdir()
        if path.name not in {"__init__.py", "__pycache__"}
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert parts <= placed, f"give these a layer in pyproject.toml: {sorted(parts - placed)}"
