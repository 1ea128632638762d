"""Reduce schema.org's vocabulary to what the tests ask of it.

    python -m scripts.vocabulary schemaorg-current-https.jsonld 30.0

reads the file of that release (https://schema.org/docs/developers.html) and writes
`tests/fixtures/schema_org.json.gz`: the parents of each type, the domains and ranges of each
property, and what took the place of what.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MADE = ROOT / "tests" / "fixtures" / "schema_org.json.gz"
_PREFIX = "schema:"


def reduced(document: dict[str, Any], release: str) -> dict[str, Any]:
    """Types with their parents, properties with domains and ranges, and what is superseded."""
    types: dict[str, list[str]] = {}
    properties: dict[str, dict[str, list[str]]] = {}
    superseded: dict[str, str] = {}
    for node in document["@graph"]:
        name = str(node["@id"])
        if not name.startswith(_PREFIX):
            continue
        name = name.removeprefix(_PREFIX)
        kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
        if "rdf:Property" in kinds:
            properties[name] = {
                "domains": _names(node.get("schema:domainIncludes")),
                "ranges": _names(node.get("schema:rangeIncludes")),
            }
        elif "rdfs:Class" in kinds:
            # The kinds of literals are types of the vocabulary's own kind.
            literal = ["DataType"] if "schema:DataType" in kinds else []
            types[name] = _names(node.get("rdfs:subClassOf")) + literal
        if successor := _names(node.get("schema:supersededBy")):
            superseded[name] = successor[0]
    return {
        "release": release,
        "types": types,
        "properties": properties,
        "superseded": superseded,
    }


def _names(told: Any) -> list[str]:
    found = told if isinstance(told, list) else [told] if told else []
    names = [str(one["@id"]) for one in found]
    return sorted(name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))


def main() -> None:
    """Write the reduced vocabulary."""
    source, release = sys.argv[1:]
    told = reduced(json.loads(Path(source).read_text("utf-8")), release)
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    MADE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(
        f"{len(told['types'])} types, {len(told['properties'])} properties, {MADE.stat().st_size}"
    )


if __name__ == "__main__":
    main()
