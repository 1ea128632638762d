"""Learns how mentions sound, after the examples in `app/social/sentences.txt` changed.

python -m scripts.sentiment

How strongly the weights are kept small is chosen by trying it on examples that were left out.
The examples say the same in several languages, so what is left out is left out in all of them.
"""

import asyncio
import warnings
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold

from app.social.models import SENTIMENTS
from app.social.sentiment import WEIGHTS, examples, vectors_of

STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


async def main() -> None:
    """Write the weights beside the examples."""
    warnings.simplefilter("ignore")
    told = examples()
    _, vectors = await vectors_of([text for _, _, text in told])
    labels = np.array([SENTIMENTS.index(sentiment) for _, sentiment, _ in told])
    search: Any = GridSearchCV(
        LogisticRegression(max_iter=5000),
        {"C": STRENGTHS},
        cv=GroupKFold(5),
        scoring="neg_log_loss",
    )
    search.fit(vectors, labels, groups=_groups(told))
    found = search.best_estimator_
    np.savez(
        WEIGHTS,
        weights=found.coef_.T.astype(np.float16),
        bias=found.intercept_.astype(np.float32),
    )
    print(
        f"{len(told)} examples, C = {search.best_params_['C']}, log loss {-search.best_score_:.3f}"
        f" on what was left out -> {WEIGHTS.name}, {WEIGHTS.stat().st_size} bytes"
    )


def _groups(told: list[tuple[str, Any, str]]) -> list[int]:
    """The place of each example among those of its language and sentiment."""
    counted: dict[tuple[str, Any], int] = {}
    places: list[int] = []
    for language, sentiment, _ in told:
        place = counted[language, sentiment] = counted.get((language, sentiment), -1) + 1
        places.append(place)
    return places


if __name__ == "__main__":
    asyncio.run(main())
