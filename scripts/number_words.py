"""Makes agents/slots/numbers.json: how numbers are written in words, by the package num2words.

    uv pip install --target words num2words==0.5.14
    PYTHONPATH=words python -m scripts.number_words

num2words (LGPL) is needed for this alone: it writes numbers, and what it writes is what we read.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

INTO = Path(__file__).parent.parent / "agents" / "slots" / "numbers.json"
HUNDREDS = range(100, 1000, 100)
RUSSIAN = [{"case": case, "gender": gender} for case in "ngdpi" for gender in "mf"]


def main() -> None:
    """Write the file."""
    told = {locale: _words(locale) for locale in ("en", "ru", "de", "es", "fr", "ar")}
    INTO.write_text(json.dumps(told, ensure_ascii=False, sort_keys=True, indent=0) + "\n", "utf-8")


def _words(locale: str) -> dict[str, list[str]]:
    written = import_module("num2words").num2words
    # German writes all below a million as one word; elsewhere larger numbers are made of these.
    numbers = range(1000) if locale == "de" else [*range(100), *HUNDREDS]
    found: dict[str, list[str]] = {}
    for number in numbers:
        forms = {written(number, lang=locale, **form) for form in _forms(locale)}
        found[str(number)] = sorted(form.lower() for form in forms)
    return found


def _forms(locale: str) -> Iterator[dict[str, str]]:
    yield {}
    if locale == "ru":
        yield from RUSSIAN


if __name__ == "__main__":
    main()
