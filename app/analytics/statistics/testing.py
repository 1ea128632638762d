# pyright: basic, reportAttributeAccessIssue=false
# SciPy comes without types.
"""Shares with their intervals, and tests with their effects, all by SciPy."""

from typing import Any

import numpy as np
from scipy import stats
from scipy.stats.contingency import odds_ratio

LEVEL = 0.95
RESAMPLES = 2000


def proportions(pairs: list[tuple[int, int]]) -> list[dict[str, float]]:
    """For each (part, whole) the share and Wilson's interval around it."""
    told: list[dict[str, float]] = []
    for part, whole in pairs:
        found = stats.binomtest(part, whole).proportion_ci(LEVEL, "wilson")
        told.append({"share": part / whole, "low": float(found.low), "high": float(found.high)})
    return told


def tests(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Test each, and adjust what they say for how many they are.

    `{"kind": "shares", "table": [[yes, no], [yes, no]]}`: Fisher's exact test, odds ratio.
    `{"kind": "ranks", "first": [...], "second": [...]}`: Mann-Whitney's U, the chance that one of
    the first is greater. `{"kind": "together", "first": [...], "second": [...]}`: Spearman's rho.
    An interval that reaches beyond all numbers has None for that end.
    """
    made = [_KINDS[one.pop("kind")](**one) for one in asked]
    adjusted = stats.false_discovery_control([one["p"] for one in made]) if made else []
    return [one | {"q": float(q)} for one, q in zip(made, adjusted, strict=True)]


def _shares(table: list[list[int]]) -> dict[str, Any]:
    found = odds_ratio(table)
    interval = found.confidence_interval(LEVEL)
    return {
        "p": float(stats.fisher_exact(table).pvalue),
        "effect": _finite(found.statistic),
        "low": _finite(interval.low),
        "high": _finite(interval.high),
        "sides": proportions([(row[0], sum(row)) for row in table]),
    }


def _ranks(first: list[float], second: list[float]) -> dict[str, Any]:
    def superiority(one: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
        told = stats.mannwhitneyu(one, other, axis=axis).statistic
        return told / (one.shape[axis] * other.shape[axis])

    tested = stats.mannwhitneyu(first, second)
    low, high = _resampled((first, second), superiority, paired=False)
    return {
        "p": float(tested.pvalue),
        "effect": float(tested.statistic) / (len(first) * len(second)),
        "low": low,
        "high": high,
    }


def _together(first: list[float], second: list[float]) -> dict[str, Any]:
    def rho(one: np.ndarray, other: np.ndarray) -> float:
        return float(stats.spearmanr(one, other).statistic)

    found = stats.spearmanr(first, second)
    low, high = _resampled((first, second), rho, paired=True)
    return {"p": float(found.pvalue), "effect": float(found.statistic), "low": low, "high": high}


def _resampled(data: tuple[list[float], list[float]], measure: Any, *, paired: bool) -> Any:
    found = stats.bootstrap(
        data,
        measure,
        paired=paired,
        vectorized=not paired,
        confidence_level=LEVEL,
        n_resamples=RESAMPLES,
        # The corrected interval is not defined where all resamples agree.
        method="percentile",
        rng=0,
    ).confidence_interval
    return _finite(found.low), _finite(found.high)


def _finite(number: Any) -> float | None:
    return float(number) if np.isfinite(number) else None


_KINDS = {"shares": _shares, "ranks": _ranks, "together": _together}
