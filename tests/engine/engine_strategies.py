"""What Hypothesis draws: sequences, costs, and persons behind them."""

import numpy as np
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from veje.distances import Costs, costs
from veje.uniques import unique_sequences

PLAIN = settings(deadline=None, max_examples=60)


def codes(n_states, rows=(2, 20), length=(1, 8)):
    shapes = st.tuples(st.integers(*rows), st.integers(*length))
    return shapes.flatmap(lambda s: hnp.arrays(np.uint8, s, elements=st.integers(0, n_states - 1)))


@st.composite
def sequences_and_costs(draw):
    k = draw(st.integers(1, 5))
    seq = draw(codes(k))
    raw = draw(hnp.arrays(np.float64, (k, k), elements=st.floats(0, 4, width=32)))
    sub = np.triu(raw, 1) + np.triu(raw, 1).T
    price = st.floats(0, 3, width=32)
    indel = draw(st.one_of(price, hnp.arrays(np.float64, k, elements=price)))
    return seq, Costs(sub, indel)


@st.composite
def weighted_sequences(draw, most=10):
    k = draw(st.integers(2, 4))
    seq = draw(codes(k, (2, most), (2, 6)))
    states = unique_sequences(seq).states
    assume(len(states) > 1)
    heads = st.integers(1, 4)
    weights = np.array(draw(st.lists(heads, min_size=len(states), max_size=len(states))))
    method = draw(st.sampled_from(["CONSTANT", "TRATE"]))
    return states, weights, costs(states, method, k, weights)
