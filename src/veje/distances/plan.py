"""What a family of dissimilarities hands to the dispatcher, and what it says about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from veje.condensed import Array
from veje.distances.normalise import NORMS, Scale

# Rows of `a` that one call of `Plan.block` covers at most: all lanes of the widest kernel, and few
# enough that its tables stay in the first cache.
BLOCK = 32

Block = Callable[[int, int, Array], None]


@dataclass(frozen=True)
class Plan:
    """A dissimilarity made ready for two sets of sequences `a` and `b`.

    block: `block(first, start, out)` fills `out[lane, j - start]` with the distance of `a[first +
    lane]` and `b[j]`, for every lane of `out` (at most BLOCK) and every j from `start` to the last;
    out is C-ordered float32 or float64. It runs without Python's lock, in several threads at once,
    so all it needs is bound and read only. highest: the greatest distance two sequences of this
    length can have, or a bound on it, for the norms maxdist and gmean; None where there is none.
    indel: the highest indel cost: what a state of a sequence's length counts. bound: the greatest
    distance for the norm YujianBo where it is not that of deleting and inserting all states.
    normed: as `block`, normalised in the method's own way, for the norm "auto".
    """

    block: Block
    highest: float | None = None
    indel: float = 1.0
    bound: float | None = None
    normed: Block | None = None

    def scale(self, length: int) -> Scale:
        """Return what distances of sequences of `length` states are normalised by."""
        highest = np.nan if self.highest is None else self.highest
        bound = 2 * length * self.indel if self.bound is None else self.bound
        return Scale(highest, length * self.indel, bound)


@dataclass(frozen=True)
class Method:
    """A dissimilarity by its name in `METHODS`.

    plan: `plan(a, b, costs, **parameters) -> Plan` of (n, L) uint8 state codes, where b is a for
    the pairs within one set. The rows are unique and in lexicographic order. parameters: its own
    parameters and their defaults. norms: those that have a meaning. auto: the one that "auto"
    stands for, None where there is none. prepare: where given, called as
    `prepare(a, b, **parameters) -> parameters` with the rows as they came, before equal ones are
    collapsed, for what depends on how often a sequence occurs.
    """

    plan: Callable[..., Plan]
    needs_costs: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    norms: frozenset[str] = frozenset(NORMS)
    auto: str | None = None
    prepare: Callable[..., Mapping[str, Any]] | None = None
