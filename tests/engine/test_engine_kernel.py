"""The kernel: whole ticks, cross-distances, equal rows, threads, memory-mapped results, Ctrl-C."""

import time

import numpy as np
import pytest
from engine_oracles import textbook_om
from engine_strategies import PLAIN, codes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import squareform

from veje.arrays import read_only
from veje.distances import METHODS, Costs, costs, pairwise
from veje.distances.bits import only_indels
from veje.distances.plan import BLOCK, Method, Plan
from veje.distances.ticks import ROUNDING, as_ticks
from veje.uniques import unique_sequences

K = 4


def walks(n, length, k=9, seed=3, stay=0.9):
    """Benefit-like courses: a state is kept most of the time."""
    draw = np.random.default_rng(seed)
    seq = draw.integers(0, k, (n, length)).astype(np.uint8)
    for t in range(1, length):
        seq[:, t] = np.where(draw.random(n) < stay, seq[:, t - 1], seq[:, t])
    return seq


def table_of(a, b, price):
    indel = np.broadcast_to(price.indel, len(price.sub))
    return np.array([[textbook_om(x, y, price.sub, indel) for y in b] for x in a])


@st.composite
def two_sets(draw, tick):
    """Two sets of unsorted sequences with equal rows among them, and costs in ticks."""
    length = draw(st.integers(1, 7))
    a, b = (draw(codes(K, (2, 9), (length, length))) for _ in range(2))
    a = np.concatenate([a, a[::2], b[:1]])
    whole = hnp.arrays(np.int64, (K, K), elements=st.integers(0, 40))
    upper = np.triu(draw(whole), 1) * tick
    indels = st.one_of(st.integers(0, 30), hnp.arrays(np.int64, K, elements=st.integers(0, 30)))
    return a, b, Costs(upper + upper.T, draw(indels) * tick)


@PLAIN
@given(two_sets(tick=0.25))
def test_whole_ticks_are_exact_in_float32(case):
    a, b, price = case
    np.testing.assert_array_equal(pairwise(a, "OM", price), squareform(table_of(a, a, price)))
    np.testing.assert_array_equal(pairwise(a, b, "OM", costs=price), table_of(a, b, price))


@PLAIN
@given(two_sets(tick=0.1))
def test_decimal_ticks_are_exact_but_for_the_last_rounding(case):
    a, b, price = case
    expected = table_of(a, b, price)
    np.testing.assert_allclose(pairwise(a, b, costs=price), expected, rtol=1e-7, atol=1e-12)
    exact = pairwise(a, b, costs=price, dtype=np.float64)
    np.testing.assert_allclose(exact, expected, rtol=1e-12, atol=1e-12)


@PLAIN
@given(two_sets(tick=np.pi / 10))
def test_other_costs_are_within_the_rounding_bound(case):
    a, b, price = case
    np.testing.assert_allclose(pairwise(a, b, costs=price), table_of(a, b, price), rtol=1e-6, atol=0)


@pytest.mark.parametrize("length", [20, 60, 260])
@pytest.mark.parametrize("method", ["TRATE", "CONSTANT"])
def test_float32_is_near_float64(length, method):
    seq = walks(70, length)
    price = costs(seq, method, 9)
    exact = pairwise(seq, "OM", price, dtype=np.float64)
    np.testing.assert_allclose(pairwise(seq, "OM", price), exact, rtol=1e-6 if method == "TRATE" else 0)


def test_ticks_take_the_narrowest_kind_that_holds_the_longest_alignment():
    constant = np.where(np.eye(3), 0, 2.0)
    one = np.ones(3)
    assert as_ticks(constant, one, 20).swap.dtype == np.int16
    assert as_ticks(constant, one, 20).tick == 1
    assert as_ticks(constant * 0.3, one * 0.2, 20).tick == pytest.approx(0.2)
    assert as_ticks(constant * 0.15, one * 0.2, 20).tick == pytest.approx(0.1)
    assert as_ticks(constant, one, 2**14 - 1).swap.dtype == np.int16
    assert as_ticks(constant, one, 2**14).swap.dtype == np.int32
    uneven = as_ticks(constant / np.pi, one, 20)
    assert uneven.swap.dtype == np.int32
    assert uneven.tick / 2 <= ROUNDING * 2 / np.pi


