"""The hard facts of a text: numbers, currencies, days, addresses of mail, telephones, names.

They can be compared across languages: "Montag" and "понедельник" are the same day, "Ильдар" and
"Ildar" the same name.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from anyascii import anyascii
from babel import Locale

from app.i18n import LOCALES
from app.trust.contacts import contacts
from app.trust.names import names

ALIKE = 0.74
"""How alike two names must be to be one, written in two alphabets or in another case."""

_NUMBER = re.compile(r"\d+(?:[.,  '’]\d{3})*(?:[.,:]\d+)?")
_GROUP = re.compile(r"(?<=\d)[ .,  '’](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PAIR = re.compile(
    r"(?<=[^\W\d_.,;:!?][ ,])(?-i:[A-ZА-ЯЁ])[^\W\d_]{2,} (?-i:[A-ZА-ЯЁ])[^\W\d_]{2,}"
)
_CURRENCIES: Final = (
    ("EUR", r"€|\beur\b|euro|евро|يورو"),
    ("USD", r"\$|\busd\b|dollar|dólar|доллар|دولار"),
    ("GBP", r"£|\bgbp\b|\bpounds?\b|фунт"),
    ("RUB", r"₽|\brub\b|r[ou]u?bles?\b|rubel|rublo|руб|روبل"),
    ("KZT", r"₸|\bkzt\b|tenge|тенге"),
    ("AED", r"\baed\b|dirham|дирхам|درهم"),
    ("SAR", r"\bsar\b|riyal|риял|ريال"),
)
_COUNTED: Final = (
    "two zwei dos deux два две двух двум اثنان اثنين يومين ساعتين مرتين",
    "three drei tres trois три трёх трех трём ثلاثة ثلاث",
    "four vier cuatro quatre четыре четырёх четырех أربعة أربع",
    "five fünf cinco cinq пять пяти خمسة خمس",
    "six sechs seis шесть шести ستة ست",
    "seven sieben siete sept семь семи سبعة سبع",
    "eight acht ocho huit восемь восьми ثمانية ثماني",
    "nine neun nueve девять девяти تسعة تسع",
    "ten zehn diez dix десять десяти عشرة عشر",
    "eleven elf onze одиннадцать",
    "twelve zwölf doce douze двенадцать",
)
_FREE = re.compile(
    r"\b(?:free of charge|for free|free|gratis|kostenlos|umsonst|gratuit\w*|gratuita?|"
    r"бесплатн\w+|даром|مجان\w+|مجاني)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"guarante|warrant|garant|гаранти|ضمان|insured|versicher|asegurad|assuré|застрахован|مؤمن",
    re.IGNORECASE,
)
_ROUND_THE_CLOCK = re.compile(
    r"\b24/7|round the clock|24 hours a day|круглосуточ|rund um die uhr|las 24 horas|"
    r"24 heures sur 24|24h/24|على مدار الساعة",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"\b(?:I|I['’]\w+|[Mm]y|[Яя]|[Мм]не|[Мм]о[йяёеюи]|[Ii]ch|[Mm]eine?[rmn]?|[Yy]o|[Jj]e|[Mm]on|[Mm]es|"
    r"أنا)\b|\b[Jj]['’]"
)
_NOT = re.compile(
    r"\b(?:not|no|never|cannot|can['’]t|don['’]t|doesn['’]t|isn['’]t|won['’]t|nobody|none|"
    r"не(?! (?:поздн|мен|бол|толь|реж|ран|доль))|нет|нельзя|никогда|nicht(?! nur)|kein\w*|nie|"
    r"niemals|nunca|ningún|ninguna?|jamás|pas|jamais|aucune?|ولا|لا|ليس|لن|لم|غير)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Facts:
    """What can be compared of a text."""

    numbers: frozenset[str]
    marks: frozenset[str]
    """Currencies, days, months, promises (free, guaranteed, at all hours), speaking of oneself."""
    mails: frozenset[str]
    telephones: frozenset[str]
    names: tuple[str, ...]
    words: frozenset[str]
    """Every word in Latin letters."""

    def are_in(self, source: "Facts") -> bool:
        """Whether a source says all of them."""
        return (
            self.numbers <= source.numbers
            and self.marks <= source.marks
            and self.mails <= source.mails
            and self.telephones <= source.telephones
            and all(_is_among(name, source.words) for name in self.names)
        )


def facts_of(text: str) -> Facts:
    """The facts of a text."""
    text = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    found = list(contacts(text))
    mails = {text[at.start : at.end].casefold() for at in found if at.kind == "EMAIL"}
    telephones = {
        re.sub(r"\D", "", text[at.start : at.end])[-9:] for at in found if at.kind == "PHONE"
    }
    people = {
        word.casefold()
        for at in names(text)
        for word in _WORD.findall(text[at.start : at.end])
        if len(word) > 2
    }
    people |= {pair[0].split()[-1].casefold() for pair in _PAIR.finditer(text)}
    return Facts(
        numbers=frozenset(_numbers(text)),
        marks=frozenset(_marks(text)),
        mails=frozenset(mails),
        telephones=frozenset(telephones),
        names=tuple(sorted(_latin(name) for name in people)),
        words=frozenset(_latin(word) for word in _WORD.findall(text)),
    )


def denies(text: str) -> bool:
    """Whether a text says that something is not so."""
    return bool(_NOT.search(text))


def _numbers(text: str) -> set[str]:
    told: set[str] = set()
    for found in _NUMBER.findall(text):
        whole = _GROUP.sub("", found).replace(",", ".")
        told.add(re.sub(r"(?:[.:]0+|(?<=[.])0+)$", "", whole).lstrip("0") or "0")
    words = _words_of_numbers()
    told |= {words[word] for word in _WORD.findall(text.casefold()) if word in words}
    return told


def _marks(text: str) -> set[str]:
    lower = text.casefold()
    told = {code for code, pattern in _CURRENCIES if re.search(pattern, lower)}
    days = _days()
    for word in _WORD.findall(text):
        # "may" and "march" are ordinary words of English.
        if (day := days.get(word.casefold())) and word not in ("may", "march"):
            told.add(day)
    if _FREE.search(text) and not denies(text):
        told.add("free")
    if _ALWAYS.search(text):
        told.add("guaranteed")
    if _SELF.search(text):
        # A model that has done nothing must not say that it has.
        told.add("self")
    if _ROUND_THE_CLOCK.search(text):
        told.add("always")
    return told


@cache
def _words_of_numbers() -> dict[str, str]:
    return {
        word: str(number)
        for number, words in enumerate(_COUNTED, start=2)
        for word in words.split()
    }


@cache
def _days() -> dict[str, str]:
    told = {"среду": "day2", "пятницу": "day4", "субботу": "day5"}
    for code in LOCALES:
        locale = Locale.parse(code)
        for context in ("format", "stand-alone"):
            for number, name in locale.days[context]["wide"].items():
                told[name.casefold()] = f"day{number}"
                told[f"{name.casefold()}s"] = f"day{number}"
            for number, name in locale.months[context]["wide"].items():
                told[name.casefold()] = f"month{number}"
    return told


def _latin(word: str) -> str:
    return re.sub(r"[^a-z]", "", anyascii(word).lower())


def _is_among(name: str, words: frozenset[str]) -> bool:
    if len(name) < 3 or name in words:
        return True
    return any(
        abs(len(word) - len(name)) <= 3 and SequenceMatcher(None, name, word).ratio() >= ALIKE
        for word in words
    )
