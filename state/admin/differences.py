"""What two people made of the same thing, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """A field that somebody else saved (`theirs`) and this person wants otherwise (`mine`)."""

    name: str
    theirs: str
    mine: str


def differences(
    names: Mapping[str, str], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Difference]:
    """The fields that differ; `names` says what a reader calls each."""
    return [
        Difference(name, _plain(theirs.get(key)), _plain(mine.get(key)))
        for key, name in names.items()
        if _plain(theirs.get(key)) != _plain(mine.get(key))
    ]


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(sorted(str(each) for each in value))
    return "" if value is None else str(value)
