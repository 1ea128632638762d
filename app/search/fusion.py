"""How the signs that a listing fits become one order, and when none of them is enough.

The weights were fitted on the development half of the queries in `tests/evals/search/` (softmax
regression for the order, logistic regression for whether anything fits) by
`tests/evals/search/fitting.py`; `docs/search.md` says how they were measured.
"""

import dataclasses
import math

FITTED_FOR = ("use-multilingual-3", "multilingual-e5-small-4bit")
"""The embedders whose similarities these weights know."""


@dataclasses.dataclass(frozen=True)
class Signs:
    """What speaks for one candidate.

    `meaning` and `wording` are the two models' similarities, `hub` and `wording_hub` how near
    the candidate is to needs in general, `category` how near the query is to what people say
    when they need this kind of service, `category_gap` how far that is behind the nearest kind
    of all (never positive), `worded_gap` the same by e5. `shared` counts the details that both
    speak of, `unasked` those that only the candidate has. `spelling` is the share of the query
    that its names contain, typos forgiven.
    """

    meaning: float
    hub: float
    wording: float
    wording_hub: float
    category: float
    category_gap: float
    worded_gap: float
    shared: int
    unasked: int
    spelling: float


@dataclasses.dataclass(frozen=True)
class Doubts:
    """What speaks against any answer to a query, beside the signs of its best candidate.

    `elsewhere` is how much nearer the query is to what a market is asked for in vain than to the
    candidate and its kind, `elsewhere_worded` how much nearer than to its kind by e5. `usual` is
    how near the query is to needs in general, by e5. `asked` counts the details that it speaks
    of, `length` its characters. `agreed` says that e5 puts the same kind of service first.
    """

    elsewhere: float
    elsewhere_worded: float
    usual: float
    asked: int
    length: int
    agreed: bool


SPELT_OUT = 0.75
"""From this share on the query names the candidate, as one does who knows the provider."""


def order(signs: Signs) -> float:
    """How well a candidate fits beside the others; the higher the better."""
    return (
        20.0 * signs.meaning
        - 18.4 * signs.hub
        + 30.0 * signs.wording
        - 7.2 * signs.wording_hub
        + 6.8 * signs.category
        + 4.2 * signs.category_gap
        + 75.0 * signs.worded_gap
        + 2.2 * signs.shared
        - 0.3 * signs.unasked
        + 8.0 * max(0.0, signs.spelling - SPELT_OUT)
    )


def fits(signs: Signs, doubts: Doubts) -> float:
    """How sure it is that a candidate answers the query at all, between 0 and 1."""
    log_odds = (
        11.3 * signs.meaning
        - 11.8 * signs.hub
        + 5.1 * signs.category_gap
        + 9.3 * signs.worded_gap
        - 3.4 * doubts.elsewhere
        - 13.5 * doubts.elsewhere_worded
        + 9.0 * doubts.usual
        + 0.62 * math.log(max(1, doubts.length))
        + 1.1 * (signs.shared - doubts.asked)
        + 0.9 * doubts.agreed
        - 9.15
        + 8.0 * max(0.0, signs.spelling - SPELT_OUT)
    )
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


WORDING_HUB = 0.3
"""How much of e5's nearness to needs in general is taken off where e5 alone says what is first."""
ENOUGH = 0.42
"""The best candidate must be this sure, or nothing in the market fits."""
WORTH_SHOWING = 0.02
"""Those after the best must be this sure; below they would only pad the list."""
MENDED_BETTER = 2.0
"""How much better its best candidate must be for a mended query to be believed."""


def answers(meaning: float, wording: float) -> float:
    """How sure it is that a passage of an article bears on the query, between 0 and 1."""
    log_odds = 14.0 * (meaning - 0.3) + 30.0 * (wording - 0.82)
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


def bears_on(meaning: float, hub: float, wording: float, wording_hub: float, named: float) -> float:
    """How well a passage answers a question beside others; the higher the better.

    `named` is how much the article's title shares with the question in words that few have.
    """
    return 14.0 * (meaning - hub) + 30.0 * (wording - wording_hub) + 3.0 * named
