"""Gower's dissimilarity between states that are described by features.

Source: Gower 1971, Biometrics 27(4); Kaufman & Rousseeuw 1990, Finding Groups in Data, chapter 1.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from veje.errors import near

Matrix = NDArray[np.float64]

# What `feature_type` may say of a feature, besides numbers (intervals) and all else (nominal):
# ranks of numbers, logarithms of positive numbers, and yes or no (1 or 0), where of `asymm` a
# common no says nothing.
KINDS = ("ordratio", "logratio", "symm", "asymm")


def gower(
    features: pl.DataFrame,
    weights: ArrayLike | None = None,
    kinds: Mapping[str, Sequence[str]] | None = None,
) -> Matrix:
    """Return the dissimilarity (K, K) of the rows of a table of features, between 0 and 1.

    features: a row per state in the alphabet's order, a column per feature; a missing value leaves
    the feature out of its pairs. weights: one per feature, 0 or more; all the same by default.
    kinds: features by what they are, see `KINDS`; other numbers are intervals and all else is
    nominal. Raises ValueError for an unknown feature or kind, values that do not fit the kind, bad
    weights, or two states that share no known feature.
    """
    kind_of = _kinds(features, kinds or {})
    factor = _weights(weights, features.width)
    total = np.zeros((features.height, features.height))
    used = np.zeros_like(total)
    for name, weight in zip(features.columns, factor, strict=True):
        apart, known = _apart(features[name], kind_of.get(name, ""))
        total += weight * np.where(known, apart, 0.0)
        used += weight * known
    np.fill_diagonal(used, 1.0)
    if (used <= 0).any():
        raise ValueError("features leave two states without a known feature in common")
    return total / used


def _kinds(features: pl.DataFrame, kinds: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Say of each feature that is named what it is."""
    found = {}
    for kind, names in kinds.items():
        if kind not in KINDS:
            raise ValueError(f"unknown feature type {kind!r}; {near(kind, KINDS)}")
        for name in names:
            if name not in features.columns:
                raise ValueError(f"feature_type: no feature {name!r}; {near(name, features.columns)}")
            found[name] = kind
    return found


def _weights(weights: ArrayLike | None, size: int) -> Matrix:
    """Return the weights of features, checked."""
    factor = np.ones(size) if weights is None else np.asarray(weights, np.float64)
    if factor.shape != (size,) or not np.isfinite(factor).all() or (factor < 0).any():
        raise ValueError(f"feature_weights must be {size} finite numbers of 0 or more")
    return factor


def _apart(feature: pl.Series, kind: str) -> tuple[Matrix, NDArray[np.bool_]]:
    """Return how far apart states are in one feature (0 to 1), and where that is known."""
    known = feature.is_not_null().to_numpy()
    both = known[:, None] & known
    if kind in ("symm", "asymm"):
        yes = _yes(feature)
        counts = both & (yes[:, None] | yes) if kind == "asymm" else both
        return (yes[:, None] != yes).astype(np.float64), counts
    if not kind and not feature.dtype.is_numeric():
        value = feature.cast(pl.String).rank("dense").fill_null(0).to_numpy()
        return (value[:, None] != value).astype(np.float64), both
    number = _number(feature, kind)
    spread = np.ptp(number[known]) if known.any() else 0.0
    return np.abs(number[:, None] - number) / (spread if spread > 0 else 1.0), both


def _number(feature: pl.Series, kind: str) -> Matrix:
    """Return a feature as numbers on the scale they are compared on, 0 where not known."""
    if not feature.dtype.is_numeric():
        raise ValueError(f"feature {feature.name!r} must hold numbers to be of type {kind}")
    value = feature.rank("dense") if kind == "ordratio" else feature.cast(pl.Float64)
    if kind == "logratio":
        if (value <= 0).any():
            raise ValueError(f"feature {feature.name!r} must be above 0 to be of type logratio")
        value = value.log()
    number: Matrix = value.fill_null(0).to_numpy().astype(np.float64)
    if not np.isfinite(number).all():
        raise ValueError(f"feature {feature.name!r} holds values that are not finite")
    return number


def _yes(feature: pl.Series) -> NDArray[np.bool_]:
    """Return where a yes-or-no feature says yes."""
    if feature.dtype != pl.Boolean and not feature.drop_nulls().cast(pl.String).is_in(["0", "1"]).all():
        raise ValueError(f"feature {feature.name!r} must be 1 or 0 to be of type symm or asymm")
    yes: NDArray[np.bool_] = feature.cast(pl.Int8).fill_null(0).to_numpy() == 1
    return yes
