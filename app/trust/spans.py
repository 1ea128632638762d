"""Where personal data stands in a text, and of which kind it is."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

PersonalKind = Literal["EMAIL", "PHONE", "CARD", "ACCOUNT", "ID", "PERSON", "ADDRESS", "LINK"]
"""`ACCOUNT` is of a bank, `ID` a tax number, a passport or another long number of somebody's;
`LINK` a web address that opens something for whoever has it."""
PERSONAL_KINDS: tuple[PersonalKind, ...] = get_args(PersonalKind)


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int
    kind: PersonalKind


def apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order, those that overlap as one, of the kind of the longest."""
    joined: list[tuple[int, Span]] = []
    for span in sorted(spans):
        length = span.end - span.start
        if joined and span.start < joined[-1][1].end:
            longest, last = joined[-1]
            kind = span.kind if length > longest else last.kind
            whole = Span(last.start, max(last.end, span.end), kind)
            joined[-1] = (max(longest, length), whole)
        else:
            joined.append((length, span))
    return [span for _, span in joined]
