"""JSON-LD as text that is safe inside a script element."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_ld(*things: Mapping[str, Any]) -> str:
    """Describe `things` (schema.org objects without `@context`) in one JSON-LD document.

    Keys with None or an empty value are left out. The result holds no `<`, so no text in it can
    end the script element that it stands in.
    """
    if not things:
        return ""
    graph = [_filled(thing) for thing in things]
    document = graph[0] if len(graph) == 1 else {"@graph": graph}
    text = json.dumps({"@context": "https://schema.org", **document}, ensure_ascii=False)
    return text.translate(_ESCAPED)


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value).items()
        filled = {key: _filled(inner) for key, inner in pairs}
        return {key: inner for key, inner in filled.items() if inner not in (None, "", [], {})}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_filled(inner) for inner in cast("Sequence[Any]", value)]
    return value
