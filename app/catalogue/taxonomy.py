"""The kinds of service that exist: OpenStreetMap's names for them, and some of our own.

`taxonomy.json` is made by `scripts/taxonomy.py` from OpenStreetMap's tagging schema;
`taxonomy_extra.json` is written by us: kinds that map data does not know (a tutor has no shop
window) under `service/...`, and names that read better on a page than on a map.
"""

import dataclasses
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import NotRequired, TypedDict, cast

FALLBACK_LOCALE = "en"


class _Kind(TypedDict):
    key: str
    icon: NotRequired[str]
    names: dict[str, str]
    terms: dict[str, list[str]]


class _Extra(TypedDict):
    kinds: list[_Kind]
    better_names: dict[str, dict[str, str]]


@dataclasses.dataclass(frozen=True)
class Category:
    """A kind of service, such as `craft/plumber`.

    `names` has one name per locale (English always), `terms` the other words people use for it.
    `slug` is the key as it stands in a path; `group` is what comes before the first slash.
    """

    key: str
    slug: str
    group: str
    icon: str
    names: Mapping[str, str]
    terms: Mapping[str, tuple[str, ...]]

    def name_in(self, locale: str) -> str:
        """The name in `locale`, in English where nobody has translated it."""
        return self.names.get(locale) or self.names[FALLBACK_LOCALE]


def category(key: str) -> Category | None:
    """The category with this key, None where there is none."""
    return _by_key().get(key)


def category_of_slug(slug: str) -> Category | None:
    """The category whose page has this slug, None where there is none."""
    return _by_slug().get(slug)


def categories() -> tuple[Category, ...]:
    """Every category, ordered by key."""
    return tuple(_by_key().values())


@cache
def _by_key() -> Mapping[str, Category]:
    folder = resources.files("app.catalogue")
    kinds = cast("list[_Kind]", json.loads((folder / "taxonomy.json").read_text("utf-8")))
    extra = cast("_Extra", json.loads((folder / "taxonomy_extra.json").read_text("utf-8")))
    better = extra["better_names"]
    found = {
        kind["key"]: _category(kind, better.get(kind["key"], {})) for kind in kinds + extra["kinds"]
    }
    return MappingProxyType(dict(sorted(found.items())))


@cache
def _by_slug() -> Mapping[str, Category]:
    return MappingProxyType({kind.slug: kind for kind in categories()})


def _category(kind: _Kind, better_names: dict[str, str]) -> Category:
    key = kind["key"]
    terms = {locale: list(words) for locale, words in kind["terms"].items()}
    for locale, name in better_names.items():
        # The name that was replaced is still a word by which people search.
        replaced = kind["names"].get(locale)
        if replaced and replaced != name:
            terms.setdefault(locale, []).append(replaced)
    return Category(
        key=key,
        slug=key.replace("/", "-"),
        group=key.partition("/")[0],
        icon=kind.get("icon", ""),
        names=MappingProxyType(kind["names"] | better_names),
        terms=MappingProxyType({locale: tuple(words) for locale, words in terms.items()}),
    )
