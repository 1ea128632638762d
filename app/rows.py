"""Reading files of rows, JSON Lines or CSV, with every bad row told by its line and reason."""

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Generic, NoReturn, TypeVar, cast

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from app.errors import AppError

MAX_ROW_BYTES = 1_000_000
MAX_PROBLEMS = 1_000
"""More than these are counted and not kept: a wrong file must not fill the memory."""

LISTS = re.compile(r"[|;,]")
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Input = TypeVar("Input", bound="RowInput")


class UnreadableFile(AppError):
    """The file as a whole cannot be read as rows."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with the row that begins on `line`, counted from 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class Row(Generic[Input]):
    """A good row and the line on which it begins."""

    line: int
    value: Input


@dataclass(frozen=True)
class Checked:
    """A file read through: how many rows are good, how many bad, and the first problems."""

    good: int
    bad: int
    problems: tuple[Problem, ...]


class RowInput(BaseModel):
    """What a row must be; a field that nobody knows is a mistake, not a thing to ignore."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    def key(self) -> str:
        """What must be unique in a file."""
        raise NotImplementedError


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL character")
    return text


@lru_cache(maxsize=1024)
def locale_code(code: str) -> str:
    """The code as it is kept (`en`, `pt-BR`); raises `ValueError` where Babel knows none."""
    try:
        return str(Locale.parse(code.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ValueError(f"{code!r} is not a language code") from error


def _by_locale(texts: dict[str, str]) -> dict[str, str]:
    kept = {locale_code(code): text for code, text in texts.items()}
    if len(kept) < len(texts):
        raise ValueError("the same language twice")
    if not kept:
        raise ValueError("a text in at least one language is needed")
    return kept


def _line_of(most: int) -> Any:
    return StringConstraints(min_length=1, max_length=most)


Short = Annotated[str, _line_of(200), AfterValidator(_storable)]
Long = Annotated[str, _line_of(100_000), AfterValidator(_storable)]
LocaleCode = Annotated[str, AfterValidator(locale_code)]
Titles = Annotated[dict[str, Short], AfterValidator(_by_locale)]
Texts = Annotated[dict[str, Long], AfterValidator(_by_locale)]


def read_rows(
    path: Path, model: type[Input], lists: frozenset[str] = frozenset()
) -> Iterator[Row[Input] | Problem]:
    """Every row of a `.csv` or JSON Lines file in order, each good or a problem.

    `lists` names the columns of a CSV file that hold several values. Memory stays small however
    large the file is. Raises `UnreadableFile` where no row can be told from another.
    """
    seen: dict[str, int] = {}
    numbered = _csv_rows(path, lists) if path.suffix.lower() == ".csv" else _json_rows(path)
    for line, found in numbered:
        if isinstance(found, str):
            yield Problem(line, found)
            continue
        try:
            value = model.model_validate(found)
        except ValidationError as error:
            yield Problem(line, reason_of(error))
            continue
        first = seen.setdefault(value.key(), line)
        if first != line:
            yield Problem(line, f"{value.key()!r} stands on line {first} already")
            continue
        yield Row(line, value)


def check(rows: Iterator[Row[Input] | Problem], progress: Callable[[int], None]) -> Checked:
    """Read all rows for their problems; `progress` is told the number of rows so far."""
    good = bad = 0
    problems: list[Problem] = []
    for row in rows:
        if isinstance(row, Problem):
            bad += 1
            if len(problems) < MAX_PROBLEMS:
                problems.append(row)
        else:
            good += 1
        progress(good + bad)
    return Checked(good, bad, tuple(problems))


def reason_of(error: ValidationError) -> str:
    """What is wrong with a row, in one line."""
    return "; ".join(_reason(each) for each in error.errors()[:8])


def _reason(error: ErrorDetails) -> str:
    where = ".".join(str(part) for part in error["loc"] if part != "[key]")
    said = error["msg"].removeprefix("Value error, ")
    if error["type"] == "string_unicode":
        said = "not UTF-8 text"
    return f"{where}: {said}" if where else said


def _refuse_wide(start: bytes) -> None:
    if start.startswith(WIDE_MARKS):
        raise UnreadableFile("The file is in UTF-16; save it as UTF-8.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with path.open("rb") as file:
        _refuse_wide(file.peek(4))
        number = 0
        while raw := file.readline(MAX_ROW_BYTES + 1):
            number += 1
            if len(raw) > MAX_ROW_BYTES:
                while raw and not raw.endswith(b"\n"):
                    raw = file.readline(MAX_ROW_BYTES)
                yield number, f"the row is longer than {MAX_ROW_BYTES:,} bytes"
                continue
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            if raw.strip():
                yield number, _object(raw)


def _object(raw: bytes) -> dict[str, Any] | str:
    try:
        found: Any = json.loads(
            raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        return "not UTF-8 text"
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    return cast("dict[str, Any]", found) if isinstance(found, dict) else "not a JSON object"


def _csv_rows(path: Path, lists: frozenset[str]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with path.open("rb") as start:
        head = start.readline(MAX_ROW_BYTES)
    _refuse_wide(head)
    # Spreadsheets in half of Europe write semicolons where others write commas.
    delimiter = max(",;\t", key=head.decode("utf-8", "replace").count)
    # Bytes that are no UTF-8 become lone surrogates, which the model names as a row's problem.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            columns = [name.strip() for name in next(reader, list[str]())]
            if len(set(columns)) < len(columns):
                raise UnreadableFile("Two columns have the same name.")
            before = reader.line_num
            for cells in reader:
                line, before = before + 1, reader.line_num
                if any(cell.strip() for cell in cells):
                    yield line, _unflattened(columns, cells, lists)
        except csv.Error as error:
            yield reader.line_num, f"not CSV, and nothing after it can be read: {error}"


def _unflattened(
    columns: list[str], cells: list[str], lists: frozenset[str]
) -> dict[str, Any] | str:
    if len(cells) > len(columns):
        return f"{len(cells)} cells, but the first line names {len(columns)} columns"
    found: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        # An empty cell is a field that is not there.
        if not cell.strip():
            continue
        outer, _, inner = column.partition(".")
        if inner:
            nested = found.setdefault(outer, {})
            if not isinstance(nested, dict):
                return f"the columns {outer} and {column} contradict each other"
            nested[inner] = cell
        elif column in lists:
            found[column] = [part.strip() for part in LISTS.split(cell) if part.strip()]
        else:
            found[column] = cell
    return found
