"""Indices from ranks: are pairs within a cluster closer than pairs between clusters?

Source: Hubert & Levin 1976, Psychol Bull 83(6) (HC); Hubert & Arabie 1985, J Classif 2 (HG);
Milligan & Cooper 1985, Psychometrika 50(2) (PBC); weighted as in Studer 2013, LIVES Working Papers
24: each pair counts w_i w_j.
"""

import numpy as np
from numpy.typing import NDArray

from veje.clusters.atoms import Atoms, atoms_of
from veje.clusters.pages import Pages
from veje.condensed import Array, jit


@jit
def _count(group: float, apart: float, inside: Array, whole: Array, tally: Array) -> None:
    """Add a group of pairs that are `apart`, all `group` of them and those `inside`, to the tallies.

    whole: (2, P) the weight of all pairs, and of all pairs within. Rows of the tallies: pairs so
    far; those within; concordant; tied; then the sum of distances within, and the lowest and
    highest it could be with as many pairs; the sum of all distances, and of their squares.
    """
    for p in range(len(inside)):
        below = tally[0, p]
        tally[2, p] += (group - inside[p]) * tally[1, p]
        tally[3, p] += (group - inside[p]) * inside[p]
        tally[4, p] += inside[p] * apart
        tally[5, p] += min(group, max(0.0, whole[1, p] - below)) * apart
        tally[6, p] += min(group, max(0.0, below + group - (whole[0, p] - whole[1, p]))) * apart
        tally[7, p] += group * apart
        tally[8, p] += group * apart * apart
        tally[1, p] += inside[p]
        tally[0, p] = below + group


@jit
def _walk(groups: Array, values: Array, together: Array, whole: Array, tally: Array) -> None:
    """Walk through groups of pairs from near to far: (values, kinds) weights, emptied on the way."""
    kinds, parts = together.shape
    inside = np.empty(parts)
    for v in range(len(values)):
        group = groups[v].sum()
        if group == 0:
            continue
        inside[:] = 0.0
        for kind in range(kinds):
            if groups[v, kind] == 0:
                continue
            for p in range(parts):
                if together[kind, p]:
                    inside[p] += groups[v, kind]
        _count(group, values[v], inside, whole, tally)
        groups[v] = 0.0


def _share(part: float, whole: float) -> float:
    """Return part / whole, NaN where that is undefined."""
    return part / whole if whole > 0 else float("nan")


def ranked(
    d: Array,
    weights: NDArray[np.float64],
    partitions: list[NDArray[np.int32]],
    within: NDArray[np.float64],
) -> tuple[list[dict[str, float]], float, float]:
    """Return PBC, HG, HGSD and HC of each partition, and the sums of w w d and of w w d².

    d: condensed. weights: (n,). partitions: P times (n,) labels. within: (P,) weight of pairs
    within, each person's pair with itself included. Distances are tied when equal as they stand, so
    rounding of `d` moves HG and HGSD.
    """
    pages, total = Pages(d, weights), float(weights.sum()) ** 2 / 2
    tally = np.zeros((9, len(partitions)))
    for atoms in atoms_of(partitions):
        span = slice(atoms.first, atoms.first + atoms.parts)
        tally[:, span] = _tallied(pages, atoms, np.stack([np.full(atoms.parts, total), within[span]]))
    out = [_indices(tally[:, p], float(inside), total) for p, inside in enumerate(within)]
    return out, float(tally[7, 0]), float(tally[8, 0])


def _tallied(pages: Pages, atoms: Atoms, whole: Array) -> Array:
    """Return the tallies (9, P) of one set of partitions."""
    tally = np.zeros((9, atoms.parts))
    for groups, values in pages.weighed(atoms.labels, atoms.kind, len(atoms.together)):
        _walk(groups, values, atoms.together, whole, tally)
    return tally


def _indices(tally: Array, inside: float, total: float) -> dict[str, float]:
    """Return the four indices of a partition from its tallies."""
    _, _, agree, tied, near, low, high, first, second = (float(x) for x in tally)
    pairs = inside * (total - inside)
    gain = 2 * agree + tied - pairs
    # ASSUME: Somers' D counts half of the ties in distance, as WeightedCluster's values do.
    hg = {"HG": _share(gain, pairs - tied), "HGSD": _share(gain, pairs - tied / 2)}
    between = 1 - inside / total
    lift = (first - near) / total - first / total * between
    spread = max(second / total - (first / total) ** 2, 0) * between * (1 - between)
    return {"PBC": _share(lift, spread**0.5), **hg, "HC": _share(near - low, high - low)}
