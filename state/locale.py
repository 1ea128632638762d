"""The language of the page that is open."""

import reflex as rx

from app.i18n import SOURCE


class LocaleState(rx.State):
    """The reader's language. Everything that `components.text` writes chooses on it.

    It is not called `locale`, because the routes' `[locale]` gives every state a var of that name.
    """

    language: rx.Field[str] = rx.field(SOURCE)
    wording: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """The market's own words in that language; see `app.markets.wording`."""
