"""Trees of weighted sequences: Ward's, average, complete and single linkage.

Source: Ward 1963, JASA 58(301); Murtagh & Legendre 2014, J Classif 31, for Ward's variants D and D2;
Sokal & Michener 1958, Univ Kansas Sci Bull 38, for average linkage (UPGMA); Kaufman & Rousseeuw
1990, Finding Groups in Data, chapter 5, for complete and single linkage.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.merging import AVERAGE, COMPLETE, SINGLE, TIE, WARD, merge, scale_to_piles
from veje.clusters.ties import in_order, row_order
from veje.condensed import checked_distances, checked_weights, n_rows

# Far from overflow when the costs of merging all rows add up.
HIGHEST = 1e250
TIES = ("intrinsic", "row")

Tree = NDArray[np.float64]


@dataclass(frozen=True)
class Rule:
    """How a linkage works: its update, whether on squared distances, whether piles cost to merge."""

    update: int
    squared: bool = False
    piles: bool = False


RULES = {
    "ward_d2": Rule(WARD, squared=True, piles=True),
    "ward_d": Rule(WARD, piles=True),
    "average": Rule(AVERAGE),
    "complete": Rule(COMPLETE),
    "single": Rule(SINGLE),
}
VARIANTS = ("D", "D2")


def ward(
    d: ArrayLike, weights: ArrayLike | None = None, variant: str = "D2", ties: str = "intrinsic"
) -> Tree:
    """Return Ward's tree, the one that clustering all persons one by one gives above height 0.

    variant: "D2" works on squared distances (SciPy's ward), "D" on distances as they are (R's
    ward.D). All else as in `linkage`.
    """
    if variant not in VARIANTS:
        raise ValueError(f"unknown Ward variant {variant!r}; known: {', '.join(VARIANTS)}")
    return linkage(d, f"ward_{variant.lower()}", weights, ties)


def linkage(d: ArrayLike, method: str, weights: ArrayLike | None = None, ties: str = "intrinsic") -> Tree:
    """Return the tree that clustering all persons one by one gives above height 0.

    d: condensed (u * (u - 1) / 2,) distances of unique sequences, not modified. method: ward_d2,
    ward_d, average, complete or single. weights: (u,) persons per sequence. Returns a SciPy linkage
    (u - 1, 4): two nodes, height in the unit of `d`, number of *sequences* below (SciPy asks for
    rows, not persons). Greedy: the two closest clusters merge; of tied pairs the one whose first
    cluster comes first, then the one whose second does, a cluster coming where the first of its
    rows comes. ties: "intrinsic" has rows come in an order that their distances decide, so that the
    tree does not depend on the order of rows (`veje.clusters.ties`); "row" has them come as given,
    as R's hclust. Raises ValueError for bad distances, weights, method or ties.
    """
    if method not in RULES:
        raise ValueError(f"unknown linkage method {method!r}; known: {', '.join(RULES)}")
    if ties not in TIES:
        raise ValueError(f"unknown ties {ties!r}; known: {', '.join(TIES)}")
    rule = RULES[method]
    d = checked_distances(d)
    n = n_rows(d.size)
    persons = checked_weights(weights, n)
    order = row_order(d, persons) if ties == "intrinsic" else np.arange(n)
    size = persons[order]
    work = in_order(d, order)
    _prepare(work, size, rule)
    tree: Tree = merge(work, size, rule.update, TIE)
    if rule.squared:
        tree[:, 2] = np.sqrt(tree[:, 2])
    return _renamed(tree, order)


def _prepare(work: NDArray[np.float64], size: NDArray[np.float64], rule: Rule) -> None:
    """Turn distances into costs of merging, in place."""
    if rule.squared:
        with np.errstate(over="ignore"):
            np.square(work, out=work)
    if work.max() * size.max() > HIGHEST:
        raise ValueError("d is too large: its squares cannot be summed")
    if rule.piles:
        scale_to_piles(work, size)


def _renamed(tree: Tree, order: NDArray[np.intp]) -> Tree:
    """Give the leaves the numbers that their rows have in `d`."""
    n = len(order)
    name = np.concatenate([order, np.arange(n, 2 * n - 1)])
    tree[:, :2] = np.sort(name[tree[:, :2].astype(np.intp)], axis=1)
    return tree
