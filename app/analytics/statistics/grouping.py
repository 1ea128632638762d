# pyright: basic
# scikit-learn comes without types.
"""Which texts are about the same, and which words set each group apart.

Groups come from hierarchical clustering of what the texts mean (scikit-learn, average linkage over
cosines), which leaves a text that is near nothing alone. Of each language the mean is taken away
first: it tells the language, and texts about the same in two languages shall be near. Words are
weighed by c-TF-IDF (Grootendorst, BERTopic, arXiv:2203.05794): how often they stand in a group
against how often in all.
"""

import base64
from typing import Any

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import CountVectorizer

ENOUGH_OF_A_LANGUAGE = 12
"""Texts of a language from which its mean is taken."""
ALONE = 0.2
"""What a word is worth that only one text of a group has."""
_WORD = r"(?u)\b[^\W\d_]{3,30}\b"


def topics(
    vectors: str,
    texts: list[str],
    languages: list[str],
    distance: float,
    least: int,
    most: int,
    words: int,
) -> list[dict[str, Any]]:
    """Groups of at least `least` texts, the largest first, at most `most`.

    `vectors` are half-precision rows as base64. Each group has the `places` of its texts, the one
    in its middle first, and its strongest `words`.
    """
    rows = np.frombuffer(base64.b64decode(vectors), np.float16).astype(np.float64)
    rows = _without_language(rows.reshape(len(texts), -1), languages)
    told: dict[str, Any] = {"n_clusters": None, "distance_threshold": distance}
    labels = AgglomerativeClustering(metric="cosine", linkage="average", **told).fit_predict(rows)
    numbers, sizes = np.unique(labels, return_counts=True)
    order = sorted(zip(-sizes, numbers, strict=True))
    chosen = [int(number) for size, number in order if -size >= least][:most]
    if not chosen:
        return []
    strongest = _words(texts, labels, chosen, words)
    return [
        {"places": _from_the_middle(rows, np.flatnonzero(labels == number)), "words": told}
        for number, told in zip(chosen, strongest, strict=True)
    ]


def _without_language(rows: np.ndarray, languages: list[str]) -> np.ndarray:
    told = np.array(languages)
    centred = rows - rows.mean(axis=0)
    for language in set(languages):
        those = told == language
        if those.sum() >= ENOUGH_OF_A_LANGUAGE:
            centred[those] = rows[those] - rows[those].mean(axis=0)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return centred / np.maximum(lengths, 1e-6)


def _from_the_middle(rows: np.ndarray, places: np.ndarray) -> list[int]:
    middle = rows[places].mean(axis=0)
    return [int(place) for place in places[np.argsort(-(rows[places] @ middle), kind="stable")]]


def _words(texts: list[str], labels: np.ndarray, chosen: list[int], words: int) -> list[list[str]]:
    counter = CountVectorizer(token_pattern=_WORD, lowercase=True, max_features=20_000)
    try:
        counts: Any = counter.fit_transform(texts)
    except ValueError:
        # No text has a word.
        return [[] for _ in chosen]
    names = counter.get_feature_names_out()
    # In how many texts a word stands: a text that says it ten times is still one.
    counts.data[:] = 1
    groups = np.vstack([np.asarray(counts[labels == number].sum(axis=0)) for number in chosen])
    whole = np.asarray(counts.sum(axis=0)).ravel()
    each = groups / np.maximum(groups.sum(axis=1, keepdims=True), 1)
    weights = each * np.log1p(groups.sum(axis=1).mean() / np.maximum(whole, 1))
    # What one text alone says tells less of the others.
    weights[groups < 2] *= ALONE
    best = np.argsort(-weights, axis=1, kind="stable")[:, :words]
    return [
        [str(names[place]) for place in places if row[place] > 0]
        for row, places in zip(weights, best, strict=True)
    ]
