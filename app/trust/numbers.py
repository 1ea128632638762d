"""Numbers that stand for somebody: cards, accounts, tax numbers, passports."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, Final

from app.trust.spans import Span

_RUN = re.compile(r"(?<!\w)(?:[A-Za-z]{0,6}\d[\dA-Za-z]{5,16}|\d{2,4}(?:[ -]\d{2,6}){2,5})(?!\w)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ \t -]?[A-Z0-9]{1,4}){3,9}(?!\w)", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ \t -]?\d){5,24}(?!\w)(?![.,]\d)")
_SNILS = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")
_PAPER = re.compile(
    r"(?:passport|driving licen[cs]e|identity card|id card|id number|national id|паспорт\w*|"
    r"водительск\w+|удостоверени\w+|снилс|инн|полис\w*|reisepass\w*|personalausweis\w*|"
    r"ausweis\w*|steuer-?id\w*|führerschein\w*|pasaporte|dni|nie|permiso de conducir|passeport|"
    r"carte d.identité|permis de conduire|numéro fiscal|sécurité sociale|social security|ssn|"
    r"tax (?:id|number)|جواز\w*(?: السفر)?|الهوية|بطاقة\w*|الرقم القومي|الإقامة)"
    r"(?P<between>[^\d\n]{0,24}?)"
    r"(?P<number>(?-i:[A-Z]{1,3} ?)?\d[\dA-Z]{4,14}|\d{2,6}(?:[ -]\d{2,8}){1,5})(?!\w)",
    re.IGNORECASE,
)
_RUSSIAN_PASSPORT = re.compile(r"(?<![\w.])\d{2} ?\d{2} (?:№ ?)?\d{6}(?!\w)")
_TOKEN = re.compile(r"(?<!\w)(?:eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?:sk|pk|ghp|xox[bp])[-_][\w-]{16,})")
_FOURS = re.compile(r"\d{4}(?:[ -]\d{4}){3}")
"""Written as cards are; who mistypes one has shown most of it."""
_LONG = 9
"""A number of so many digits without a gap stands for something of somebody's."""

_PAPERS: Final = tuple(
    ("ru.inn es.nif es.nie es.dni fr.nir de.idnr it.codicefiscale pl.pesel tr.tckimlik").split()  # noqa: SIM905
)


def numbers(text: str) -> Iterator[Span]:
    """Numbers of cards, accounts, papers and whatever else is long."""
    for found in _IBAN.finditer(text):
        said = found[0]
        # The words that follow may look like more of it.
        while len(said) > 14 and not _valid("iban", said):
            said = re.sub(r"[ \t -]*[^ \t -]+$", "", said)
        if len(said) > 14:
            yield Span(found.start(), found.start() + len(said), "ACCOUNT")
    for found in _PAPER.finditer(text):
        yield Span(*found.span("number"), "ID")
    for pattern in (_SNILS, _SSN, _NINO, _RUSSIAN_PASSPORT, _TOKEN):
        for found in pattern.finditer(text):
            yield Span(*found.span(), "ID")
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if 13 <= len(digits) <= 19 and (_valid("luhn", digits) or _FOURS.fullmatch(found[0])):
            yield Span(*found.span(), "CARD")
        elif found[0].isdigit() and len(digits) >= _LONG:
            yield Span(*found.span(), "ID")
    for found in _RUN.finditer(text):
        if any(_valid(paper, found[0]) for paper in _PAPERS) and _is_no_price(found[0]):
            yield Span(*found.span(), "ID")


def _is_no_price(said: str) -> bool:
    # 1 200 000 000 could be a tax number; nobody writes those in threes.
    return not re.fullmatch(r"\d{1,3}(?:[  ]\d{3})+", said)


def _valid(kind: str, said: str) -> bool:
    return _check(kind)(said)


@cache
def _check(kind: str) -> Callable[[str], bool]:
    module: Any = import_module(f"stdnum.{kind}")
    return module.is_valid
