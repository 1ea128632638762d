"""What is reckoned once for all runs of the tests: the vectors of what categories are called.

They follow from the program's own data and take a minute of a processor. An installation reckons
them once; here every run has a data folder of its own.
"""

from pathlib import Path

KEPT = Path(__file__).parents[1] / ".agora" / "tests"
"""A data folder of which runs share what is named after its content."""


def share(home: Path) -> None:
    """Have the data folder `home`, which is new, find and keep such vectors in the shared one."""
    (KEPT / "search").mkdir(parents=True, exist_ok=True)
    (home / "search").symlink_to(KEPT / "search", target_is_directory=True)
