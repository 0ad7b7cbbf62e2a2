"""k-medoids: clusters around sequences that persons really have, as close to all persons as can be.

Source: Kaufman & Rousseeuw 1990, Finding Groups in Data, chapter 2 (the objective, and BUILD);
Schubert & Rousseeuw 2021, Inf Syst 101 (FasterPAM); Studer 2013, LIVES Working Papers 24, section 5
(weights, and Ward's clusters as a start).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.clusters.fasterpam import gains, nearest, swap
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
    d, person, order = _checked(d, weights, [k])
    rows = np.array(init)
    unlike = rows.shape == (k,) and np.issubdtype(rows.dtype, np.integer) and len(set(rows.tolist())) == k
    if not unlike or rows.min() < 0 or rows.max() >= len(person):
        raise ValueError(f"init must be {k} different row numbers below {len(person)}")
    return _swapped(d, person, order, rows.astype(np.intp), "given")


def k_medoids_range(
    d: ArrayLike, ks: Iterable[int], weights: ArrayLike | None = None, init: str = "best"
) -> dict[int, KMedoids]:
    """Return `k_medoids` for each number of clusters in `ks`, growing Ward's tree only once."""
    if init not in STARTS:
        raise ValueError(f"unknown init {init!r}; known: {', '.join(STARTS)}, or row numbers")
    numbers = list(ks)
    d, person, order = _checked(d, weights, numbers)
    found: dict[int, KMedoids] = {}
    for name, starts in (("ward", _ward_starts), ("build", _build_starts)):
        if init not in ("best", name):
            continue
        for k, rows in starts(d, person, order, numbers):
            new = _swapped(d, person, order, rows, name)
            if k not in found or new.objective < found[k].objective * (1 - LEAST):
                found[k] = new
    return {k: found[k] for k in numbers}


def _checked(d: ArrayLike, weights: ArrayLike | None, ks: list[int]) -> tuple[Array, Persons, Rows]:
    """Return distances, weights and the order of rows, all checked, and `ks` too."""
    d = checked_distances(d)
    person = checked_weights(weights, n_rows(d.size))
    if not ks:
        raise ValueError("ks holds no number of clusters")
    unlike = unlike_rows(d, len(person))
    for k in ks:
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= unlike:
            raise ValueError(f"k must be 1 to {unlike}, the number of unlike rows, but it is {k}")
    return d, person, row_order(d, person)


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


def _ward_starts(d: Array, person: Persons, order: Rows, ks: list[int]) -> Iterator[tuple[int, Rows]]:
    """Give the medoids of Ward's clusters for each number of clusters."""
    tree = ward(d, person)
    for k in ks:
        yield k, central_rows(d, cut(tree, k), person, order)


def _build_starts(d: Array, person: Persons, order: Rows, ks: list[int]) -> Iterator[tuple[int, Rows]]:
    """Give BUILD's medoids for each number of clusters: each next one brings persons closest."""
    n = len(person)
    near = np.full(n, float(d.max()))
    rows: list[int] = []
    while len(rows) < max(ks):
        gain = gains(d, person, near)[order]
        gain[np.isin(order, rows)] = -1.0
        rows.append(int(order[np.argmax(gain >= gain.max() * (1 - LEAST))]))
        near = nearest(d, np.array(rows), n)[1]
    for k in ks:
        yield k, np.array(rows[:k])


def _swapped(d: Array, person: Persons, order: Rows, rows: Rows, start: str) -> KMedoids:
    """Swap from `rows` until nothing gains, and give every row to its nearest medoid."""
    n, medoids = len(person), rows.copy()
    objective = float(person @ nearest(d, medoids, n)[1])
    if len(medoids) == 1:
        medoids = central_rows(d, np.zeros(n, np.int32), person, order)
        swaps = int(medoids[0] != rows[0])
    else:
        swaps = swap(d, person, medoids, order, LEAST * objective)
    place = np.argsort(order)
    medoids = medoids[np.argsort(place[medoids])]
    own, first, _ = nearest(d, medoids, n)
    return _numbered(KMedoids(own, medoids, float(person @ first), swaps, start))


def _numbered(found: KMedoids) -> KMedoids:
    """Number the clusters by first appearance, and the medoids alike."""
    labels = numbered(found.labels)
    medoids = np.empty_like(found.medoids)
    medoids[labels[found.medoids]] = found.medoids
    return replace(found, labels=labels, medoids=medoids)
