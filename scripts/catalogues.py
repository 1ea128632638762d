"""Collects the texts to translate into `locales/`, and checks that every one is translated.

`--check` changes nothing and ends as failed when a catalogue lacks a text, has one that is fuzzy or
empty, or loses a place such as `%(name)s`. `--fill FILE` takes translations from a JSON file,
`{"ru": {"Sign in": "Войти"}}`, plural forms as a list. Messages of errors are found by the names of
the error classes, so that raising one is enough to have its message collected.
"""

import ast
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.i18n import LOCALES, SOURCE  # noqa: E402

FOLDERS = ("app", "agents", "state", "components")
KEYWORDS = ("_", "ngettext:1,2", "translate:2", "ntranslate:2,3", "N_")
PLACE = re.compile(r"%\(\w+\)[sd]")
PYBABEL = Path(sys.executable).parent / "pybabel"


def error_classes() -> list[str]:
    """The names of `AppError` and of every class that descends from it."""
    bases: dict[str, set[str]] = {}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    bases[node.name] = {ast.unparse(base).split(".")[-1] for base in node.bases}
    known = {"AppError"}
    while found := {name for name, above in bases.items() if above & known} - known:
        known |= found
    return sorted(known)


def extract(target: Path) -> None:
    """Write the texts of the sources to the template `target`."""
    words = [str(PYBABEL), "-q", "extract", "-F", "pyproject.toml", "--no-location"]
    words += ["--sort-output", "--no-default-keywords", "--project", "Agora"]
    for keyword in (*KEYWORDS, *(f"{name}:1" for name in error_classes())):
        words += ["-k", keyword]
    subprocess.run([*words, "-o", str(target), *FOLDERS], cwd=ROOT, check=True)


def catalogue(locale: str) -> Path:
    """Where the translations into `locale` stand."""
    return ROOT / "locales" / locale / "LC_MESSAGES" / "messages.po"


def fill(present: Catalog, translations: Mapping[str, str | list[str]]) -> None:
    """Put `translations` into the catalogue; a text that is not in it is a mistake."""
    for source, said in translations.items():
        message = present.get(source)
        if message is None:
            raise SystemExit(f"{present.locale}: the program does not say {source!r}")
        message.string = tuple(said) if isinstance(said, list) else said


def collect(template: Path, translations: Mapping[str, Mapping[str, str | list[str]]]) -> None:
    """Bring every catalogue to the texts of `template`, keeping what is translated.

    The header is kept as it stands: a date in it would make two people's changes conflict.
    """
    with template.open("rb") as file:
        wanted = read_po(file)
    for locale in translated_locales():
        path = catalogue(locale)
        head = ""
        if path.exists():
            with path.open("rb") as file:
                present = read_po(file, locale=locale)
            head = path.read_text("utf-8").partition("\n\n")[0] + "\n\n"
        else:
            present = Catalog(locale=locale, project="Agora")
        present.update(wanted, no_fuzzy_matching=True)
        present.obsolete.clear()
        fill(present, translations.get(locale, {}))
        written = io.BytesIO()
        write_po(written, present, width=0, omit_header=bool(head), sort_output=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head + written.getvalue().decode("utf-8").strip("\n") + "\n", "utf-8")


def translated_locales() -> list[str]:
    """The languages that need a catalogue; the source language is its own."""
    return [locale for locale in LOCALES if locale != SOURCE]


def problems(template: Path) -> list[str]:
    """What the catalogues lack, one line each."""
    with template.open("rb") as file:
        wanted = read_po(file)
    found: list[str] = []
    for locale in translated_locales():
        path = catalogue(locale)
        if not path.exists():
            found.append(f"{locale}: there is no catalogue")
            continue
        with path.open("rb") as file:
            present = read_po(file, locale=locale)
        found += [
            f"{locale}: {reason}: {message.id!r}"
            for message in wanted
            if message.id and (reason := lack(message, present))
        ]
    return found


def lack(message: Message, present: Catalog) -> str | None:
    """What is wrong with the translation of `message`; None when it is good."""
    translated = present.get(message.id)
    if translated is None:
        return "missing"
    forms = (
        translated.string if isinstance(translated.string, (tuple, list)) else [translated.string]
    )
    if translated.fuzzy or not all(forms):
        return "not translated"
    if isinstance(message.id, (tuple, list)) and len(forms) != present.num_plurals:
        return "not every plural form is translated"
    source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
    # A language may write "one" or "two" out instead of the number.
    free = {"%(count)s", "%(count)d"} if len(forms) > 1 else set[str]()
    wanted = set(PLACE.findall(source))
    if any((set(PLACE.findall(str(form))) ^ wanted) - free for form in forms):
        return "the places differ"
    return None


def main() -> int:
    """Collect, or check; return the exit status."""
    told = {}
    if "--fill" in sys.argv:
        told = json.loads(Path(sys.argv[sys.argv.index("--fill") + 1]).read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        if "--check" not in sys.argv[1:]:
            collect(template, told)
        found = problems(template)
    print("\n".join(found) if found else "Every text is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
