"""schema.org's own vocabulary, and what in a JSON-LD document does not keep to it."""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

KEPT = Path(__file__).parent / "fixtures" / "schema_org.json.gz"
"""Made by `scripts/vocabulary.py`; its licence stands beside it."""

CONTEXTS = ("https://schema.org",)
_INPUT = "-input"
"""Says of an action what value its property takes (https://schema.org/docs/actions.html)."""


@cache
def vocabulary() -> Mapping[str, Any]:
    """Types with their parents, properties with domains and ranges, what is superseded."""
    return json.loads(gzip.decompress(KEPT.read_bytes()))


@cache
def ancestors(kind: str) -> frozenset[str]:
    """The type itself and everything that it is."""
    found = {kind}
    for parent in vocabulary()["types"][kind]:
        found |= ancestors(parent)
    return frozenset(found)


def faults(document: Mapping[str, Any]) -> list[str]:
    """What in the document the vocabulary does not know or not allow there, in words."""
    if document.get("@context") not in CONTEXTS:
        return [f"the context {document.get('@context')!r}"]
    things = document.get("@graph", [document])
    return [fault for thing in things for fault in _of_thing(thing)]


def _of_thing(thing: Mapping[str, Any]) -> Iterator[str]:
    if set(thing) == {"@id"}:
        # A thing that is described elsewhere.
        return
    kind = thing.get("@type", "")
    if kind not in vocabulary()["types"] or "DataType" in ancestors(kind):
        yield f"the type {kind!r}"
        return
    if successor := vocabulary()["superseded"].get(kind):
        yield f"the type {kind}, which {successor} took the place of"
    for name, value in thing.items():
        if not name.startswith("@"):
            yield from _of_property(kind, name, value)


def _of_property(kind: str, name: str, value: Any) -> Iterator[str]:
    is_input = name.endswith(_INPUT) and "Action" in ancestors(kind)
    known = vocabulary()["properties"].get(name.removesuffix(_INPUT) if is_input else name)
    if known is None:
        yield f"the property {name!r} of {kind}"
        return
    if successor := vocabulary()["superseded"].get(name):
        yield f"the property {name} of {kind}, which {successor} took the place of"
    if not ancestors(kind).intersection(known["domains"]):
        yield f"{name} of {kind}: it belongs to {', '.join(known['domains'])}"
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    for one in values:
        if not isinstance(one, Mapping):
            if not is_input and not _is_literal_of(one, known["ranges"]):
                yield f"{name} of {kind}: {one!r} is none of {', '.join(known['ranges'])}"
            continue
        inner = cast("Mapping[str, Any]", one)
        yield from _of_thing(inner)
        named = inner.get("@type", "")
        if named in vocabulary()["types"] and not ancestors(named).intersection(known["ranges"]):
            yield f"{name} of {kind}: {named} is none of {', '.join(known['ranges'])}"


def _is_literal_of(value: object, ranges: list[str]) -> bool:
    """Whether one of the kinds may be written so; a thing may be told by its address alone."""
    kinds = {name for one in ranges for name in ancestors(one)}
    if isinstance(value, bool):
        return "Boolean" in kinds
    if isinstance(value, (int, float)):
        return bool(kinds & {"Number", "Quantity"})
    text = isinstance(value, str)
    if text and value.startswith(("https://", "http://")):
        return bool(set(ranges) - {"Number", "Boolean", "Date", "DateTime", "Time"})
    return text and bool(kinds & {"Text", "Date", "DateTime", "Time", "Number", "Quantity"})
