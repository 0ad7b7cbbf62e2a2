"""Parameters that do not fit a dissimilarity are refused with one clear line."""

import numpy as np
import pytest

from veje.distances import costs, pairwise

SEQ = np.array([[0, 1, 1], [1, 1, 0], [1, 2, 2]], np.uint8)
PRICE = costs(SEQ, "TRATE", n_states=3)
FLAT = costs(SEQ, "CONSTANT", n_states=3, cval=0)
LONG = np.zeros((2, 200), np.uint8)
LONG[1] = np.arange(200) % 2


def refused(method, line, price=PRICE, seq=SEQ, **options):
    return lambda: pairwise(seq, method, price, **options), line


REFUSED = {
    "near name": refused("OMspell", "'expcosts' of method OMspell.*expcost", expcosts=1),
    "no parameters": refused("LCS", "unknown parameter 'h' of method LCS; it has none", h=1),
    "no costs": refused("TWED", "TWED needs costs", None, nu=1),
    "no otto": refused("OMstran", "OMstran needs otto.*None"),
    "otto": refused("OMstran", "between 0 and 1; it is 2", otto=2),
    "transindel": refused("OMstran", "'probs'.*prob", otto=0.5, transindel="probs"),
    "no cost at all": refused("OMstran", "substitution cost above 0", FLAT, otto=0.5),
    "no column left": refused("OMstran", "2 states or more", seq=SEQ[:, :1], otto=0.5, add_column=False),
    "no nu": refused("TWED", "TWED needs nu"),
    "nu": refused("TWED", "nu, a number above 0; it is 0", nu=0),
    "h": refused("TWED", "h must be.*-1", nu=1, h=-1),
    "link": refused("OMslen", "unknown link 'median'.*mean", link="median"),
    "spell weight": refused("OMslen", "h must be.*-1", h=-1),
    "expcost": refused("OMspell", "expcost must be.*-1", expcost=-1),
    "tpow": refused("OMspell", "tpow must be.*nan", tpow=float("nan")),
    "context": refused("OMloc", "0 or more.*0.7.*at most 0.5", expcost=0.7),
    "one table": refused("DHD", r"each of 3 positions.*\(3, 3\)"),
    "costs by position": refused("OM", "vary over time", costs(SEQ, "TRATE", 3, time_varying=True)),
    "states of DHD": refused(
        "DHD", "state code 3.*3 states", costs(SEQ, "TRATE", 3, time_varying=True), SEQ + np.uint8(1)
    ),
    "kweights": refused("NMS", "kweights must be", kweights=[1, -1]),
    "no kweights": refused("SVRspell", "not all 0", kweights=0),
    "prox": refused("NMS", r"prox must be a square.*\(2, 3\)", prox=np.ones((2, 3))),
    "prox symmetry": refused("NMS", "symmetric", prox=[[1, 0.5, 0], [0, 1, 0], [0, 0, 1]]),
    "prox states": refused("SVRspell", "state code 2.*2 states", prox=np.eye(2)),
    "spell time": refused("SVRspell", "tpow must be", tpow=float("inf")),
    "too many": refused("NMS", "too long to count.*kweights", None, LONG),
    "step": refused("CHI2", "step must be 1", step=0),
    "odd step": refused("EUCLID", "step must be even.*3", step=3, overlap=True),
    "breaks": refused("CHI2", r"\(2, 4\).*positions 1 to 3", breaks=[(2, 4)]),
    "no breaks": refused("CHI2", "no interval", breaks=[]),
    "shares": refused("CHI2", "share for each of 3 states", global_pdotj=[0.5, 0.5]),
    "shares by name": refused("CHI2", "'all'", global_pdotj="all"),
    "negative shares": refused("CHI2", "0 or more", global_pdotj=[1, 1, -1]),
    "weights": refused("CHI2", "above 0", weights=[1, 1, 0]),
    "unseen": refused("CHI2", "to holds a state at positions 1 to 1", to=np.array([[2, 0, 0]], np.uint8)),
    "norm of counts": refused("NMS", "'gmean' has no meaning for method NMS; known: none", norm="gmean"),
    "norm of shares": refused("CHI2", "'maxdist' has no meaning.*known: auto", norm="maxdist"),
    "auto of counts": refused("SVRspell", "'auto' has no meaning", norm="auto"),
}


@pytest.mark.parametrize(("call", "line"), REFUSED.values(), ids=list(REFUSED))
def test_one_clear_line(call, line):
    with pytest.raises(ValueError, match=line) as refusal:
        call()
    assert "\n" not in str(refusal.value)


def test_proximities_that_are_no_inner_product_are_warned_of():
    prox = [[1, 2, 0], [2, 1, 0], [0, 0, 1]]
    with pytest.warns(UserWarning, match="not positive semi-definite"):
        d = pairwise(SEQ, "NMS", prox=prox)
    assert np.isfinite(d).all()


def test_short_subsequences_of_long_sequences_are_counted():
    assert pairwise(LONG, "NMS", kweights=[1.0])[0] == pytest.approx(np.sqrt(100**2 + 100**2))
