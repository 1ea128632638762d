"""Which things stand in which file of a sitemap.

The first bits of a thing's id, which is random, say in which file it stands: file 5 of depth 3
holds the things whose ids begin with 101. So the address of a file says all that has to be known to
write it, in every process alike and without counting; things that come and go elsewhere change
nothing in it; and only a section that outgrows its depth has its files divided, each in two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

DEEPEST = 12
"""Bits that count at most: 4,096 files a section."""
MOST_ADDRESSES = 50_000
MOST_BYTES = 50 * 1024 * 1024
"""What the protocol (sitemaps.org) allows a file, unpacked."""
FILLED = 0.8
"""How full a file is planned, so that there is room for what comes before the next plan."""

_NAME = re.compile(r"([a-z]+)-(0|[1-9][0-9]?)-(0|[1-9][0-9]{0,3})")


@dataclass(frozen=True)
class Part:
    """What is known of the things of a section whose ids begin with the same bits.

    `number` is made of these bits, `DEEPEST` of them where a part is counted. `longest` is the
    length of their longest path, `digest` changes when anything of them does.
    """

    number: int
    addresses: int
    longest: int
    changed: datetime | None = None
    digest: int = 0


@dataclass(frozen=True)
class Span:
    """One file of a section: the things whose ids begin with the `depth` bits of `number`."""

    section: str
    depth: int
    number: int

    @classmethod
    def named(cls, name: str) -> Span | None:
        """The file of this name (`listings-3-5`), None where no file can have it."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        section, depth, number = match[1], int(match[2]), int(match[3])
        return cls(section, depth, number) if depth <= DEEPEST and number < 1 << depth else None

    @property
    def name(self) -> str:
        """How the file is called."""
        return f"{self.section}-{self.depth}-{self.number}"

    @property
    def first(self) -> UUID:
        """The lowest id of a thing in the file."""
        return UUID(int=self.number << (128 - self.depth))

    @property
    def last(self) -> UUID:
        """The highest id of a thing in the file."""
        return UUID(int=((self.number + 1) << (128 - self.depth)) - 1)


def planned(section: str, parts: Sequence[Part], weight: Callable[[int], int]) -> dict[Span, Part]:
    """The files of a section, as few as hold all of it; files of nothing are left out.

    `weight` says how many bytes an address takes at most where the longest path has that length.
    """

    def fits(part: Part) -> bool:
        heavy = part.addresses * weight(part.longest)
        return part.addresses <= MOST_ADDRESSES * FILLED and heavy <= MOST_BYTES * FILLED

    depth, files = DEEPEST, list(parts)
    while depth:
        joined = _halved(files)
        if not all(fits(part) for part in joined):
            break
        depth, files = depth - 1, joined
    return {Span(section, depth, part.number): part for part in files}


def counted(things: Iterable[tuple[UUID, Part]]) -> list[Part]:
    """Parts of things that are told one by one, in the order of their bits; numbers are ignored."""
    found: dict[int, Part] = {}
    for identity, part in things:
        number = identity.int >> (128 - DEEPEST)
        found[number] = _joined(number, found[number], part) if number in found else part
    return [_joined(number, found[number]) for number in sorted(found)]


def place_of(path: str) -> UUID:
    """An id for what has a page and no row: the same for a path everywhere, and well spread."""
    return uuid5(NAMESPACE_URL, path)


def _halved(parts: Sequence[Part]) -> list[Part]:
    """The files of half the number, each of two neighbours."""
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part.number >> 1, []).append(part)
    return [_joined(number, *of_it) for number, of_it in sorted(found.items())]


def _joined(number: int, *parts: Part) -> Part:
    digest = 0
    for part in parts:
        digest ^= part.digest
    return Part(
        number=number,
        addresses=sum(part.addresses for part in parts),
        longest=max(part.longest for part in parts),
        changed=max((part.changed for part in parts if part.changed), default=None),
        digest=digest,
    )
