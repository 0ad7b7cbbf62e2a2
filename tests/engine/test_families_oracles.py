"""Every family of dissimilarities against its textbook version, on what Hypothesis comes up with."""

import family_oracles as textbook
import numpy as np
import pytest
from engine_strategies import codes, sequences_and_costs
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import squareform

from veje.distances import METHODS, Costs, costs, pairwise, transition_rates
from veje.distances.intervals import intervals

FEW = settings(deadline=None, max_examples=40)
SHARE = st.floats(0, 1, width=32)
OTHER = st.floats(0, 3, width=32)


def agrees(seq, method, price, oracle, **parameters):
    found = pairwise(seq, method, price, dtype=np.float64, **parameters)
    pairs = zip(*np.triu_indices(len(seq), 1), strict=True)
    expected = [oracle(seq[i], seq[j]) for i, j in pairs]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


def indels(price):
    return np.broadcast_to(price.indel, len(price.sub))


@FEW
@given(sequences_and_costs(), st.floats(0, 0.5, width=32), st.none() | OTHER)
def test_localised(case, expcost, context):
    seq, price = case
    used = 1 - 2 * expcost if context is None else context

    def oracle(a, b):
        return textbook.omloc(a, b, price.sub, indels(price), expcost, used)

    agrees(seq, "OMloc", price, oracle, expcost=expcost, context=context)


@FEW
@given(sequences_and_costs(), st.sampled_from(["mean", "gmean"]), OTHER)
def test_spell_length(case, link, h):
    seq, price = case

    def oracle(a, b):
        return textbook.omslen(a, b, price.sub, indels(price), link, h)

    agrees(seq, "OMslen", price, oracle, link=link, h=h)


@FEW
@given(sequences_and_costs(), OTHER, st.floats(0, 2, width=32))
def test_spell_sequence(case, expcost, tpow):
    seq, price = case

    def oracle(a, b):
        return textbook.omspell(a, b, price.sub, indels(price), expcost, tpow)

    agrees(seq, "OMspell", price, oracle, expcost=expcost, tpow=tpow)


