"""Doing jobs in a process of their own, and reading the letters that were not sent."""

import asyncio
import signal
from email import message_from_bytes, policy
from typing import Annotated

import typer

# Registers what jobs there are, and the tools that one of them carries out.
from agents import tools  # noqa: F401  # pyright: ignore[reportUnusedImport]
from app import tasks  # noqa: F401  # pyright: ignore[reportUnusedImport]
from app.commands import ready_database, run
from app.commands.steps import console
from app.jobs.work import work_off, working
from app.mail.letters import kept
from app.outbox.relaying import relay_due, relaying


def work(
    once: Annotated[bool, typer.Option("--once", help="Do what is due and end.")] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=64)] = 4,
) -> None:
    """Do the jobs of all markets, and hand on what happens in them, until Ctrl-C."""
    with ready_database():
        run(_once() if once else _until_stopped(concurrency))


def mail(count: Annotated[int, typer.Option(min=1, help="How many letters.")] = 5) -> None:
    """Show the newest letters of the folder that stands in for a mail server."""
    letters = kept()[-count:]
    for path in letters:
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        console.rule(path.name)
        for name in ("from", "to", "subject", "date"):
            console.print(f"{name}: {letter[name]}", markup=False)
        body = letter.get_body(("plain",))
        console.print(f"\n{body.get_content() if body else ''}", markup=False, soft_wrap=True)
    if not letters:
        console.print("There is no letter.")


async def _once() -> None:
    # Who takes in what happened may ask for jobs.
    await relay_due()
    await work_off()


async def _until_stopped(concurrency: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with working(concurrency=concurrency), relaying():
        await stopped.wait()
