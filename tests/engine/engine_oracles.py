"""Slow, plain restatements of the definitions: person by person, pair by pair."""

from itertools import product

import numpy as np


def textbook_om(a, b, sub, indel):
    """Optimal matching by Needleman and Wunsch, as in any textbook; indel is (K,)."""
    f = np.zeros((len(a) + 1, len(b) + 1))
    f[1:, 0] = np.cumsum([indel[s] for s in a])
    f[0, 1:] = np.cumsum([indel[s] for s in b])
    for x, y in product(range(len(a)), range(len(b))):
        swap = f[x, y] + sub[a[x], b[y]]
        gap = min(f[x, y + 1] + indel[a[x]], f[x + 1, y] + indel[b[y]])
        f[x + 1, y + 1] = min(swap, gap)
    return f[-1, -1]


def _ward_cost(square, weights, variant):
    """Twice what joining two clusters adds to the spread within clusters."""
    power = square**2 if variant == "ward_d2" else square
    weighted = power * np.outer(weights, weights)

    def spread(rows):
        rows = list(rows)
        return weighted[np.ix_(rows, rows)].sum() / 2 / sum(weights[r] for r in rows)

    return lambda a, b: 2 * (spread(a | b) - spread(a) - spread(b))


def _pair_cost(square, weights, method):
    """The mean, highest or lowest distance of persons in two clusters."""

    def of(a, b):
        apart, both = square[np.ix_(list(a), list(b))], np.outer(weights[list(a)], weights[list(b)])
        mean = (apart * both).sum() / both.sum()
        return {"average": mean, "complete": apart.max(), "single": apart.min()}[method]

    return of


def textbook_tree(square, weights, method, order):
    """Agglomeration by definition: join the closest pair, of tied pairs the first in `order`.

    Returns heights and, for each number of clusters, the partition as a set of sets of rows.
    """
    cost = (_ward_cost if method.startswith("ward") else _pair_cost)(square, weights, method)
    place = np.argsort(order)
    clusters = [frozenset([i]) for i in range(len(weights))]
    heights, partitions = [], {len(clusters): set(clusters)}
    while len(clusters) > 1:
        clusters.sort(key=lambda rows: min(place[list(rows)]))
        costs = {(i, j): cost(a, b) for i, a in enumerate(clusters) for j, b in enumerate(clusters) if i < j}
        least = min(costs.values())
        i, j = min(pair for pair, cost in costs.items() if cost <= least + 1e-9 * max(least, 1e-3))
        heights.append(least**0.5 if method == "ward_d2" else least)
        joined = clusters[i] | clusters[j]
        clusters = [c for at, c in enumerate(clusters) if at not in (i, j)] + [joined]
        partitions[len(clusters)] = set(clusters)
    return np.array(heights), partitions


def _silhouette(square, labels, own_size):
    widths = []
    for i, c in enumerate(labels):
        size = (labels == c).sum()
        a = square[i, labels == c].sum() / own_size(size) if own_size(size) else 0
        b = min(square[i, labels == o].mean() for o in set(labels.tolist()) - {c})
        alone = own_size(size) == 0
        widths.append(0 if alone or max(a, b) == 0 else (b - a) / max(a, b))
    return np.mean(widths)


def _ranks(d, between):
    near, far = d[~between], d[between]
    agree = (near[:, None] < far).sum()
    disagree = (near[:, None] > far).sum()
    tied = near.size * far.size - agree - disagree
    return agree - disagree, agree + disagree, tied


def _spread(power, labels):
    n, k = len(labels), len(set(labels.tolist()))
    total = power.sum() / 2 / n
    left = 0.0
    for c in range(k):
        rows = labels == c
        left += power[np.ix_(rows, rows)].sum() / 2 / rows.sum()
    return (total - left) / (k - 1) / (left / (n - k)), 1 - left / total


def textbook_quality(square, labels):
    """The ten indices of persons, over all ordered pairs, each person with itself too."""
    d = square.ravel()
    between = (labels[:, None] != labels).ravel()
    gain, strict, tied = _ranks(d, between)
    ordered, within = np.sort(d), int((~between).sum())
    low, high, here = ordered[:within].sum(), ordered[-within:].sum(), d[~between].sum()
    ch, r2 = _spread(square, labels)
    chsq, r2sq = _spread(square**2, labels)
    return {
        "PBC": np.corrcoef(d, between)[0, 1],
        "HG": gain / strict,
        "HGSD": gain / (strict + tied / 2),
        "ASW": _silhouette(square, labels, lambda size: size - 1),
        "ASWw": _silhouette(square, labels, lambda size: size),
        "CH": ch,
        "R2": r2,
        "CHsq": chsq,
        "R2sq": r2sq,
        "HC": (here - low) / (high - low),
    }