@FEW
@given(
    sequences_and_costs(),
    SHARE,
    st.sampled_from(["constant", "subcost", "prob"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_transitions(case, otto, transindel, previous, add_column, weighted):
    seq, price = case
    assume(price.sub.max() > 0 and seq.shape[1] > 2)
    weights = np.arange(len(seq)) + 1.0 if weighted else None
    rates = transition_rates(seq, len(price.sub), weights)
    options = {"otto": otto, "transindel": transindel, "previous": previous, "add_column": add_column}

    def oracle(a, b):
        return textbook.omstran(a, b, price.sub, indels(price), **options, rates=rates)

    agrees(seq, "OMstran", price, oracle, **options, weights=weights)


def test_more_transitions_than_a_byte_counts():
    seq = np.random.default_rng(3).integers(0, 9, (12, 40)).astype(np.uint8)
    price = costs(seq, "TRATE", n_states=9)
    tokens = {t for row in seq for t in textbook.transition_tokens(row, True, True)}
    assert len(tokens) > 256
    options = {"otto": 0.3, "transindel": "constant", "previous": True, "add_column": True}

    def oracle(a, b):
        return textbook.omstran(a, b, price.sub, indels(price), **options, rates=np.eye(9))

    agrees(seq, "OMstran", price, oracle, **options)


@FEW
@given(sequences_and_costs(), st.floats(0.125, 3, width=32), OTHER)
def test_time_warp(case, nu, h):
    seq, price = case

    def oracle(a, b):
        return textbook.twed(a, b, price.sub, indels(price), nu, h)

    agrees(seq, "TWED", price, oracle, nu=nu, h=h)


@FEW
@given(codes(4), st.data())
def test_dynamic_hamming(seq, data):
    raw = data.draw(hnp.arrays(np.float64, (seq.shape[1], 4, 4), elements=OTHER))
    sub = np.triu(raw, 1) + np.swapaxes(np.triu(raw, 1), 1, 2)
    agrees(seq, "DHD", Costs(sub, 1.0), lambda a, b: textbook.dhd(a, b, sub))


@FEW
@given(codes(3))
def test_common_parts(seq):
    for method, oracle in (("LCS", textbook.lcs), ("LCP", textbook.lcp), ("RLCP", textbook.rlcp)):
        agrees(seq, method, None, oracle)


@st.composite
def proximities(draw):
    """Likeness of four states that is an inner product: of directions in the plane."""
    angle = draw(hnp.arrays(np.float64, 4, elements=st.floats(0, 1.5, width=32)))
    plane = np.stack([np.cos(angle), np.sin(angle)])
    return plane.T @ plane


KWEIGHTS = st.none() | st.floats(0.5, 3, width=32) | st.lists(OTHER, min_size=1, max_size=9)


def by_length(kweights, length):
    return np.full(length, 1.0 if kweights is None else kweights) if np.ndim(kweights) == 0 else kweights


@FEW
@given(codes(4, (2, 6), (1, 6)), st.none() | proximities(), KWEIGHTS)
def test_matching_subsequences(seq, prox, kweights):
    assume(kweights is None or np.any(by_length(kweights, seq.shape[1])[: seq.shape[1]]))
    like, weights = np.eye(4) if prox is None else prox, by_length(kweights, seq.shape[1])
    found = pairwise(seq, "NMS", prox=prox, kweights=kweights, dtype=np.float64) ** 2
    pairs = zip(*np.triu_indices(len(seq), 1), strict=True)
    expected = [textbook.nms(seq[i], seq[j], like, weights) ** 2 for i, j in pairs]
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


@FEW
@given(codes(4, (2, 6), (1, 7)), st.none() | proximities(), KWEIGHTS, st.floats(0, 2, width=32))
def test_spell_vectors(seq, prox, kweights, tpow):
    assume(kweights is None or np.any(by_length(kweights, seq.shape[1])[: seq.shape[1]]))
    like, weights = np.eye(4) if prox is None else prox, by_length(kweights, seq.shape[1])
    found = pairwise(seq, "SVRspell", prox=prox, kweights=kweights, tpow=tpow, dtype=np.float64) ** 2
    pairs = zip(*np.triu_indices(len(seq), 1), strict=True)
    expected = [textbook.svrspell(seq[i], seq[j], like, weights, tpow) ** 2 for i, j in pairs]
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-7)


@FEW
@given(codes(3, (2, 9), (1, 9)), st.integers(1, 10), st.booleans(), st.booleans(), st.data())
def test_distributions(seq, step, overlap, normed, data):
    step += step % 2 if overlap else 0
    heads = st.floats(0.25, 4, width=32)
    weights = data.draw(hnp.arrays(np.float64, len(seq), elements=heads))
    shares = data.draw(st.none() | hnp.arrays(np.float64, 3, elements=heads))
    known = [None] * 3 if shares is None else shares / shares.sum()
    cut, norm = intervals(seq.shape[1], step, overlap, None), "auto" if normed else None
    options = {"step": step, "overlap": overlap, "norm": norm, "dtype": np.float64}
    found = pairwise(seq, "CHI2", weights=weights, global_pdotj=shares, **options)
    expected = textbook.distributions(seq, cut, weights, known, normed, euclid=False)
    np.testing.assert_allclose(squareform(found), expected, rtol=1e-9, atol=1e-9)
    found = pairwise(seq, "EUCLID", **options)
    expected = textbook.distributions(seq, cut, weights, known, normed, euclid=True)
    np.testing.assert_allclose(squareform(found), expected, rtol=1e-9, atol=1e-9)


def test_intervals_by_hand():
    assert intervals(10, 4, False, None) == [(0, 4), (4, 8), (8, 10)]
    assert intervals(8, 4, True, None) == [(0, 3), (0, 4), (2, 6), (4, 8), (6, 8)]
    assert intervals(5, 9, False, None) == [(0, 5)]
    assert intervals(9, 4, True, None)[-2:] == [(8, 9), (8, 9)]
    assert intervals(6, 1, False, [(1, 2), (2, 6)]) == [(0, 2), (1, 6)]


NEEDED = {"OMstran": {"otto": 0.4}, "TWED": {"nu": 0.5}, "CHI2": {"step": 2}}


def some(method, n=40, length=9, n_states=4, seed=5):
    """Sequences, and costs where the method needs some."""
    random = np.random.default_rng(seed)
    seq = random.integers(0, n_states, (n, length)).astype(np.uint8)
    price = costs(seq, "INDELSLOG", n_states) if METHODS[method].needs_costs else None
    return seq, price, NEEDED.get(method, {})


@pytest.mark.parametrize("method", METHODS)
def test_cross_distances_are_the_condensed_ones(method):
    seq, price, options = some(method)
    for norm in [None, *sorted(METHODS[method].norms), *(["auto"] if METHODS[method].auto else [])]:
        one = pairwise(seq, method, price, norm=norm, dtype=np.float64, **options)
        table = pairwise(seq, method, price, norm=norm, dtype=np.float64, to=seq, **options)
        np.testing.assert_allclose(table, squareform(one), rtol=1e-9, atol=1e-9)
        assert not np.diagonal(table).any()


@pytest.mark.parametrize("method", METHODS)
def test_threads_and_order_change_nothing(method):
    seq, price, options = some(method, n=90)
    order = np.random.default_rng(1).permutation(len(seq))
    one = pairwise(seq, method, price, threads=1, **options)
    assert pairwise(seq, method, price, threads=3, **options).tobytes() == one.tobytes()
    shuffled = squareform(pairwise(seq[order], method, price, **options))
    np.testing.assert_allclose(shuffled, squareform(one)[np.ix_(order, order)], rtol=1e-6)


METRICS = ["OM", "OMspell", "TWED", "HAM", "LCS", "LCP", "RLCP", "NMS", "SVRspell", "CHI2", "EUCLID"]


@pytest.mark.parametrize("method", METRICS)
def test_the_triangle_inequality_holds_where_it_is_claimed(method):
    # With costs that are a metric themselves (Studer & Ritschard 2016).
    seq, price, options = some(method, seed=6)
    price = price and costs(seq, "CONSTANT", n_states=4)
    d = squareform(pairwise(seq, method, price, dtype=np.float64, **options))
    assert (d[:, :, None] + d[None] >= d[:, None] - 1e-9).all()
    assert (d[~np.eye(len(d), dtype=bool)] > 0).all() or method in ("CHI2", "EUCLID")


def bounds(method, sub, indel, length):
    """TraMineR's greatest distance, length of a sequence, and greatest distance for YujianBo."""
    top, gap = sub.max(), indel.max()
    local = top * 0.1 + 0.8
    warp = 2 * top + 0.5 + 0.3
    plain = min(top, 2 * gap)
    return {
        "OM": (length * plain, length * gap, 2 * length * gap),
        "OMspell": (length * plain, length * gap, 2 * length * gap),
        "OMloc": (length * min(top, 2 * local), length * local, 2 * length * local),
        "OMslen": (2 * length * min(top / 2, 2 * gap), length * gap, 4 * length * gap),
        "TWED": (2 * length * (top + 0.5), length * warp, 2 * length * (2 * warp + 0.5)),
        "HAM": (length * top, length * top, length * top),
        "LCS": (2 * length, length, 2 * length),
        "LCP": (2 * length, length, 2 * length),
    }[method]


@pytest.mark.parametrize("indel", [None, 0.2])
@pytest.mark.parametrize("method", ["OM", "OMspell", "OMloc", "OMslen", "TWED", "HAM", "LCS", "LCP"])
def test_norms_by_their_formulas(method, indel):
    seq, _, _ = some(method)
    price = costs(seq, "INDELSLOG", 4)
    price = price if indel is None else Costs(price.sub, indel)
    options = {"OMloc": {"expcost": 0.1}, "TWED": {"nu": 0.5, "h": 0.3}}.get(method, {})

    def found(norm):
        return pairwise(seq, method, price, norm=norm, dtype=np.float64, **options)

    d = found(None)
    most, length, bound = bounds(method, price.sub, np.atleast_1d(price.indel), seq.shape[1])
    expected = {
        "maxlength": d / length,
        "gmean": np.where(d > 0, 1 - (most - d) / (2 * length), 0),
        "maxdist": d / most,
        "YujianBo": 2 * d / (bound + d),
    }
    for norm, values in expected.items():
        np.testing.assert_allclose(found(norm), values, rtol=1e-9, err_msg=norm)
    np.testing.assert_array_equal(found("auto"), found(METHODS[method].auto))
    np.testing.assert_array_equal(found("none"), d)


def test_norms_of_transitions_count_transitions():
    seq, price, _ = some("OMstran")
    options = {"otto": 0.5, "add_column": False}
    d = pairwise(seq, "OMstran", price, dtype=np.float64, **options)
    top, gap = price.sub.max(), price.indel.max()
    dearest = 0.5 * gap / top + 0.5 * gap / top
    found = pairwise(seq, "OMstran", price, norm="maxlength", dtype=np.float64, **options)
    np.testing.assert_allclose(found, d / (8 * dearest), rtol=1e-9)


def test_norms_of_costs_by_position():
    seq, _, _ = some("DHD")
    most = costs(seq, "TRATE", 4, time_varying=True).sub.max(axis=(1, 2)).sum()
    d = pairwise(seq, "DHD", dtype=np.float64)
    for norm in ("maxlength", "maxdist"):
        np.testing.assert_allclose(pairwise(seq, "DHD", norm=norm, dtype=np.float64), d / most, rtol=1e-9)


@pytest.mark.parametrize(
    ("method", "options"),
    [("DHD", {}), ("CHI2", {"step": 2}), ("OMstran", {"otto": 0.2, "transindel": "prob"})],
)
def test_weights_are_copies(method, options):
    seq, price, _ = some(method, n=12)
    weights = np.arange(12) % 3 + 1
    person = np.repeat(np.arange(12), weights)
    one = squareform(pairwise(seq, method, price, weights=weights, **options))
    many = squareform(pairwise(seq[person], method, price, **options))
    np.testing.assert_allclose(one[np.ix_(person, person)], many, rtol=1e-6)
    alike = squareform(pairwise(seq, method, price, **options))
    assert not np.allclose(one, alike)
