"""The `agora` command: what an operator does in a terminal."""

import errno
import sys

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.console import Console

from app.commands import (
    adapters,
    asking,
    closing,
    doctor,
    evaluating,
    events,
    imports,
    indexing,
    knowledge,
    models,
    people,
    platform,
    secrets,
    serving,
    work,
)
from app.embedded import PartFailed
from app.errors import AppError

cli = typer.Typer(
    help="Agora: many local markets of services in one self-hosted program.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cli.command("up")(serving.up)
cli.command("build")(serving.build)
cli.command("migrate")(serving.migrate_command)
cli.command("doctor")(doctor.doctor)
cli.add_typer(closing.commands, name="market", help="Open, list, suspend and erase markets.")
cli.add_typer(imports.commands, name="import", help="Load listings and articles from a file.")
cli.add_typer(knowledge.commands, name="knowledge", help="Documents that answers quote.")
cli.add_typer(indexing.commands, name="index", help="What search looks into.")
cli.add_typer(indexing.evaluations, name="eval", help="Measure quality on written sets.")
indexing.evaluations.command("routing")(evaluating.routing)
cli.add_typer(people.commands, name="person", help="Who may do what in a market.")
cli.add_typer(platform.commands, name="platform", help="Who runs the platform.")
cli.add_typer(secrets.commands, name="secrets", help="What is kept sealed.")
cli.add_typer(models.commands, name="models", help="Which chat models answer.")
cli.add_typer(adapters.commands, name="adapters", help="Train adapters from approved replies.")
cli.add_typer(events.commands, name="events", help="What happened, and what was given up.")
cli.command("ask")(asking.ask)
cli.command("work")(work.work)
cli.command("mail")(work.mail)

UNWRITABLE = {errno.EACCES, errno.EEXIST, errno.ENOSPC, errno.ENOTDIR, errno.EPERM, errno.EROFS}


def main() -> None:
    """Run the command; what a person can mend is said in one sentence, not in a traceback."""
    try:
        cli()
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