def test_ticks_of_costs_that_never_count_are_not_needed():
    # A substitution dearer than two indels is never made, however large it is.
    forbidden = np.where(np.eye(3), 0, 1e12)
    assert as_ticks(forbidden, np.ones(3), 20).tick == 1


@pytest.mark.parametrize("length", [1, 31, 32, 33, 63, 64, 65])
@pytest.mark.parametrize("dear", [False, True])
def test_one_bit_a_state_where_no_substitution_pays(length, dear):
    seq = walks(12, length, k=5, seed=length, stay=0.5)
    sub = np.where(np.eye(5), 0, 3.0)
    if dear:
        sub[0, 1] = sub[1, 0] = 70
    price = Costs(sub, 1.5)
    expected = table_of(seq, seq[:7], price)
    np.testing.assert_array_equal(pairwise(seq, seq[:7], costs=price), expected)
    np.testing.assert_array_equal(pairwise(seq, seq[:7], costs=price, dtype=np.float64), expected)


def test_one_bit_a_state_only_where_no_substitution_pays():
    sub = np.where(np.eye(3), 0, 3.0)
    assert only_indels(sub, np.full(3, 1.5))
    assert not only_indels(sub, np.full(3, 1.6))
    assert not only_indels(sub, np.array([1.5, 1.5, 1.0]))
    assert only_indels(np.zeros((1, 1)), np.ones(1))


def test_costs_too_unlike_for_ticks_are_computed_in_float64():
    sub = np.array([[0, np.pi * 1e-6, 7], [np.pi * 1e-6, 0, 7], [7, 7, 0]])
    price = Costs(sub, 1e6 * np.e)
    assert as_ticks(sub, np.full(3, price.indel), 20) is None
    seq = walks(30, 20, k=3)
    exact = pairwise(seq, "OM", price, dtype=np.float64)
    np.testing.assert_array_equal(pairwise(seq, "OM", price), exact.astype(np.float32))


def test_both_ways_to_name_the_other_sequences():
    a, b = walks(40, 8), walks(25, 8, seed=5)
    price = costs(a, "TRATE", 9)
    table = pairwise(a, b, "OM", costs=price)
    assert table.shape == (40, 25)
    np.testing.assert_array_equal(pairwise(a, "OM", price, to=b), table)
    np.testing.assert_array_equal(pairwise(a, b, costs=price), table)
    np.testing.assert_array_equal(pairwise(b, a, costs=price), table.T)


@pytest.mark.parametrize("method", ["OM", "HAM"])
@pytest.mark.parametrize("n", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17])
def test_blocks_rows_and_threads_change_nothing(method, n):
    seq = np.unique(walks(4 * n, 12), axis=0)[:n]
    price = costs(seq, "TRATE", 9)
    square = squareform(pairwise(seq, method, price, threads=1))
    order = np.random.default_rng(n).permutation(np.repeat(np.arange(n), 2))
    several = pairwise(seq[order], method, price, threads=3)
    np.testing.assert_array_equal(several, squareform(square[np.ix_(order, order)]))


