"""Names of people, by how they are introduced, by lists of names, and by how they are formed.

A name that is in no list, is not introduced and stands alone is not found: docs/trust.md says how
many of a written set are.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from app.trust.spans import Span

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_NEAR = re.compile(r"[ \t  ]{1,2}")

_INTRODUCED = re.compile(
    r"(?:my (?:full )?name is|my name['’]s|(?:call|ask for|speak to|contact) (?:me )?(?=[A-Z])|"
    r"(?:he|she|who) is called|on behalf of|booked (?:by|for) (?=[A-Z])|"
    r"меня зовут|мо[её] имя|мо[яю] фамили[яю]|зовут|по имени|на имя|от имени|спросите|"
    r"ich hei(?:ß|ss)e|mein name ist|auf den namen|im namen von|"
    r"me llamo|mi nombre es|se llama|a nombre de|de parte de|"
    r"je m['’]appelle|mon nom est|je me nomme|s['’]appelle|au nom de|de la part de|"
    r"(?:أنا )?اسمي|إسمي|اسمه|اسمها|باسم|أدعى)\s*:?\s+",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?<!\w)(?:(?:[Mm]r|[Mm]rs|[Mm]s|[Dd]r|[Pp]rof|[Ss]r|[Ss]ra|[Ss]rta|Mme|Mlle|M)\.?|"
    r"[Mm]ister|[Hh]err[n]?|[Ff]rau|[Ss]eñora?|[Dd]oña|[Dd]on|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|"
    r"[Гг]осподин\w*|[Гг]оспож\w+|[Гг]-н\w?|[Гг]-ж\w|[Гг]р\.|[Дд]-р|[Дд]октор\w*|[Мм]астер\w*|"
    r"[Tt]ante|[Оо]нкел|[Тт]ёт[яеу]|[Тт]ет[яеу]|[Дд]яд[яеию]|"
    r"السيدة|السيد|الدكتورة|الدكتور|الأستاذة|الأستاذ|المهندسة|المهندس|الحاج|الشيخ|أبو|أم)"
    r"[ \t  ]+"
)
_PATRONYMIC = re.compile(
    r"\w{2,}(?:[оеё]вич|ьич|мич|нич|[оеё]вн|ичн|иничн)(?:[аеуы]|ем|ой|ою|ам|и)?"
)
_SURNAME = re.compile(
    r"\w{2,}(?:[оеё]в|[иы]н)(?:а|у|ым|ом|е|ой|ою|ых|ы)?"
    r"|\w{2,}(?:енко|чук|швили|дзе|оглы|кызы|ян)(?:а|у|ом|е)?"
)
_ADJECTIVE = re.compile(r"\w{2,}[сц]к(?:ий|ого|ому|им|ом|ая|ой|ую|их)")
"""Surnames in -ский, which are streets and museums where they stand alone."""
_INITIAL = r"[^\W\d_]\."
_INITIALS = re.compile(
    rf"(?<!\w)(?:{_INITIAL}\s?){{1,2}}[^\W\d_a-zа-яё]\w+|"
    rf"(?<!\w)[^\W\d_a-zа-яё]\w+\s(?:{_INITIAL}\s?){{2}}"
)
_ENDINGS: Final = tuple("ами ями ой ей ою ом ем ам ах а я у ю е ы и".split())  # noqa: SIM905
_CITIES: Final = frozenset(
    (  # noqa: SIM905
        "саратов псков ростов тамбов киев харьков львов азов берлин дублин пекин тверской "
        "московский казанский невский арбатский баку владимир магадан тегеран кремлин серпухов "
        "чехов пушкин лондон вашингтон бостон магазин берлина ростова саратова российский русский "
        "английский немецкий французский испанский арабский татарский красный советский"
    ).split()
)
_ALSO_WORDS: Final = frozenset(
    (  # noqa: SIM905
        "mark rose grace bill dean hunter june april august summer autumn max chase faith joy "
        "dawn ray frank guy don sue gene jack jean iris daisy amber crystal jade jasmine victoria "
        "vera roman mercedes carmen dolores pilar luz mar sol rosa clara blanca consuelo angel "
        "jesus santos nieves paz will art hope may rich page king young long short brown black "
        "white green hill wood stone field price day night can one mein der die das und ein eine "
        "les des une pour вера надежда любовь роман лев майя мир мила слава роза лилия рада света "
        "злата мая ада алиса яна воля свет добрыня ермолай the are for you see car van lee her "
        "his him out ali star rain sky lake bay glen dale chelsea austin dallas paris london "
        "florence sydney madison jordan israel georgia virginia carolina kent lincoln denver "
        "hamilton wels stern bach wolf sein kein klein gross alt neu jung lang kurz winter sommer "
        "frank berg wald feld stein adele alba aurora estrella gloria victor vida amor sara "
        "marina salvador domingo reyes france pierre blanche olive prune"
    ).split()
)
_MORE: Final = frozenset(
    (  # noqa: SIM905
        "айдар айгуль алсу гульнара ильдар ильнур рустам рамиль равиль фарид динара лейла тимур "
        "камиля марат ринат булат азат ильшат зульфия резеда наиля рифат эльвира айрат данис "
        "фанис раиль салават гузель лилия саша маша миша коля оля катя наташа таня лена дима вова "
        "серёжа сережа юля аня женя паша лёша леша ваня петя гриша костя настя ира галя люда толя "
        "витя маруся даша ксюша соня полина алёна алена артём артем семён семен фёдор федор "
        "алексей наталья наталия татьяна елена ольга ирина светлана екатерина юлия анастасия "
        "мария дарья priya raj ahmed mohammed muhammad fatima aisha omar yusuf ivan dmitry sergey "
        "olga natasha svetlana tatiana rustam aygul liam noah olivia aarav chen wei li ming "
        "nguyen أحمد محمد محمود علي فاطمة عائشة مريم خديجة يوسف إبراهيم عمر خالد حسن حسين ليلى "
        "زينب عبدالله عبدالرحمن مصطفى"
    ).split()
)
_SHORTEST = 3
_MOST = 3
"""Words of a name at most."""


def names(text: str) -> Iterator[Span]:
    """Names of people in a text."""
    words = list(_WORD.finditer(text))
    starts = {word.start(): place for place, word in enumerate(words)}
    for pattern, sure in ((_INTRODUCED, True), (_TITLED, False)):
        for found in pattern.finditer(text):
            place = starts.get(found.end())
            if place is not None and len(words[place][0]) >= _SHORTEST:
                yield from _run(text, words, place, first_is_sure=sure)
    for found in _INITIALS.finditer(text):
        yield Span(*found.span(), "PERSON")
    for place, word in enumerate(words):
        if _is_name(text, words, place):
            yield from _run(text, words, place, first_is_sure=True)
        elif _is_capital(word[0]) and _is_formed(word[0], alone=True):
            # A sentence begins with a capital whatever the word is.
            if _begins(text, word.start()):
                continue
            yield Span(word.start(), _end(word), "PERSON")


def _is_name(text: str, words: list[re.Match[str]], place: int) -> bool:
    word = words[place][0]
    plain = _plain(word)
    following = words[place + 1][0] if _are_near(text, words, place) else ""
    if _is_arabic(plain):
        # Most are ordinary words too, so that two of them must stand together.
        return _is_first(plain) and _is_first(_plain(following))
    if _PATRONYMIC.fullmatch(plain):
        return True
    if not _is_first(plain):
        return False
    if plain in _ALSO_WORDS or not _is_capital(word):
        return bool(following) and _goes_on(word, following)
    return True


def _goes_on(word: str, following: str) -> bool:
    """Whether `following` makes a name of a word that could be another."""
    plain = _plain(following)
    if _is_capital(word) != _is_capital(following):
        return False
    if not _is_capital(word) and plain in _ALSO_WORDS:
        return False
    return (
        plain in _lists()["last"]
        or bool(_PATRONYMIC.fullmatch(plain))
        or (_is_first(plain) and plain not in _ALSO_WORDS)
        or (_is_cyrillic(plain) and _is_formed(following))
    )


def _run(
    text: str, words: list[re.Match[str]], place: int, *, first_is_sure: bool
) -> Iterator[Span]:
    """The name that begins at a word, with what belongs to it before and after."""
    first, last = place, place
    if not first_is_sure and not (_is_capital(words[place][0]) or _is_arabic(words[place][0])):
        return
    while last + 1 < len(words) and last - first + 1 < _MOST and _belongs(text, words, last):
        last += 1
    before = place - 1
    if before >= 0 and _are_near(text, words, before):
        word = words[before][0]
        if _is_capital(word) and (
            (_plain(word) in _lists()["last"] and not _begins(text, words[before].start()))
            or (_is_cyrillic(word) and _is_formed(word))
        ):
            first = before
    yield Span(words[first].start(), _end(words[last]), "PERSON")


def _belongs(text: str, words: list[re.Match[str]], last: int) -> bool:
    """Whether the word after `last` is of the same name."""
    if not _are_near(text, words, last):
        return False
    word, following = words[last][0], words[last + 1][0]
    plain = _plain(following)
    if _is_arabic(plain):
        return _is_first(plain) or plain in _lists()["last"]
    if _is_capital(following) and not following.isupper():
        return True
    known = plain in _lists()["last"] or bool(_PATRONYMIC.fullmatch(plain)) or _is_formed(plain)
    return not _is_capital(word) and known and plain not in _ALSO_WORDS


def _are_near(text: str, words: list[re.Match[str]], place: int) -> bool:
    if place + 1 >= len(words) or words[place][0].endswith("."):
        return False
    between = text[words[place].end() : words[place + 1].start()]
    return bool(_NEAR.fullmatch(between))


def _is_first(plain: str) -> bool:
    known = _lists()["first"]
    if plain in known or ("-" in plain and plain.split("-", maxsplit=1)[0] in known):
        return True
    if _is_arabic(plain):
        return len(plain) > 4 and plain[0] in "ولب" and plain[1:] in known
    if not _is_cyrillic(plain) or len(plain) < 4:
        return False
    for ending in _ENDINGS:
        if plain.endswith(ending):
            stem = plain.removesuffix(ending)
            if len(stem) >= 3 and any(stem + own in known for own in ("", "а", "я", "й", "ь")):
                return True
    return False


def _is_formed(word: str, *, alone: bool = False) -> bool:
    """Whether a Cyrillic word is formed as surnames are."""
    plain = _plain(word)
    if len(plain) < 5 or plain in _CITIES or plain[:-1] in _CITIES or plain[:-2] in _CITIES:
        return False
    return bool(_SURNAME.fullmatch(plain) or (not alone and _ADJECTIVE.fullmatch(plain)))


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins here, where any word has a capital."""
    before = text[:start].rstrip(" \t\"'«“„(–—-•")
    return not before or before[-1] in ".!?…:\n؟>"


def _end(word: re.Match[str]) -> int:
    return word.end() - word[0].endswith(".")


def _plain(word: str) -> str:
    return word.rstrip(".").casefold()


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _is_cyrillic(word: str) -> bool:
    return "а" <= word[:1].casefold() <= "ё"


def _is_arabic(word: str) -> bool:
    return "ء" <= word[:1] <= "ي"


@cache
def _lists() -> dict[str, frozenset[str]]:
    told = json.loads((Path(__file__).parent / "names.json").read_text("utf-8"))
    kept = {kind: frozenset(str(names).split()) for kind, names in told.items()}
    return kept | {"first": kept["first"] | _MORE}
