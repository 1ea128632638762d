"""Makes app/trust/names.json from the names in the package Faker (MIT).

    uv pip install --target faker faker==40.54.0 && PYTHONPATH=faker python -m scripts.names

Faker is needed for this alone. Names that are ordinary words too stand in `app/trust/names.py`.
"""

import importlib
import json
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parents[1] / "app" / "trust" / "names.json"
SOURCES = (
    "en_US",
    "en_GB",
    "ru_RU",
    "uk_UA",
    "de_DE",
    "es_ES",
    "fr_FR",
    "ar_AA",
    "tr_TR",
    "en_IN",
    "it_IT",
    "pl_PL",
    "pt_BR",
    "nl_NL",
    "cs_CZ",
    "az_AZ",
    "en_NZ",
    "es_MX",
    "fr_CA",
)
SHORTEST = 3


def main() -> None:
    """Write the names, each in lower case and once, by what they are and how they are written."""
    kept: dict[str, set[str]] = {"first": set(), "last": set()}
    for source in SOURCES:
        people: Any = importlib.import_module(f"faker.providers.person.{source}").Provider
        for kind, names in (("first", people.first_names), ("last", people.last_names)):
            for name in names:
                # "Rose-Marie" and "van Dam" are found by their parts.
                kept[kind] |= {
                    part
                    for part in str(name).casefold().replace("-", " ").split()
                    if len(part) >= SHORTEST and part.isalpha()
                }
    told = {kind: " ".join(sorted(names)) for kind, names in kept.items()}
    OUTPUT.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
