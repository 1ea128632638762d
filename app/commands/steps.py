"""Long steps, shown as they go: a moving line in a terminal, plain lines anywhere else."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

console = Console(highlight=False, soft_wrap=True)
QUIET_SECONDS = 1.0


@contextmanager
def step(doing: str, done: str) -> Generator[Callable[[str], None]]:
    """Show that something is being done; the yielded function shows a detail of it.

    What took less than a second is not worth a line afterwards.
    """
    began = time.monotonic()
    if console.is_terminal:
        with console.status(f"{doing} …") as status:

            def detail(words: str) -> None:
                status.update(f"{doing} … [dim]{words[:70]}[/dim]")

            yield detail
    else:
        console.print(f"  {doing} …", markup=False)
        yield lambda _words: None
    took = time.monotonic() - began
    if took > QUIET_SECONDS:
        console.print(f"  {done} ({took:.0f} s)", markup=False)


def progress_bar() -> Progress:
    """A bar for work whose amount is known."""
    return Progress(
        TextColumn("  {task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
