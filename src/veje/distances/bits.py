"""Optimal matching where a substitution costs no less than two indels: one bit for every state.

No substitution is ever needed then, so that the distance is twice the indel for every state outside
the longest common subsequence, whose length falls out of whole-word additions.
Source: Hyyrö 2004, AWOCA 15, "Bit-parallel LCS-length computation revisited", for the recurrence.
"""

from functools import partial
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from veje.arrays import Array, read_only
from veje.condensed import jit
from veje.distances.plan import BLOCK, Block
from veje.distances.tables import Table, shared_prefixes

# Bits of the widest word: longer sequences take another kernel.
LONGEST = 64
# Partners whose results are kept in the first cache before they are stored.
CHUNK = 32


def only_indels(sub: Table, indel: Table) -> bool:
    """Whether all indels cost the same, and no substitution costs less than two of them."""
    others = sub[~np.eye(len(sub), dtype=bool)]
    return bool((indel == indel[0]).all() and (others >= 2 * indel[0]).all())


def _vectors(context: Any, builder: Any, signature: Any, args: Any) -> list[Any]:
    """Return a pointer to a whole vector of lanes for each array argument."""
    pointers = []
    for kind, value in zip(signature.args, args, strict=True):
        vector = ir.VectorType(context.get_data_type(kind.dtype), BLOCK)
        data = context.make_array(kind)(context, builder, value).data
        pointers.append(builder.bitcast(data, vector.as_pointer()))
    return pointers


def _stepper(_typing: Any, before: Any, after: Any, match: Any) -> Any:
    """Type and emit `_step(before, after, match)`, one state of the partner for all lanes.

    before, after, match: (BLOCK,) words. after = (before + u) | (before - u) with u = before & match.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        source, target, matched = _vectors(context, builder, signature, args)
        size = signature.args[0].dtype.bitwidth // 8
        word = builder.load(source, align=size)
        both = builder.and_(word, builder.load(matched, align=size))
        after = builder.or_(builder.add(word, both), builder.sub(word, both))
        builder.store(after, target, align=size)
        return context.get_dummy_value()

    return types.void(before, after, match), generate


def _counter(_typing: Any, words: Any, mask: Any, counts: Any) -> Any:
    """Type and emit `_count(words, mask, counts)`, the number of set bits under the mask per lane."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointers = _vectors(context, builder, signature, args)
        size = signature.args[0].dtype.bitwidth // 8
        kept = builder.and_(*(builder.load(at, align=size) for at in pointers[:2]))
        name = f"llvm.ctpop.v{BLOCK}i{8 * size}"
        kind = ir.FunctionType(kept.type, [kept.type])
        emitted: Any = cgutils.get_or_insert_function
        count = emitted(builder.module, kind, name)
        builder.store(builder.call(count, [kept]), pointers[2], align=size)
        return context.get_dummy_value()

    return types.void(words, mask, counts), generate


_step: Any = intrinsic(_stepper)
_count: Any = intrinsic(_counter)


@jit
def _matches(a: Array, first: int, n_states: int, like: Array) -> Array:
    """Return (K, BLOCK) words whose bit y is set where lane's row has that state at position y."""
    out = np.zeros((n_states, BLOCK), like.dtype)
    for lane in range(min(BLOCK, len(a) - first)):
        for y in range(a.shape[1]):
            out[a[first + lane, y], lane] |= like.dtype.type(1) << like.dtype.type(y)
    return out


@jit
def _om_bits(
    a: Array,
    b: Array,
    shared: Array,
    n_states: int,
    mask: Array,
    price: float,
    first: int,
    start: int,
    out: Array,
) -> None:
    """Fill out[lane, j - start] with the distance of a[first + lane] and b[j].

    shared: (n,) states that each partner shares with the next; their words are kept. mask: (BLOCK,)
    words with a bit for each position. price: of a state outside the longest common subsequence.
    Results are stored CHUNK partners at a time, which is a stretch of each line of `out`.
    """
    length = a.shape[1]
    match = _matches(a, first, n_states, mask)
    table = np.empty((length + 1, BLOCK), mask.dtype)
    table[0] = mask
    counts = np.empty((CHUNK, BLOCK), mask.dtype)
    done = 0
    for j in range(start, len(b)):
        for x in range(done, length):
            _step(table[x], table[x + 1], match[b[j, x]])
        done = shared[j]
        at = (j - start) % CHUNK
        _count(table[length], mask, counts[at])
        if at == CHUNK - 1 or j == len(b) - 1:
            for lane in range(out.shape[0]):
                line = out[lane, j - start - at : j - start + 1]
                for i in range(at + 1):
                    line[i] = np.int32(counts[i, lane]) * price


def om_bits(a: Array, b: Array, n_states: int, indel: float) -> Block:
    """Return the kernel for (n, L) state codes of at most LONGEST states; see `Plan.block`."""
    length = a.shape[1]
    kind = np.uint32 if length <= 32 else np.uint64
    mask: NDArray[Any] = np.full(BLOCK, 2**length - 1, kind)
    return partial(_om_bits, a, b, shared_prefixes(b), n_states, read_only(mask), 2 * indel)