def test_result_in_a_memory_mapped_file(tmp_path):
    seq = walks(150, 12)
    price = costs(seq, "TRATE", 9)
    path = tmp_path / "distances.npy"
    entries = (150 * 149 // 2,)
    disk = np.lib.format.open_memmap(path, "w+", np.float32, entries)
    assert pairwise(seq, "OM", price, out=disk) is disk
    disk.flush()
    np.testing.assert_array_equal(np.load(path), pairwise(seq, "OM", price))


def test_progress_ends_with_all_unique_pairs():
    seq = walks(200, 12)
    told = []
    pairwise(seq, "OM", costs(seq, "TRATE", 9), progress=lambda *steps: told.append(steps))
    u = len(np.unique(seq, axis=0))
    assert told[-1] == (u * (u - 1) // 2,) * 2
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_an_interrupt_stops_the_work(monkeypatch):
    begun = []

    def plan(a, b, costs):
        def block(first, start, out):
            begun.append(first)
            time.sleep(0.02)

        return Plan(block, 1.0)

    def interrupt(done, total):
        raise KeyboardInterrupt

    monkeypatch.setitem(METHODS, "SLOW", Method(plan))
    seq = np.unique(walks(9000, 12), axis=0)
    with pytest.raises(KeyboardInterrupt):
        pairwise(seq, "SLOW", progress=interrupt, threads=1)
    assert len(begun) < len(seq) / BLOCK / 2


def test_a_failure_in_a_thread_is_told(monkeypatch):
    def plan(a, b, costs):
        def block(first, start, out):
            raise MemoryError

        return Plan(block, 1.0)

    monkeypatch.setitem(METHODS, "BROKEN", Method(plan))
    with pytest.raises(MemoryError):
        pairwise(walks(50, 5), "BROKEN")


def test_many_rows_with_few_distinct_sequences():
    # 46,342 rows are the first whose matrix has more cells than a 32-bit integer counts.
    four = np.unique(walks(60, 6), axis=0)[:4]
    seq = four[np.random.default_rng(2).integers(0, 4, 46_342)]
    found = unique_sequences(seq)
    np.testing.assert_array_equal(found.states, four)
    assert found.weights.sum() == 46_342
    price = costs(seq, "TRATE", 9)
    table = pairwise(seq, found.states, costs=price)
    np.testing.assert_array_equal(table, squareform(pairwise(four, "OM", price))[found.index])


def test_all_sequences_alike_are_at_distance_0():
    seq = np.tile(walks(1, 6), (5, 1))
    assert pairwise(seq, "OM", costs(seq, "CONSTANT", 9)).tolist() == [0] * 10


def test_read_only_sequences_to_compare_with():
    seq = walks(20, 6)
    price = costs(seq, "CONSTANT", 9)
    np.testing.assert_array_equal(pairwise(seq, read_only(seq), costs=price), pairwise(seq, seq, costs=price))


SEQ = walks(6, 4)
COSTS = costs(SEQ, "CONSTANT", 9)
REFUSED = {
    "parameter": (lambda: pairwise(SEQ, "OM", COSTS, otto=1), "unknown parameter 'otto' of method OM"),
    "other length": (lambda: pairwise(SEQ, SEQ[:, :2], costs=COSTS), "to has sequences of 2 states"),
    "other type": (lambda: pairwise(SEQ, SEQ.astype(int), costs=COSTS), "to must be uint8.*int64"),
    "other empty": (lambda: pairwise(SEQ, SEQ[:0], costs=COSTS), "to must be.*not empty"),
    "state in other": (lambda: pairwise(SEQ, SEQ + np.uint8(9), costs=COSTS), "state code"),
    "out shape": (lambda: pairwise(SEQ, "OM", COSTS, out=np.empty(3)), r"out must be.*\(15,\).*\(3,\)"),
    "out type": (lambda: pairwise(SEQ, "OM", COSTS, out=np.empty(15, int)), "out must be float32"),
    "out locked": (lambda: pairwise(SEQ, "OM", COSTS, out=read_only(np.empty(15))), "out must be writable"),
    "no sequences": (lambda: pairwise(SEQ[:0], "OM", COSTS), "seq must be.*not empty"),
}


@pytest.mark.parametrize(("call", "line"), REFUSED.values(), ids=list(REFUSED))
def test_one_clear_line(call, line):
    with pytest.raises(ValueError, match=line) as refusal:
        call()
    assert "\n" not in str(refusal.value)
