"""The dissimilarities by their TraMineR names; a new one slots in here."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from veje.dissimilarity import AUTO_NORM, OF_METHOD
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
from veje.distances.normalise import NORMS
from veje.distances.plan import Method, Plan

Known = tuple[Callable[..., Plan], bool, Callable[..., Mapping[str, Any]] | None, dict[str, Any]]

# Plan, whether it needs costs, what prepares it, and parameters that only a caller can give.
_KNOWN: dict[str, Known] = {
    "OM": (alignment.plan, True, None, {}),
    "OMloc": (localised.plan, True, None, {}),
    "OMslen": (spell_length.plan, True, None, {}),
    "OMspell": (spell_sequence.plan, True, None, {}),
    "OMstran": (transitions.plan, True, transitions.prepare, {"weights": None}),
    "TWED": (time_warp.plan, True, None, {"indel": None}),
    "HAM": (hamming.plan, False, None, {}),
    "DHD": (dynamic_hamming.plan, False, dynamic_hamming.prepare, {"weights": None}),
    "LCS": (subsequence.plan, False, None, {}),
    "LCP": (prefix.prefix_plan, False, None, {}),
    "RLCP": (prefix.suffix_plan, False, None, {}),
    "NMS": (subsequences.plan, False, None, {"prox": None}),
    "SVRspell": (spell_vectors.plan, False, None, {"prox": None}),
    "CHI2": (distributions.plan, False, partial(distributions.prepare, euclid=False), {"weights": None}),
    "EUCLID": (distributions.plan, False, partial(distributions.prepare, euclid=True), {}),
}

METHODS: dict[str, Method] = {
    name: Method(
        plan,
        needs_costs,
        {**OF_METHOD[name], **more},
        frozenset() if AUTO_NORM[name] in (None, "auto") else frozenset(NORMS),
        AUTO_NORM[name],
        prepare,
    )
    for name, (plan, needs_costs, prepare, more) in _KNOWN.items()
}
