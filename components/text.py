"""Gettext for components: a marked string compiles to a choice between its translations.

Call these inside component functions, never at import.
"""

from collections.abc import Mapping
from functools import cache

import reflex as rx
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from reflex_base.vars.base import VarData

from app.i18n import CATALOGUES, SOURCE
from app.markets.wording import WORDS
from state.locale import LocaleState


def _(message: str, **params: object) -> rx.Var[str]:
    """Return `message` in the reader's language, with its `%(name)s` places filled."""
    texts = {
        locale: _filled(str(entry.string), params)
        for locale, catalogue in catalogues().items()
        if (entry := catalogue.get(message)) and entry.string and not entry.fuzzy
    }
    chosen = _chosen(texts, _filled(message, params))
    return _own(message, params, chosen) if message in WORDS else chosen


def ngettext(singular: str, plural: str, count: rx.Var[int], **params: object) -> rx.Var[str]:
    """Like `_`, in the plural form that the language uses for `count`."""
    params = {"count": count, **params}
    texts = {
        locale: _plural(tuple(entry.string), catalogue.plural_expr, count, params)
        for locale, catalogue in catalogues().items()
        if (entry := catalogue.get(singular))
        and isinstance(entry.string, tuple)
        and all(entry.string)
        and not entry.fuzzy
    }
    return _chosen(texts, _plural((singular, plural), "n != 1", count, params))


@cache
def catalogues() -> dict[str, Catalog]:
    """Every translated catalogue, by locale."""
    found: dict[str, Catalog] = {}
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po")):
        locale = path.parts[-3]
        if locale != SOURCE:
            with path.open("rb") as file:
                found[locale] = read_po(file, locale=locale)
    return found


def _own(message: str, params: Mapping[str, object], otherwise: rx.Var[str]) -> rx.Var[str]:
    """The market's own words for `message`, where it has some."""
    own = LocaleState.wording
    values = {name: rx.Var.create(value) for name, value in params.items()}
    # A function, for in a text to put in its place a dollar sign would have a meaning.
    fills = "".join(
        f'?.replaceAll("%({name})s", () => String({value!s}))' for name, value in values.items()
    )
    return rx.Var(
        f"({own!s}[{rx.Var.create(message)!s}]{fills} ?? {otherwise!s})",
        _var_data=VarData.merge(
            own._get_all_var_data(),
            otherwise._get_all_var_data(),
            *(value._get_all_var_data() for value in values.values()),
        ),
    ).to(str)


def _chosen(texts: Mapping[str, str | rx.Var[str]], otherwise: str | rx.Var[str]) -> rx.Var[str]:
    # An object look-up is a quarter of the bytes of the switch that rx.match would write.
    fallback = rx.Var.create(otherwise)
    if not texts:
        return fallback.to(str)
    choice = rx.Var.create(dict(texts))
    language = LocaleState.language
    return rx.Var(
        f"(({choice!s})[{language!s}] ?? {fallback!s})",
        _var_data=VarData.merge(
            choice._get_all_var_data(),
            fallback._get_all_var_data(),
            language._get_all_var_data(),
        ),
    ).to(str)


def _plural(
    forms: tuple[str, ...], rule: str, count: rx.Var[int], params: Mapping[str, object]
) -> rx.Var[str]:
    # Gettext's plural rules are C expressions, and those are JavaScript too.
    form = rx.Var(f"((n) => Number({rule}))({count!s})", _var_data=count._get_all_var_data())
    return rx.Var.create([_filled(text, params) for text in forms])[form.to(int)].to(str)


def _filled(text: str, params: Mapping[str, object]) -> str:
    # format() lets a Var mark its place in the string; "%s" would lose it.
    return text % {name: format(value, "") for name, value in params.items()} if params else text
