# pyright: basic
# scikit-learn and SciPy come without types.
"""Days or weeks on which a count was not what such a day usually brings.

A robust regression (Huber's, scikit-learn) on the course of time and the day of the week says what
is usual; how much days vary is measured by the minimum covariance determinant (Rousseeuw and Van
Driessen, scikit-learn), which the unusual days themselves do not bend. Many days are looked at, so
what is told is bound by the rate of false discoveries (Benjamini and Hochberg, SciPy).
"""

from typing import Any

import numpy as np
from scipy.stats import chi2, false_discovery_control
from sklearn.covariance import MinCovDet
from sklearn.linear_model import HuberRegressor


def unusual(series: dict[str, list[float]], period: int, rate: float) -> list[dict[str, Any]]:
    """The counts that stand out, the least likely first; at most `rate` of them by chance.

    Each has the name of its series, its `place` in it, what was usual and the adjusted `p`.
    """
    found: list[dict[str, Any]] = []
    likely: list[float] = []
    for name, values in series.items():
        counts = np.asarray(values, dtype=float)
        roots = 2 * np.sqrt(counts + 3 / 8)
        usual = _usual(roots, period)
        off = roots - usual
        chances = chi2.sf(off**2 / _variance(off), 1)
        for place, chance in enumerate(chances):
            likely.append(float(chance))
            found.append(
                {
                    "series": name,
                    "place": place,
                    "value": float(counts[place]),
                    "usual": float(max((max(usual[place], 0) / 2) ** 2 - 3 / 8, 0)),
                }
            )
    if not found:
        return []
    adjusted = false_discovery_control(likely)
    told = [one | {"p": float(p)} for one, p in zip(found, adjusted, strict=True) if p <= rate]
    return sorted(told, key=lambda one: one["p"])


def _variance(off: np.ndarray) -> float:
    """How much days vary beside what is usual, and never less than chance makes counts vary.

    Anscombe's transform gives counts of what happens by chance (Poisson's) a variance of one.
    """
    try:
        found = MinCovDet(random_state=0, assume_centered=True).fit(off[:, None])
    except ValueError:
        # More than half are exactly as usual.
        return 1.0
    return max(float(found.covariance_[0, 0]), 1.0)


def _usual(roots: np.ndarray, period: int) -> np.ndarray:
    times = np.linspace(-1, 1, len(roots))
    parts = [times, times**2]
    # One day of the week needs no column: it is what the others differ from.
    parts += [(np.arange(len(roots)) % period == day).astype(float) for day in range(1, period)]
    given = np.column_stack(parts)
    return HuberRegressor(max_iter=1000).fit(given, roots).predict(given)
