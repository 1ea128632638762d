"""Which language a text is written in, by a packaged naive Bayes model (py3langid)."""

from functools import cache
from typing import Any, cast

from py3langid import langid  # pyright: ignore[reportMissingTypeStubs]

ENOUGH = 40
"""Characters below which a guess is worth little."""
READ = 4_000
"""Characters that are looked at; more says nothing new."""


@cache
def _identifier() -> Any:
    packaged = cast("Any", langid)
    return packaged.LanguageIdentifier.from_model_file(packaged.MODEL_FILE, norm_probs=True)


def language_of(text: str, usual: str) -> str:
    """The language of a text as a code of two letters; `usual` where the text does not say."""
    looked = text[:READ]
    if sum(letter.isalpha() for letter in looked) < ENOUGH:
        return usual
    found, sure = _identifier().classify(looked)
    return str(found) if sure >= 0.5 else usual
