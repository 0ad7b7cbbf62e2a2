"""How unlike two sequences are: the settings, and what each dissimilarity takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from veje.errors import near
from veje.sections import Section, key

# The parameters that each dissimilarity has of its own, and TraMineR's defaults; None is no default
# where it is in `REQUIRED`, and else derived (see the method).
OF_METHOD: dict[str, dict[str, Any]] = {
    "OM": {},
    "OMloc": {"expcost": 0.5, "context": None},
    "OMslen": {"link": "mean", "h": 0.5},
    "OMspell": {"expcost": 0.5, "tpow": 1.0},
    "OMstran": {"otto": None, "transindel": "constant", "previous": False, "add_column": True},
    "TWED": {"nu": None, "h": 0.5},
    "HAM": {},
    "DHD": {},
    "LCS": {},
    "LCP": {},
    "RLCP": {},
    "NMS": {"kweights": None},
    "SVRspell": {"kweights": None, "tpow": 1.0},
    "CHI2": {"step": 1, "overlap": False, "breaks": None, "global_pdotj": None},
    "EUCLID": {"step": 1, "overlap": False, "breaks": None},
}
REQUIRED = {"OMstran": "otto", "TWED": "nu"}
# What the norm "auto" stands for. CHI2 and EUCLID have one of their own, and no other; where there
# is none no norm has a meaning.
AUTO_NORM: dict[str, str | None] = {
    **dict.fromkeys(("OM", "HAM", "DHD"), "maxlength"),
    **dict.fromkeys(("OMloc", "OMslen", "OMspell", "OMstran", "TWED"), "YujianBo"),
    **dict.fromkeys(("LCS", "LCP", "RLCP"), "gmean"),
    **dict.fromkeys(("CHI2", "EUCLID"), "auto"),
    **dict.fromkeys(("NMS", "SVRspell")),
}
WITH_COSTS = ("OM", "OMloc", "OMslen", "OMspell", "OMstran", "TWED", "HAM", "DHD")
WITH_INDELS = ("OM", "OMslen", "OMspell", "OMstran")
# Costs around each position, which is what DHD compares by.
BY_POSITION = ("TRATE", "INDELS", "INDELSLOG")

Weights = Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=1)]
Break = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]


class Parameters(Section):
    """What a dissimilarity takes besides costs, under TraMineR's names; none: its default there."""

    expcost: float | None = key(
        None, "cost", "OMloc: share of the highest substitution; OMspell: per quarter of a spell; 0.5.", ge=0
    )
    context: float | None = key(
        None, "share", "OMloc: what unlike neighbours add to an insertion; 1 less twice `expcost`.", ge=0
    )
    link: Literal["mean", "gmean"] | None = key(
        None, "mean", "OMslen: arithmetic (`mean`) or geometric (`gmean`) mean of two weights; `mean`."
    )
    h: float | None = key(
        None,
        "number",
        "OMslen: how fast spell length lowers costs; TWED: cost of removing a state; 0.5.",
        ge=0,
    )
    tpow: float | None = key(None, "exponent", "OMspell, SVRspell: the exponent of spell length; 1.", ge=0)
    otto: float | None = key(
        None, "share", "OMstran, required: the weight of states against transitions.", ge=0, le=1
    )
    transindel: Literal["constant", "subcost", "prob"] | None = key(
        None, "rule", "OMstran: a transition costs 1, its substitution, or 1 less its rate; `constant`."
    )
    previous: bool | None = key(None, "yes or no", "OMstran: count the transition before a state too; no.")
    add_column: bool | None = key(
        None, "yes or no", "OMstran: repeat the last state, so that no quarter is lost; yes."
    )
    nu: float | None = key(None, "cost", "TWED, required: the stiffness, per quarter shifted.", gt=0)
    kweights: Weights | None = key(
        None, "weights", "NMS, SVRspell: weights of common subsequences by length; 1 each."
    )
    step: int | None = key(None, "quarters", "CHI2, EUCLID: the length of an interval; 1.", ge=1)
    overlap: bool | None = key(
        None, "yes or no", "CHI2, EUCLID: add intervals half a step on; `step` is even then; no."
    )
    breaks: list[Break] | None = key(
        None, "quarters", "CHI2, EUCLID: first and last quarter of each interval, instead of `step`."
    )
    global_pdotj: Literal["obs"] | Weights | None = key(
        None, "shares", "CHI2: expected shares of states, or those of all quarters (`obs`); by interval."
    )

    def given(self) -> dict[str, Any]:
        """Give the parameters that the config sets."""
        return self.model_dump(exclude_none=True)


