"""What a family of dissimilarities hands to the dispatcher, and what it says about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from veje.condensed import Array
from veje.distances.normalise import NORMS

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
    length can have, for the norms maxdist and gmean; None where there is none. indel: the highest
    indel cost, for the norm YujianBo.
    """

    block: Block
    highest: float | None
    indel: float | None = None


@dataclass(frozen=True)
class Method:
    """A dissimilarity by its name in `METHODS`.

    plan: `plan(a, b, costs, **parameters) -> Plan` of (n, L) uint8 state codes, where b is a for
    the pairs within one set. The rows are unique and in lexicographic order. parameters: its own
    parameters and their defaults. norms: those that have a meaning. prepare: where given, called as
    `prepare(a, b, **parameters) -> parameters` with the rows as they came, before equal ones are
    collapsed, for what depends on how often a sequence occurs.
    """

    plan: Callable[..., Plan]
    needs_costs: bool = False
    parameters: Mapping[str, Any] = field(default_factory=dict)
    norms: frozenset[str] = frozenset(NORMS)
    prepare: Callable[..., Mapping[str, Any]] | None = None
