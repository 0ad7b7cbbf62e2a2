"""Shares of all cases from those reviewed: weighted by stratum, with intervals for few cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import beta, t

from veje.errors import BadInput
from veje.sampling.outcomes import Coding

Floats = NDArray[np.float64]
ALL = "all"
COLUMNS = {
    "stratum": pl.String(),
    "row": pl.String(),
    "reviewed": pl.Int64(),
    "count": pl.Int64(),
    "percent": pl.Float64(),
    "weighted": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "published": pl.Int64(),
    "published_of": pl.Int64(),
    "published_percent": pl.Float64(),
}


def estimate(
    cases: pl.DataFrame,
    outcomes: pl.DataFrame,
    coding: Coding,
    published: pl.DataFrame,
    confidence: float,
) -> pl.DataFrame:
    """Give the shares of each outcome, of eligible cases and of each reason, of all strata and by stratum.

    cases: table `sample_cases`. outcomes: of `read_outcomes`. published: row, count, of (text). A
    reviewed case stands for its weight, scaled so that its stratum's cases stand for the whole
    stratum. Returns percent, `COLUMNS`. Raises `BadInput` for a stratum with fewer than two reviewed
    cases, or with more of them than were drawn.
    """
    reviewed = cases.join(outcomes, on="case", how="inner").sort("case")
    _refuse(cases, reviewed)
    reviewed = reviewed.with_columns(
        pl.col("weight") / pl.col("weight").sum().over("stratum") * pl.col("size")
    )
    printed = {row: (int(count), int(of)) for row, count, of in published.select("row", "count", "of").rows()}
    rows = [
        _row(own, where, name, held, confidence)
        | (_beside(printed.get(name)) if where == ALL else _beside(None))
        for where, own in _parts(reviewed, cases["stratum"].unique(maintain_order=True).to_list())
        for name, held in _held(coding)
    ]
    return pl.DataFrame(rows, schema=COLUMNS)


def spread(weight: Floats, held: Floats, stratum: NDArray[np.int64], sizes: Floats) -> float:
    """Estimate the variance of a weighted share under stratified sampling without replacement.

    weight, held, stratum: (n,). sizes: persons of each stratum. The linearised variance of a ratio
    (Saerndal, Swensson and Wretman 1992, Model Assisted Survey Sampling, 5.6 and 5.10) with the
    stratum's fraction drawn; with equal weights in a stratum it is the textbook's
    sum of W_h^2 (1 - f_h) p_h q_h / (n_h - 1).
    """
    share = np.average(held, weights=weight)
    part = weight * (held - share) / weight.sum()
    total = 0.0
    for number in np.unique(stratum):
        own = part[stratum == number]
        left = 1 - len(own) / sizes[number]
        total += left * len(own) / (len(own) - 1) * np.square(own - own.mean()).sum()
    return float(total)


def korn_graubard(
    share: float, variance: float, n: int, strata: int, confidence: float
) -> tuple[float, float]:
    """Give the limits of a share from few cases, by the exact binomial on the effective number of cases.

    Korn and Graubard (1998, Survey Methodology 24, 193-201): Clopper and Pearson's limits for the
    number of cases that a simple random sample of the same variance would have, with fewer degrees of
    freedom; never more than the cases there are, and all of them for a share of none or all.
    """
    tail = (1 - confidence) / 2
    effective = float(n)
    if 0 < share < 1 and variance > 0:
        freedom = t.ppf(tail, n - 1) / t.ppf(tail, n - strata)
        effective = min(float(n), share * (1 - share) / variance * freedom**2)
    positive = share * effective
    low = 0.0 if share == 0 else float(beta.ppf(tail, positive, effective - positive + 1))
    high = 1.0 if share == 1 else float(beta.ppf(1 - tail, positive + 1, effective - positive))
    return low, high


def _refuse(cases: pl.DataFrame, reviewed: pl.DataFrame) -> None:
    quotas = cases.filter(~pl.col("reserve")).group_by("stratum", maintain_order=True).len()
    counts = dict(reviewed.group_by("stratum").len().iter_rows())
    for name, quota in quotas.iter_rows():
        count = counts.get(name, 0)
        if count < 2:
            raise BadInput(f"stratum {name}: {count} reviewed cases; an interval needs two")
        if count > quota:
            raise BadInput(
                f"stratum {name}: {count} reviewed cases, and {quota} were drawn: "
                "a case in reserve counts only in the place of one that was not reviewed"
            )


def _parts(reviewed: pl.DataFrame, strata: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    yield ALL, reviewed
    for name in strata:
        yield name, reviewed.filter(pl.col("stratum") == name)


def _held(coding: Coding) -> Iterator[tuple[str, pl.Expr]]:
    for outcome in coding.outcomes:
        yield outcome, pl.col("outcome") == outcome
    yield "eligible", pl.col("eligible")
    for reason in coding.reasons:
        yield reason, (pl.col("reason") == reason).fill_null(False)


def _row(own: pl.DataFrame, where: str, name: str, held: pl.Expr, confidence: float) -> dict[str, object]:
    yes = own.select(held.cast(pl.Float64)).to_series().to_numpy()
    weight, groups = own["weight"].to_numpy(), own["stratum"].to_numpy()
    names, number = np.unique(groups, return_inverse=True)
    sizes = np.array([own.filter(pl.col("stratum") == one)["size"].first() for one in names], dtype=float)
    share = float(np.average(yes, weights=weight))
    # A weighted mean of ones may miss one by a rounding error.
    share = float(yes[0]) if (yes == yes[0]).all() else share
    limits = korn_graubard(share, spread(weight, yes, number, sizes), len(yes), len(names), confidence)
    return {
        "stratum": where,
        "row": name,
        "reviewed": len(yes),
        "count": int(yes.sum()),
        "percent": 100 * float(yes.mean()),
        "weighted": 100 * share,
        "low": 100 * limits[0],
        "high": 100 * limits[1],
    }


def _beside(printed: tuple[int, int] | None) -> dict[str, object]:
    if printed is None:
        return {"published": None, "published_of": None, "published_percent": None}
    count, of = printed
    return {"published": count, "published_of": of, "published_percent": 100 * count / of}
