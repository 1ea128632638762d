# pyright: basic
# scikit-learn and SciPy come without types.
"""What is to be expected of counts by day or week, and how well that was known before.

A Gaussian process (scikit-learn) is fitted to the square roots of the counts (Anscombe's
transform, after which counts vary alike whether they are small or large): a slow trend, a pattern
of the week where the counts are by day, and noise. What it expects are quantiles of what it draws.
"""

from typing import Any

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, ExpSineSquared, WhiteKernel
from sklearn.metrics import mean_absolute_error

DRAWS = 1000
MOST = 365
"""So many of the newest counts are fitted."""


def forecast(values: list[float], ahead: int, period: int, coverage: float) -> dict[str, Any]:
    """What the `ahead` counts after these may be, as a median and bounds with `coverage`.

    `period` is 7 for days and 1 for weeks. The model is also fitted without the newest counts and
    asked for them; `error` is how far off it was on average, `naive_error` how far off it is to
    say that each is as a week (or a step) before.
    """
    counts = np.asarray(values[-MOST:], dtype=float)
    held = max(period, min(len(counts) // 5, 28))
    before, after = counts[:-held], counts[-held:]
    tried = _drawn(before, held, period)
    naive = np.resize(before[-period:], held)
    drawn = _drawn(counts, ahead, period)
    low, high = (1 - coverage) / 2, (1 + coverage) / 2
    inside = (after >= np.quantile(tried, low, axis=0)) & (
        after <= np.quantile(tried, high, axis=0)
    )
    return {
        "steps": [
            {"expected": middle, "low": lower, "high": upper}
            for middle, lower, upper in zip(
                *(np.quantile(drawn, at, axis=0).tolist() for at in (0.5, low, high)), strict=True
            )
        ],
        "total": dict(
            zip(
                ("expected", "low", "high"),
                np.quantile(drawn.sum(axis=1), (0.5, low, high)).tolist(),
                strict=True,
            )
        ),
        "tried_on": held,
        "error": mean_absolute_error(after, np.median(tried, axis=0)),
        "naive_error": mean_absolute_error(after, naive),
        "covered": float(inside.mean()),
    }


def _drawn(counts: np.ndarray, ahead: int, period: int) -> np.ndarray:
    """Courses that the counts could take from here, one a row."""
    times = np.arange(len(counts), dtype=float)
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * RBF(60.0, (20.0, 400.0)) + WhiteKernel(
        0.5, (1e-3, 1e1)
    )
    if period > 1:
        kernel += ConstantKernel(0.5, (1e-3, 1e2)) * ExpSineSquared(
            1.0, period, length_scale_bounds=(0.3, 10.0), periodicity_bounds="fixed"
        )
    model = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
    model.fit(times[:, None], 2 * np.sqrt(counts + 3 / 8))
    to_come = np.arange(len(counts), len(counts) + ahead, dtype=float)
    roots = model.sample_y(to_come[:, None], DRAWS, random_state=0).T
    return np.maximum((np.maximum(roots, 0) / 2) ** 2 - 3 / 8, 0)
