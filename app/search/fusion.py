"""How the signs that a listing fits become one order, and when none of them is enough.

The weights were fitted on the development half of the queries in `tests/evals/search/` (softmax
regression for the order, logistic regression for whether anything fits); `docs/search.md` says
how they were measured and how to fit them again.
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
    of all (never positive). `shared` counts the details that both speak of, `unasked` those that
    only the candidate has. `spelling` is the share of the query that its names contain, typos
    forgiven.
    """

    meaning: float
    hub: float
    wording: float
    wording_hub: float
    category: float
    category_gap: float
    shared: int
    unasked: int
    spelling: float


SPELT_OUT = 0.75
"""From this share on the query names the candidate, as one does who knows the provider."""


def order(signs: Signs) -> float:
    """How well a candidate fits beside the others; the higher the better."""
    return (
        20.5 * signs.meaning
        - 21.3 * signs.hub
        + 30.7 * signs.wording
        - 8.4 * signs.wording_hub
        + 5.8 * signs.category
        + 3.9 * signs.category_gap
        + 1.9 * signs.shared
        - 0.3 * signs.unasked
        + 8.0 * max(0.0, signs.spelling - SPELT_OUT)
    )


RIVALS = 3
"""The lead is measured on the best candidate of this many kinds after the best kind of service.

Other listings of the same kind are no rivals: a market with many plumbers is no worse an answer.
"""
USUAL_LEAD = 7.0
"""How far the best is ahead of them, where there are too few kinds to compare."""


def fits(signs: Signs, *, asked: int, lead: float, length: int) -> float:
    """How sure it is that a candidate answers the query at all, between 0 and 1.

    `asked` counts the details that the query speaks of, `lead` is how far the candidate's
    order is ahead of the best of the fourth kind of service, `length` the query's in characters.
    """
    log_odds = (
        9.85 * signs.meaning
        - 7.3 * signs.hub
        + 20.8 * signs.wording
        + 2.5 * signs.category
        + 10.1 * signs.category_gap
        + 0.2 * lead
        + 0.7 * math.log(max(1, length))
        + 1.5 * (signs.shared - asked)
        - 21.9
        + 8.0 * max(0.0, signs.spelling - SPELT_OUT)
    )
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


ENOUGH = 0.34
"""The best candidate must be this sure, or nothing in the market fits."""
WORTH_SHOWING = 0.02
"""Those after the best must be this sure; below they would only pad the list."""
MENDED_BETTER = 2.0
"""How much better its best candidate must be for a mended query to be believed."""


def answers(meaning: float, wording: float) -> float:
    """How sure it is that a passage of an article bears on the query, between 0 and 1."""
    log_odds = 14.0 * (meaning - 0.3) + 30.0 * (wording - 0.82)
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))
