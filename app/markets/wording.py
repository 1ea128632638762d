"""The market's own words for some of the program's.

`Market.wording` is `{locale: {message id: text}}`. Only the texts in `WORDS` can be replaced: each
stands on public pages. Gaps that the program fills, as `%(market)s`, can be left out or moved.
`components.text._` looks there first; letters, errors and what agents say keep the program's words.
"""

import re
from collections.abc import Mapping

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import N_
from app.markets.shaping import NotAccepted, keep, line_of, market_as_it_is, market_to_edit

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("On every page"),
        (
            N_("Ask"),
            N_("Help"),
            N_("Ask Maestro"),
            N_("Search for a service"),
            N_("What do you need? Describe it in any language"),
        ),
    ),
    (
        N_("Start page"),
        (
            N_("Say what you need in your own words, and compare what fits."),
            N_("My tap is leaking"),
            N_("Maths tutor for a ten-year-old"),
            N_("Clean the flat before Friday"),
            N_("Popular right now"),
            N_("All categories"),
            N_("Worth a look"),
            N_("Answers with their sources"),
            N_("How it works"),
            N_("Say what you need"),
            N_(
                "In your words and your language. Typos are fine, and nobody has to know "
                "what a trade is called."
            ),
            N_("Compare what fits"),
            N_("Prices, places and languages stand on every card, from providers of this city."),
            N_("Ask when in doubt"),
            N_(
                "Maestro answers from the listings and the help pages, and shows where each "
                "answer is from."
            ),
            N_(
                "Describe the whole situation. You get an answer with the services "
                "that fit, and the sources."
            ),
            N_("We are moving on Saturday and need help with a sofa and 20 boxes…"),
            N_("Good to know"),
            N_("All help"),
        ),
    ),
    (
        N_("Search and categories"),
        (
            N_("Nothing here fits that."),
            N_("The filters may be too narrow."),
            N_("Try to say it in other words, or look at what there is."),
            N_("Not quite it? Tell Maestro more, and get an answer with reasons."),
            N_("Or describe your case to Maestro."),
            N_("No service fits these filters."),
            N_("Not sure which one? Describe your case, and Maestro compares them for you."),
        ),
    ),
    (
        N_("Services and providers"),
        (
            N_("About this service"),
            N_("Others like it"),
            N_("Offered by"),
            N_("Price on request"),
            N_("Ask about this"),
            N_("Maestro answers from this page and the market's help."),
            N_("Ask about them"),
        ),
    ),
    (
        N_("Help pages"),
        (
            N_("Short answers to what people ask most. If yours is missing, ask Maestro."),
            N_("Read on"),
            N_("Your question is not among them?"),
        ),
    ),
    (
        N_("Chat"),
        (
            N_("What do you need?"),
            N_(
                "Describe it in your own words. I look through the services and the help pages of"
                " %(market)s and show where each answer is from."
            ),
            N_("I need a photographer for a wedding"),
            N_("How do I cancel a booking?"),
        ),
    ),
    (
        N_("Signing in"),
        (
            N_("Welcome back"),
            N_("Sign in to keep your conversations and find them again."),
            N_("No account yet?"),
            N_("Forgot your password?"),
            N_("Make an account"),
            N_("It is free. You need nothing but an e-mail address and a password."),
            N_("By signing up you agree to the terms of use."),
            N_("You have an account?"),
        ),
    ),
    (
        N_("When there is nothing"),
        (
            N_("This page does not exist."),
            N_(
                "The address may be wrong, or what stood here is gone. Search for it, or start "
                "over."
            ),
            N_("To the start page"),
        ),
    ),
)
"""Message ids by the pages that they stand on, in the order that an editor sees them."""

WORDS: tuple[str, ...] = tuple(message for _name, messages in GROUPS for message in messages)
"""All of them."""

LONGEST = 300
_GAP = re.compile(r"%\((\w*)\)(s?)")

Wording = dict[str, dict[str, str]]


async def wording_of(session: TenantSession, actor: Actor) -> tuple[Wording, int]:
    """The market's own words, and the version that an editor begins from."""
    market = await market_as_it_is(session, actor, Permission.SHAPE)
    return {locale: dict(own) for locale, own in market.wording.items()}, market.version


async def reword(
    session: TenantSession, actor: Actor, wanted: Mapping[str, Mapping[str, str]], seen: int
) -> int:
    """Replace the market's own words; an empty text means the program's. Returns the new version.

    Words in languages that are not in `wanted` stay. Raises `NotAccepted` with a field such as
    `ru.3` (the third of `WORDS`, counted from 0), and `Conflict`.
    """
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    before = {"wording": market.wording}
    kept: Wording = {locale: dict(own) for locale, own in market.wording.items()}
    for locale, own in wanted.items():
        if locale not in market.locales:
            raise NotAccepted("The market does not speak this language.", field=str(locale)[:10])
        words = {
            message: _checked(f"{locale}.{place}", message, own.get(message, ""))
            for place, message in enumerate(WORDS)
        }
        kept[locale] = {message: text for message, text in words.items() if text}
    market.wording = {locale: own for locale, own in kept.items() if own}
    return await keep(
        session, actor, market, "market.reworded", before, {"wording": market.wording}
    )


def gaps(message: str) -> set[str]:
    """The names of what the program fills in, as `market` in `%(market)s`."""
    return {name for name, _ in _GAP.findall(message)}


def _checked(field: str, message: str, text: str) -> str:
    words = line_of(field, text, LONGEST)
    for name, ending in _GAP.findall(words):
        if not ending or name not in gaps(message):
            raise NotAccepted(
                "Nothing fills %(gap)s here. Take it over from the usual words, or leave it out.",
                field=field,
                gap=f"%({name}){ending}",
            )
    return words
