"""The page of events says of each what its model says."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.outbox.envelopes import Envelope
from app.outbox.kinds import KINDS, Payload

PAGE = (Path(__file__).parents[3] / "docs" / "events.md").read_text()


def written(schema: dict[str, Any]) -> str:
    """The type of a field as the page names it."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(written(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema["type"] == "array":
        return f"list of {written(schema['items'])}"
    return schema.get("format", schema["type"])


def section(name: str) -> str:
    found = re.search(rf"^### `{re.escape(name)}`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"describe {name}"
    return found[1]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_each_event_is_described_with_its_fields(kind: type[Payload]):
    text = section(kind.NAME)
    assert (kind.__doc__ or "").strip() in text
    assert f"Its subject `{kind.OF}/ID`." in text
    schema = kind.model_json_schema(mode="serialization")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (yes|no) \|", text, re.MULTILINE)
    required = kind.model_json_schema(mode="validation").get("required", ())
    assert rows == [
        (name, written(told), "yes" if name in required else "no")
        for name, told in schema["properties"].items()
    ]


def test_nothing_is_described_that_does_not_happen():
    assert set(re.findall(r"^### `([\w.]+)`$", PAGE, re.MULTILINE)) == set(KINDS)


def test_every_attribute_of_the_envelope_is_described():
    for name in Envelope.model_fields:
        assert f"| `{name}` |" in PAGE, name
