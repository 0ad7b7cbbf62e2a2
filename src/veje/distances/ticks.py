"""Optimal matching in whole numbers: every cost a count of ticks, as many lanes as a register holds.

Whole numbers add up to the same sum in any order, and gap costs leave the innermost loop without
cancelling digits: for the cost D(x, y) of aligning the first x states of one sequence with the first
y of another, E(x, y) = D(x, y) - (indels of those x and y states) has insertions and deletions for
nothing, and a substitution for sub(s, t) - indel(s) - indel(t).
Source: Gotoh 1982, J Mol Biol 162(3), for the recurrence; Wozniak 1997, CABIOS 13(2), for one
sequence against many in the lanes of a vector register.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from veje.condensed import Array, jit
from veje.distances.tables import Table

# One cache line, and one register of the widest vector units.
WIDTH = 64
# A cost that is no multiple of a common tick is rounded to one; this bounds its relative error, and
# with it the distance's: an alignment's cost is a sum of costs that are each this near.
ROUNDING = 5e-7


@dataclass(frozen=True, eq=False)
class Ticks:
    """Costs counted in ticks.

    swap: (K, K) int16 or int32, substitution less the two indels it stands for, 0 where those are
    cheaper. indel: (K,) int64. tick: the cost of one.
    """

    swap: NDArray[Any]
    indel: NDArray[np.int64]
    tick: float


def as_ticks(sub: Table, indel: Table, length: int) -> Ticks | None:
    """Return costs in ticks for sequences of `length` states, or None where ticks are too coarse.

    Costs that are fractions with denominators up to 1,000 are exact, in int16 where that holds the
    longest alignment's sum, else in int32; other costs are rounded to a power of two, of a relative
    error of at most ROUNDING.
    """
    twice = indel[:, None] + indel
    prices = np.unique(np.concatenate([sub[sub < twice], indel]))
    most = 2.0 * length * float(indel.max())
    tick = _common_tick(prices)
    if tick is None or most / tick >= 2**31:
        tick = _rounded_tick(prices, most, length)
    if tick is None:
        return None
    swaps, gaps = (np.rint(cost / tick).astype(np.int64) for cost in (np.minimum(sub, twice), indel))
    kind = np.int16 if most / tick < 2**15 else np.int32
    swap = np.minimum(swaps - gaps[:, None] - gaps, 0).astype(kind)
    return Ticks(swap, gaps, tick)


def _common_tick(prices: Table) -> float | None:
    """Return the largest tick that all prices are multiples of, None when one is no short fraction."""
    shares = []
    for price in prices.tolist():
        shares.append(Fraction(price).limit_denominator(1000))
        if float(shares[-1]) != price:
            return None
    below = math.lcm(*(share.denominator for share in shares))
    return (math.gcd(*(int(share * below) for share in shares)) or below) / below


def _rounded_tick(prices: Table, most: float, length: int) -> float | None:
    """Return the least power of two that counts `most` in int32, None when it is too coarse."""
    least = float(prices[prices > 0].min())
    # Each of the 2 L indels may have been rounded up by half a tick.
    room = 2**31 - 1 - length
    tick = 2.0 ** math.ceil(math.log2(max(most, least) / room))
    return tick if tick / 2 <= ROUNDING * least else None


def _minimum(builder: Any, one: Any, other: Any) -> Any:
    """Emit the lower of two vectors of whole numbers, lane by lane."""
    return builder.select(builder.icmp_signed("<", one, other), one, other)


def _emit_line(builder: Any, element: Any, lines: list[Any], cells: Any) -> None:
    """Emit the loop over a line's cells, which keeps the cell to the left in a register."""
    keep: Any = cgutils.alloca_once_value
    size = element.width // 8
    vector = ir.VectorType(element, WIDTH // size)
    start = [builder.bitcast(at, vector.as_pointer()) for at in lines]

    def load(line: Any, cell: Any) -> Any:
        return builder.load(builder.gep(line, [cell]), align=size)

    def store(value: Any, cell: Any) -> None:
        builder.store(value, builder.gep(start[1], [cell]), align=size)

    first = load(start[0], cells.type(0))
    store(first, cells.type(0))
    diagonal, left = keep(builder, first), keep(builder, first)
    with cgutils.for_range(builder, cells) as loop:
        above_at = builder.add(loop.index, loop.index.type(1))
        above = load(start[0], above_at)
        swapped = builder.add(builder.load(diagonal), load(start[2], loop.index))
        best = _minimum(builder, builder.load(left), _minimum(builder, swapped, above))
        store(best, above_at)
        builder.store(above, diagonal)
        builder.store(best, left)


def _line_filler(_typing: Any, before: Any, after: Any, swap: Any) -> Any:
    """Type and emit `_advance(before, after, swap)`, which fills line `after` from line `before`.

    before, after: (L + 1, lanes). swap: (L, lanes). Emitted as vector instructions: plain
    loops over lanes compile to half their speed at best, and which do changes with the compiler.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        arrays = [
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args, args, strict=True)
        ]
        cells = builder.extract_value(arrays[2].shape, 0)
        element = context.get_data_type(signature.args[0].dtype)
        _emit_line(builder, element, [array.data for array in arrays], cells)
        return context.get_dummy_value()

    return types.void(before, after, swap), generate


_advance: Any = intrinsic(_line_filler)


@jit
def _swaps(a: Array, first: int, swap: Array, lanes: int) -> Array:
    """Return the costs (K, L, lanes) of swapping any state for each state of rows from `first` on."""
    out = np.empty((swap.shape[0], a.shape[1], lanes), swap.dtype)
    for other in range(swap.shape[0]):
        for y in range(a.shape[1]):
            for lane in range(lanes):
                out[other, y, lane] = swap[other, a[min(first + lane, len(a) - 1), y]]
    return out


@jit
def gaps_of(rows: Array, indel: Array) -> Array:
    """Return the cost of deleting each whole sequence, in ticks, (n,) int64."""
    out = np.zeros(len(rows), np.int64)
    for i in range(len(rows)):
        for state in rows[i]:
            out[i] += indel[state]
    return out


@jit
def om_ticks(
    a: Array,
    b: Array,
    shared: Array,
    swap: Array,
    gaps_a: Array,
    gaps_b: Array,
    tick: float,
    first: int,
    start: int,
    out: Array,
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j].

    shared: (n,) first states that each partner shares with the next one. Lines of the table that
    belong to them are kept, which is exact and pays off because rows are in lexicographic order;
    others take turns in two spare lines, which stay in the first cache.
    """
    length = a.shape[1]
    lanes = WIDTH // swap.itemsize
    table = np.zeros((length + 3, length + 1, lanes), swap.dtype)
    for top in range(0, out.shape[0], lanes):
        price = _swaps(a, first + top, swap, lanes)
        rows = min(lanes, out.shape[0] - top)
        done = 0
        for j in range(start, len(b)):
            line, keep = done, shared[j]
            for x in range(done, length):
                after = x + 1 if x < keep else length + 1 + x % 2
                _advance(table[line], table[after], price[b[j, x]])
                line = after
            done = keep
            for lane in range(rows):
                ticks = table[line, length, lane] + gaps_a[first + top + lane] + gaps_b[j]
                out[top + lane, j - start] = ticks * tick
