"""The `agora` command: what an operator does in a terminal."""

import errno
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.console import Console

from app.embedded import PartFailed
from app.errors import AppError

COMMANDS = {
    "up": "serving:up",
    "build": "serving:build",
    "migrate": "serving:migrate_command",
    "doctor": "doctor:doctor",
    "ask": "asking:ask",
    "work": "work:work",
    "mail": "work:mail",
}
"""Where each command stands in `app.commands`, as module and function."""
GROUPS = {
    "market": ("closing:commands", "Open, list, suspend and erase markets."),
    "import": ("imports:commands", "Load listings and articles from a file."),
    "knowledge": ("knowledge:commands", "Documents that answers quote."),
    "index": ("indexing:commands", "What search looks into."),
    "eval": ("evaluating:commands", "Measure quality on written sets."),
    "person": ("people:commands", "Who may do what in a market."),
    "platform": ("platform:commands", "Who runs the platform."),
    "secrets": ("secrets:commands", "What is kept sealed."),
    "models": ("models:commands", "Which chat models answer."),
    "adapters": ("adapters:commands", "Train adapters from approved replies."),
    "events": ("events:commands", "What happened, and what was given up."),
}
"""Likewise where each group of commands stands, and what it is for."""


def tree(words: Sequence[str] = ()) -> typer.Typer:
    """The commands that these words may call: one, where the first of them names it, else all.

    A command brings the parts of the program that it uses, and to import all of them takes longer
    than most commands do.
    """
    cli = typer.Typer(
        help="Agora: many local markets of services in one self-hosted program.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    # With a callback a single command keeps its name.
    cli.callback()(lambda: None)
    named = words[0] if words else ""
    for name, place in COMMANDS.items():
        if named == name or named not in COMMANDS | GROUPS:
            cli.command(name)(_standing_at(place))
    for name, (place, purpose) in GROUPS.items():
        if named == name or named not in COMMANDS | GROUPS:
            cli.add_typer(_standing_at(place), name=name, help=purpose)
    return cli


def _standing_at(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"app.commands.{module}"), name)


UNWRITABLE = {errno.EACCES, errno.EEXIST, errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS}


def main() -> None:
    """Run the command; what a person can mend is said in one sentence, not in a traceback."""
    try:
        tree(sys.argv[1:])()
    except (AppError, PartFailed) as error:
        stop(str(error))
    except ValidationError as error:
        stop("; ".join(_setting(problem) for problem in error.errors()))
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        stop(
            f"Agora may not write to {error.filename} ({error.strerror}); "
            "give it a folder that it may write to: AGORA_HOME=folder"
        )
    except KeyboardInterrupt:
        sys.exit(130)


def stop(sentence: str) -> None:
    """Say why the command ends, and end it as failed."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(sentence, markup=False)
    sys.exit(1)


def _setting(problem: ErrorDetails) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    words = problem["msg"].removeprefix("Value error, ")
    return f"The setting {place}: {words}" if place else words


if __name__ == "__main__":
    main()