class Distances(Section):
    """How unlike two sequences are."""

    method: Literal[
        "OM",
        "OMloc",
        "OMslen",
        "OMspell",
        "OMstran",
        "TWED",
        "HAM",
        "DHD",
        "LCS",
        "LCP",
        "RLCP",
        "NMS",
        "SVRspell",
        "CHI2",
        "EUCLID",
    ] = key("OM", "method", "The dissimilarity: optimal matching (OM) or another, by TraMineR's name.")
    parameters: Parameters = key(Parameters(), "section", "What the dissimilarity takes besides costs.")
    costs: Literal["TRATE", "CONSTANT", "FUTURE", "FEATURES", "INDELS", "INDELSLOG", "OWN"] = key(
        "TRATE",
        "method",
        "Substitution costs: from transition rates (TRATE), the same for all pairs of states (CONSTANT), "
        "another of TraMineR's methods, or a matrix of one's own (OWN).",
    )
    cval: float | None = key(
        None, "cost", "The base of TRATE and CONSTANT costs; none: 2, and 4 for DHD.", gt=0
    )
    lag: int = key(1, "quarters", "How far ahead TRATE and FUTURE look.", ge=1)
    features: str | None = key(
        None,
        "path",
        "FEATURES: a CSV with a column `state` and the features it is known by.",
        pattern=r"\.csv$",
    )
    matrix: str | None = key(
        None,
        "path",
        "OWN: a CSV with a row and a column for each state, the rows named in a column `state`; a "
        "column `indel` may stand beside them.",
        pattern=r"\.csv$",
    )
    miss_cost: float | None = key(
        None, "cost", "Cost of substituting the missing state; none: it is a state like the others.", ge=0
    )
    indel: float | None = key(
        None, "cost", "Cost of an insertion or deletion; none: that of the costs' method.", ge=0
    )
    norm: Literal["auto", "maxlength", "gmean", "maxdist", "YujianBo"] | None = key(
        None, "method", "Normalisation of distances; none as in the study."
    )
    memory_gb: float | None = key(
        None,
        "GB",
        "Memory that distances and a tree may take, predicted before they start; none: the machine's.",
        gt=0,
    )

    @model_validator(mode="after")
    def _fits(self) -> Distances:
        """Refuse what does not go with the method."""
        for fault in (self._parameter_fault(), self._costs_fault(), self._norm_fault()):
            if fault:
                raise ValueError(fault)
        return self

    def _parameter_fault(self) -> str:
        given, known = self.parameters.given(), OF_METHOD[self.method]
        for name in given:
            if name not in known:
                told = near(name, known) if known else "it has none"
                return f"parameters: {self.method} has no parameter '{name}': {told}"
        needed = REQUIRED.get(self.method)
        return f"parameters: {self.method} needs '{needed}'" if needed and needed not in given else ""

    def _costs_fault(self) -> str:
        for costs, name in (("FEATURES", "features"), ("OWN", "matrix")):
            if (self.costs == costs) != (getattr(self, name) is not None):
                return f"{name} goes with costs: {costs}, and only with it"
        if self.method == "DHD" and self.costs not in BY_POSITION:
            return f"costs: DHD needs those that vary over time: {', '.join(BY_POSITION)}"
        return ""

    def _norm_fault(self) -> str:
        auto = AUTO_NORM[self.method]
        if self.norm is None or (auto and auto != "auto") or self.norm == auto:
            return ""
        return f"norm: {self.method} has {'only auto' if auto else 'none'}, not {self.norm}"
