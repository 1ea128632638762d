"""Each command is found by its name alone, and brings nothing of the others."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from app.cli import COMMANDS, GROUPS, tree


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_a_command_alone_is_the_one_among_all(name: str):
    alone, among_all = (
        CliRunner().invoke(cli, [name, "--help"], prog_name="agora")
        for cli in (tree([name]), tree())
    )
    assert alone.exit_code == among_all.exit_code == 0
    assert alone.output == among_all.output
    assert f"agora {name}" in alone.output
    purpose = GROUPS[name][1] if name in GROUPS else ""
    assert purpose in alone.output


@pytest.mark.parametrize("words", [[], ["--help"], ["nonsense"]])
def test_without_a_known_name_all_are_told(words: list[str]):
    told = CliRunner().invoke(tree(words), ["--help"]).output
    assert all(f"  {name} " in told for name in (*COMMANDS, *GROUPS))
    unknown = CliRunner().invoke(tree(words), ["nonsense"])
    assert unknown.exit_code == 2


def test_a_command_brings_nothing_of_the_others():
    code = (
        "import sys; from app.cli import tree; tree(['market', 'list'])\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'agents'"
        " or name.startswith('app.commands.a')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
