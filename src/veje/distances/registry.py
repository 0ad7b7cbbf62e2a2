"""The dissimilarities by their TraMineR names; a new one slots in here."""

from functools import partial

from veje.distances import (
    alignment,
    distributions,
    dynamic_hamming,
    hamming,
    localised,
    prefix,
    spell_length,
    spell_sequence,
    spell_vectors,
    subsequence,
    subsequences,
    time_warp,
    transitions,
)
from veje.distances.plan import Method

NO_NORM: frozenset[str] = frozenset()
TRANSITION = {"otto": None, "transindel": "constant", "previous": False, "add_column": True}
INTERVALS = {"step": 1, "overlap": False, "breaks": None}
CHI2 = partial(distributions.prepare, euclid=False)
EUCLID = partial(distributions.prepare, euclid=True)

METHODS: dict[str, Method] = {
    "OM": Method(alignment.plan, needs_costs=True, auto="maxlength"),
    "OMloc": Method(
        localised.plan, needs_costs=True, parameters={"expcost": 0.5, "context": None}, auto="YujianBo"
    ),
    "OMslen": Method(
        spell_length.plan, needs_costs=True, parameters={"link": "mean", "h": 0.5}, auto="YujianBo"
    ),
    "OMspell": Method(
        spell_sequence.plan, needs_costs=True, parameters={"expcost": 0.5, "tpow": 1.0}, auto="YujianBo"
    ),
    "OMstran": Method(
        transitions.plan,
        needs_costs=True,
        parameters={**TRANSITION, "weights": None},
        auto="YujianBo",
        prepare=transitions.prepare,
    ),
    "TWED": Method(
        time_warp.plan, needs_costs=True, parameters={"nu": None, "h": 0.5, "indel": None}, auto="YujianBo"
    ),
    "HAM": Method(hamming.plan, auto="maxlength"),
    "DHD": Method(
        dynamic_hamming.plan, parameters={"weights": None}, auto="maxlength", prepare=dynamic_hamming.prepare
    ),
    "LCS": Method(subsequence.plan, auto="gmean"),
    "LCP": Method(prefix.prefix_plan, auto="gmean"),
    "RLCP": Method(prefix.suffix_plan, auto="gmean"),
    "NMS": Method(subsequences.plan, parameters={"prox": None, "kweights": None}, norms=NO_NORM),
    "SVRspell": Method(
        spell_vectors.plan, parameters={"prox": None, "kweights": None, "tpow": 1.0}, norms=NO_NORM
    ),
    "CHI2": Method(
        distributions.plan,
        parameters={**INTERVALS, "weights": None, "global_pdotj": None},
        norms=NO_NORM,
        auto="auto",
        prepare=CHI2,
    ),
    "EUCLID": Method(distributions.plan, parameters=INTERVALS, norms=NO_NORM, auto="auto", prepare=EUCLID),
}
