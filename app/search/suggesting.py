"""What somebody who has typed some letters may be about to look for.

Only what the market has: its categories by name or by the words people use for them, needs that
they answer, and providers. Nothing is embedded, for each letter asks anew.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from sqlalchemy import func, or_
from sqlmodel import col, select

from app.catalogue.cards import CategoryCount, provider_path
from app.catalogue.models import Provider
from app.catalogue.publishing import showing
from app.catalogue.reading import counted_categories
from app.catalogue.taxonomy import category
from app.database import TenantSession
from app.search.needs import needs

FEWEST_LETTERS = 2
LONGEST = 80
CATEGORIES, NEEDS, PROVIDERS = 4, 3, 2
"""How many of each are suggested at most."""


@dataclass(frozen=True)
class Suggestion:
    """A line to choose: what it says, what it belongs to (or empty), and the path it leads to."""

    kind: Literal["category", "need", "provider"]
    text: str
    note: str
    url: str


async def suggestions(session: TenantSession, typed: str, locale: str) -> list[Suggestion]:
    """Lines for letters typed by a reader of `locale`: categories, then needs, then providers."""
    words = _plain(typed[:LONGEST]).split()
    if len("".join(words)) < FEWEST_LETTERS:
        return []
    offered = await counted_categories(session, locale)
    return [
        *_categories(offered, words, locale),
        *_needs(offered, words, locale),
        *await _providers(session, typed, locale),
    ]


def _categories(offered: list[CategoryCount], words: list[str], locale: str) -> list[Suggestion]:
    found: list[tuple[int, CategoryCount]] = []
    for one in offered:
        kind = category(one.key)
        terms = kind.terms.get(locale, ()) if kind else ()
        called = [one.name, *terms]
        ranks = [place > 0 for place, name in enumerate(called) if _begins(words, name)]
        if ranks:
            found.append((ranks[0], one))
    # Those that are called so come before those that are only meant; each by how much there is.
    found.sort(key=lambda each: each[0])
    return [Suggestion("category", one.name, "", one.url) for _, one in found[:CATEGORIES]]


def _needs(offered: list[CategoryCount], words: list[str], locale: str) -> list[Suggestion]:
    found: list[Suggestion] = []
    for one in offered:
        for phrase in needs().get(one.key, {}).get(locale, ()):
            if _begins(words, phrase):
                url = f"/{locale}/search?q={quote(phrase)}"
                found.append(Suggestion("need", phrase, one.name, url))
                break
    return found[:NEEDS]


async def _providers(session: TenantSession, typed: str, locale: str) -> list[Suggestion]:
    said = " ".join(typed.replace("\0", " ").split())[:LONGEST].lower()
    like = said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    name = func.lower(Provider.name)
    found = await session.exec(
        select(Provider.name, Provider.slug)
        .where(or_(name.like(f"{like}%"), name.like(f"% {like}%")), showing())
        .order_by(func.length(Provider.name), col(Provider.slug))
        .limit(PROVIDERS)
    )
    return [
        Suggestion("provider", called, "", provider_path(locale, slug)) for called, slug in found
    ]


def _begins(words: list[str], text: str) -> bool:
    """Whether every one of `words` begins a word of `text`, in any order."""
    there = _plain(text).split()
    return all(any(word.startswith(typed) for word in there) for typed in words)


def _plain(text: str) -> str:
    """Lower-case letters without accents and vowel signs, which few people type."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    letters = (sign if sign.isalnum() else " " for sign in parts if not unicodedata.combining(sign))
    return "".join(letters)
