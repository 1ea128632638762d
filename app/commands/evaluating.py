"""Measuring quality on sets that somebody wrote: how messages are routed, what search finds."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from agents.evaluating import Report, evaluated, utterances
from agents.intents import Intents
from app.commands import run
from app.commands.steps import console
from app.errors import NotFound
from app.search.embeddings import sentence_embedder

commands = typer.Typer(no_args_is_help=True)
ROOT = Path(__file__).resolve().parents[2]


@commands.callback()
def evaluation() -> None:
    """Measure quality on written sets."""


@commands.command()
def routing(
    file: Annotated[
        Path, typer.Argument(help='JSON Lines of {"text", "locale", "intents", "agents"}.')
    ],
    wrong: Annotated[bool, typer.Option("--wrong", help="List what was misunderstood.")] = False,
) -> None:
    """Print how often messages are understood, by language, and what is taken for what."""
    if not file.is_file():
        raise NotFound("There is no file %(name)s.", name=str(file))
    report = run(evaluated(utterances(file), Intents(sentence_embedder())))
    for line in lines(report, wrong=wrong):
        console.print(line, markup=False, highlight=False)
    console.print(_table(report))


@commands.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def search(context: typer.Context) -> None:
    """Measure search on the set in tests/evals/search; further words go to that program."""
    if not (ROOT / "tests" / "evals" / "search").is_dir():
        raise NotFound("This copy of Agora has no tests/evals/search; clone the repository.")
    words = [sys.executable, "-m", "tests.evals.search", *context.args]
    raise typer.Exit(subprocess.call(words, cwd=ROOT))


def lines(report: Report, *, wrong: bool) -> list[str]:
    """The figures, language by language, and what was misunderstood where that is wanted."""
    told = [
        f"{locale}: intents {part.accuracy:.3f}, agents {part.agents_accuracy:.3f}"
        f" of {len(part.routed)}"
        for locale, part in (*report.locales.items(), ("all", report))
    ]
    if report.unknown:
        told.append(f"Not known to Maestro: {', '.join(report.unknown)}")
    if wrong:
        told += [
            f"{one.said.locale} {'+'.join(one.said.intents)} → {'+'.join(one.intents)}"
            f" ({one.confidence:.2f}): {one.said.text}"
            for one in report.routed
            if not (one.right and one.agents_right)
        ]
    return told


def _table(report: Report) -> Table:
    """What is (rows) taken for what (columns); empty where that never happened."""
    counted = report.confusion
    rows = sorted({said for said, _ in counted})
    columns = sorted({read for _, read in counted})
    marks = [chr(ord("a") + place) if place < 26 else str(place) for place in range(len(columns))]
    table = Table(title="Rows are taken for columns")
    table.add_column("")
    for mark in marks:
        table.add_column(mark, justify="right")
    table.caption = "   ".join(f"{mark} {name}" for mark, name in zip(marks, columns, strict=True))
    for said in rows:
        table.add_row(said, *(str(counted[said, read] or "") for read in columns))
    return table
