"""k-medoids: clusters around sequences that persons really have, as close to all persons as can be.

Source: Kaufman & Rousseeuw 1990, Finding Groups in Data, chapter 2 (the objective, and BUILD);
Schubert & Rousseeuw 2021, Inf Syst 101, 101804 (FasterPAM); Studer 2013, LIVES Working Papers 24, section 5
(weights, and Ward's clusters as a start).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.fasterpam import gains, nearest, square_of, swap
from veje.clusters.linkage import ward
from veje.clusters.medoids import central_rows
from veje.clusters.ties import row_order
from veje.clusters.tree import cut, numbered
from veje.condensed import Array, checked_distances, checked_weights, jit, n_rows, row_start

STARTS = ("best", "ward", "build")
# A swap must gain this share of the objective: what is equal on paper may differ by rounding.
LEAST = 1e-9

Persons = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class KMedoids:
    """A partition around medoids.

    labels: (n,) clusters from 0, numbered by first appearance. medoids: (k,) the row in the middle
    of each cluster; a real person's sequence, never released or printed. objective: the persons'
    distances to their medoids, summed, in the unit of `d`. swaps: how many led here from `start`,
    which is "ward", "build" or "given".
    """

    labels: NDArray[np.int32]
    medoids: Rows = field(repr=False)
    objective: float
    swaps: int
    start: str


def k_medoids(
    d: ArrayLike, k: int, weights: ArrayLike | None = None, init: str | Sequence[int] | Rows = "best"
) -> KMedoids:
    """Return `k` medoids, no one of which another row could replace to bring persons closer.

    d: condensed (n * (n - 1) / 2,). weights: (n,) persons per row. init: "ward" starts from the
    medoids of Ward's clusters, "build" from the greedy BUILD as WeightedCluster does, "best" takes
    the lower objective of both, and (k,) row numbers are a start of their own. The order of rows
    does not matter, except for rows that distances cannot tell apart (`veje.clusters.ties`). Raises
    ValueError for bad distances, weights or init, or a k not in 1 … rows unlike each other.
    """
    if isinstance(init, str):
        return k_medoids_range(d, [k], weights, init)[k]
    ranked = _ranked(d, weights, [k])
    rows, n = np.array(init), len(ranked.person)
    unlike = rows.shape == (k,) and np.issubdtype(rows.dtype, np.integer) and len(set(rows.tolist())) == k
    if not unlike or rows.min() < 0 or rows.max() >= n:
        raise ValueError(f"init must be {k} different row numbers below {n}")
    return ranked.given_back(_swapped(ranked, np.argsort(ranked.order)[rows], "given"))


def k_medoids_range(
    d: ArrayLike, ks: Iterable[int], weights: ArrayLike | None = None, init: str = "best"
) -> dict[int, KMedoids]:
    """Return `k_medoids` for each number of clusters in `ks`, growing Ward's tree only once."""
    if init not in STARTS:
        raise ValueError(f"unknown init {init!r}; known: {', '.join(STARTS)}, or row numbers")
    numbers = list(ks)
    ranked = _ranked(d, weights, numbers)
    found: dict[int, KMedoids] = {}
    for name, starts in (("ward", _ward_starts), ("build", _build_starts)):
        if init not in ("best", name):
            continue
        for k, medoids in starts(ranked, numbers):
            new = _swapped(ranked, medoids, name)
            if k not in found or new.objective < found[k].objective * (1 - LEAST):
                found[k] = new
    return {k: ranked.given_back(found[k]) for k in numbers}


@dataclass(frozen=True, eq=False)
class _Ranked:
    """The rows in the order in which swaps are tried, which is none of the caller's.

    d: condensed and order: (n,) rows as given. apart: (n, n), person: (n,) weights, in that order.
    """

    d: Array
    order: Rows
    apart: Array
    person: Persons

    def given_back(self, found: KMedoids) -> KMedoids:
        """Return a result in the caller's rows, its clusters numbered by first appearance."""
        own = np.empty_like(found.labels)
        own[self.order] = found.labels
        labels, rows = numbered(own), self.order[found.medoids]
        medoids = np.empty_like(rows)
        medoids[labels[rows]] = rows
        return replace(found, labels=labels, medoids=medoids)


def _ranked(d: ArrayLike, weights: ArrayLike | None, ks: list[int]) -> _Ranked:
    """Return distances and weights in the order that ties go by, all checked, and `ks` too."""
    d = checked_distances(d)
    person = checked_weights(weights, n_rows(d.size))
    if not ks:
        raise ValueError("ks holds no number of clusters")
    unlike = unlike_rows(d, len(person))
    for k in ks:
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= unlike:
            raise ValueError(f"k must be 1 to {unlike}, the number of unlike rows, but it is {k}")
    order = row_order(d, person)
    return _Ranked(d, order, square_of(d, order), person[order])


@jit
def unlike_rows(d: Array, n: int) -> int:
    """Return the number of rows that are at a distance from all rows before them."""
    again = np.zeros(n, np.bool_)
    for i in range(n - 1):
        start = row_start(i, n)
        for j in range(i + 1, n):
            if d[start + j] == 0:
                again[j] = True
    return int(n - again.sum())


def _ward_starts(ranked: _Ranked, ks: list[int]) -> Iterator[tuple[int, Rows]]:
    """Give the medoids of Ward's clusters for each number of clusters."""
    place = np.argsort(ranked.order)
    person = ranked.person[place]
    tree = ward(ranked.d, person)
    for k in ks:
        yield k, place[central_rows(ranked.d, cut(tree, k), person, ranked.order)]


def _build_starts(ranked: _Ranked, ks: list[int]) -> Iterator[tuple[int, Rows]]:
    """Give BUILD's medoids for each number of clusters: each next one brings persons closest."""
    near = np.full(len(ranked.person), float(ranked.d.max()))
    medoids: list[int] = []
    while len(medoids) < max(ks):
        gain = gains(ranked.apart, ranked.person, near)
        gain[medoids] = -1.0
        medoids.append(int(np.argmax(gain >= gain.max() * (1 - LEAST))))
        near = nearest(ranked.apart, np.array(medoids))[1]
    for k in ks:
        yield k, np.array(medoids[:k])


def _swapped(ranked: _Ranked, begin: Rows, start: str) -> KMedoids:
    """Swap from the medoids `begin` until nothing gains, and give every row to its nearest one."""
    medoids = begin.copy()
    if len(medoids) == 1:
        # Not `@`, which would hold all distances once more as float64.
        sums = np.einsum("ij,j->i", ranked.apart, ranked.person)
        medoids[0] = np.argmax(sums <= sums.min() * (1 + LEAST))
        swaps = int(medoids[0] != begin[0])
    else:
        objective = float(ranked.person @ nearest(ranked.apart, medoids)[1])
        swaps = swap(ranked.apart, ranked.person, medoids, LEAST * objective)
    medoids.sort()
    own, first, _ = nearest(ranked.apart, medoids)
    return KMedoids(own, medoids, float(ranked.person @ first), swaps, start)
