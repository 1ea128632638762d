"""Rules on files: names that say nothing, and files that grew past reading."""

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("app", "agents", "state", "components", "tests", "scripts", "benchmarks", "alembic")
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "crud",
    "common",
    "misc",
}
LONGEST = 350
DATA = (
    # Rows and sentences, not code to follow.
    "app/markets/demo/",
    "tests/evals/",
    "alembic/versions/",
)


def modules() -> list[str]:
    """Every Python file of the project, as git knows them."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *CODE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in told.stdout.split() if name.endswith(".py") and (ROOT / name).exists()]


@pytest.mark.parametrize("name", modules())
def test_a_file_says_what_it_holds_by_its_name_and_can_be_read_at_once(name: str):
    path = Path(name)
    assert not EMPTY_NAMES & set(path.with_suffix("").parts), "name it by what it holds"
    lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST or name.startswith(DATA), "split it by sub-noun"


def test_no_file_keeps_both_sides_of_a_merge():
    told = subprocess.run(
        ["git", "grep", "-InE", "^(<{7} |>{7} )", "--", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout) == (1, "")


def test_the_alembic_folder_is_no_package():
    """With an __init__.py it would hide the installed alembic."""
    assert not (ROOT / "alembic" / "__init__.py").exists()
    assert not (ROOT / "__init__.py").exists()


def test_the_lock_names_every_dependency_and_no_index():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for lock, wanted in (
        ("base.txt", declared["dependencies"]),
        ("dev.txt", declared["dependencies"] + declared["optional-dependencies"]["dev"]),
    ):
        text = (ROOT / "requirements" / lock).read_text().lower()
        assert "://" not in text
        for requirement in wanted:
            name = requirement.split("[")[0].split("=")[0].split(">")[0].split("<")[0].strip()
            assert f"\n{name.lower()}==" in f"\n{text}", f"run `make lock` for {name}"


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("tests/")])
def test_parametrized_tests_have_the_same_names_in_every_process(name: str):
    """Two processes share the tests, and refuse to begin where they collect different ones."""
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.parametrize"):
            assert "uuid4(" not in ast.unparse(node), "write the id down"
