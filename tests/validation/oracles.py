"""Textbook versions, person by person and pair by pair, of what the package computes fast."""

from itertools import combinations

import numpy as np
from scipy.spatial.distance import squareform


def persons_of(d, index, weights):
    """Distances among persons one by one, each as often as their whole weight."""
    rows = np.repeat(index, weights)
    return squareform(d)[np.ix_(rows, rows)], rows


def sum_of_squares(square):
    """Half the mean over persons of all distances (Studer et al. 2011, equation 3)."""
    return square.sum() / 2 / len(square)


def textbook_discrepancy(square, groups):
    """The statistics of one assignment of persons to groups."""
    n, names = len(groups), np.unique(groups)
    parts = [square[np.ix_(groups == g, groups == g)] for g in names]
    sizes = np.array([len(part) for part in parts])
    within = np.array([sum_of_squares(part) for part in parts])
    between, m = sum_of_squares(square) - within.sum(), len(names)
    spread = within / sizes
    centres = [part.mean(axis=1) - s for part, s in zip(parts, spread, strict=True)]
    grand = np.concatenate(centres).mean()
    top = sum(len(c) * (c.mean() - grand) ** 2 for c in centres) / (m - 1)
    low = sum(((c - c.mean()) ** 2).sum() for c in centres) / (n - m)
    return {
        "pseudo_F": between / (m - 1) / (within.sum() / (n - m)) if within.sum() > 0 else np.nan,
        "pseudo_R2": between / sum_of_squares(square),
        "pseudo_Fbf": between / ((1 - sizes / n) * spread).sum() if within.sum() > 0 else np.nan,
        "levene": top / low if low > 0 else np.nan,
    }


def textbook_split(square, codes, least):
    """The best pseudo-R² of all divisions of the categories in two."""
    present = np.unique(codes)
    best = -np.inf
    for size in range(1, len(present)):
        for left in combinations(present, size):
            side = np.isin(codes, left)
            if min(side.sum(), (~side).sum()) >= least:
                best = max(best, textbook_discrepancy(square, side)["pseudo_R2"])
    return best


def textbook_jaccard(a, b):
    """For each cluster of `a`, the best Jaccard index with a cluster of `b`."""
    sets = [[set(np.flatnonzero(labels == one)) for one in np.unique(labels)] for labels in (a, b)]
    return [max(len(x & y) / len(x | y) for y in sets[1]) for x in sets[0]]
