"""In which languages something is written, asked of its `{locale: text}` columns or their values.

Something is written in a language that has both its title and its text. Where no language has both,
a title alone will do.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Text, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Mapped
from sqlalchemy.types import TypeEngine

_CODES: TypeEngine[list[str]] = ARRAY(Text)  # pyright: ignore[reportAssignmentType]


def locales_of(title: Mapping[str, str], text: Mapping[str, str] | None = None) -> list[str]:
    """The languages that something is written in, in the order of its titles."""
    titled = [code for code, words in title.items() if words]
    both = [code for code in titled if (text or {}).get(code)]
    return both or titled


def locales_in(
    locales: Sequence[str],
    title: Mapped[dict[str, str]],
    text: Mapped[dict[str, str]] | None = None,
) -> ColumnElement[list[str]]:
    """What `locales_of` says, as SQL, of the languages in `locales` and in no certain order."""
    titled = _codes(locales, title)
    if text is None:
        return titled
    both = _codes(locales, text, title)
    return func.coalesce(func.nullif(both, array([], type_=Text())), titled, type_=_CODES)


def _codes(
    locales: Sequence[str],
    texts: Mapped[dict[str, str]],
    also: Mapped[dict[str, str]] | None = None,
) -> ColumnElement[list[str]]:
    # A long text is unpacked once, and not once for each language as `texts ->> 'en'` would.
    each = func.jsonb_each_text(texts).table_valued(column("key", Text), column("value", Text))
    wanted = select(each.c.key).where(
        each.c.value != "", each.c.key.in_([literal(code, Text) for code in locales])
    )
    if also is not None:
        wanted = wanted.where(also.op("->>")(each.c.key) != "")
    return func.array(wanted.scalar_subquery(), type_=_CODES)
