"""Prints what an extra of pyproject.toml names, to lock an environment that holds nothing else."""

import sys
import tomllib
from pathlib import Path

declared = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
print("\n".join(declared["optional-dependencies"][sys.argv[1]]))
