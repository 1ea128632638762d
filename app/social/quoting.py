"""What somebody wrote elsewhere, as it may stand beside what the market says itself."""

import re

from app.trust.links import plain
from app.trust.wrapping import as_data

LONGEST = 160


def quoted(text: str, longest: int = LONGEST) -> str:
    """One line without links, markup, turns of a chat and hidden signs; cut if it is too long."""
    line = " ".join(plain(as_data(text), ()).split())
    # A number in brackets would look like a source of the market's own.
    line = re.sub(r"\[(\d+)\]", r"(\1)", line)
    if len(line) <= longest:
        return line or "…"
    return line[:longest].rsplit(" ", 1)[0] + "…"
