"""What published figures tell: a range for each true count, and relations between counts."""

from __future__ import annotations

import numpy as np
import polars as pl

from veje.audit.model import ID, Builder, Floats, Ints
from veje.disclosure import mean_sum, round_to
from veje.errors import VejeError
from veje.settings import Disclosure

MEAN = pl.col("measure").is_in(["mean", "total"])


def variables_of(figures: pl.DataFrame) -> pl.DataFrame:
    """List the unknown counts: quantity, area, at, truth, number.

    figures: judged cells with what they count. Raises `VejeError` when two figures that are declared
    to be one number are not.
    """
    above = figures.select(*ID, pl.col("numerator").alias("truth"), "table")
    below = figures.filter(pl.col("of").is_not_null()).select(
        pl.col("of").alias("quantity"), "area", pl.col("of_at").alias("at"),
        pl.col("denominator").alias("truth"), "table",
    )  # fmt: skip
    every = pl.concat([above, below])
    unlike = every.filter(pl.col("truth").n_unique().over(ID) > 1)
    if unlike.height:
        names = ", ".join(unlike["table"].unique().sort())
        count = unlike.select(ID).n_unique()
        raise VejeError(f"data_schema/audit.yaml: {count} quantities are not one number in tables {names}")
    return every.unique(ID, maintain_order=True).drop("table").with_row_index("number")


def number_figures(figures: pl.DataFrame, variables: pl.DataFrame) -> pl.DataFrame:
    """Add to figures the numbers of the variables above and below the line (`above`, `below`)."""
    known = variables.select(*ID, pl.col("number").cast(pl.Int64))
    other = known.rename({"quantity": "of", "at": "of_at", "number": "below"})
    joined = figures.join(known.rename({"number": "above"}), on=ID, how="left", maintain_order="left")
    return joined.join(other, on=["of", "area", "of_at"], how="left", maintain_order="left")


def ranges(figures: pl.DataFrame, count: int, rules: Disclosure) -> tuple[Floats, Floats]:
    """Give what the figures that are shown say of each count alone: lowest and highest (count,).

    A rounded count stands for those that round to it, and none below the threshold is shown. The base
    of a share is taken as known by its rounding, whether it is itself a figure or not; that of a mean,
    which the mean does not show, only to reach the threshold.
    """
    shown = figures.filter("shown")
    lower, upper = np.zeros(count), np.full(count, np.inf)
    for column, number, of in (
        ("above", "numerator", shown.filter(~MEAN | pl.col("released_sum"))),
        ("below", "denominator", shown.filter(pl.col("below").is_not_null(), ~MEAN)),
    ):
        told = of.select(round_to(pl.col(number), rules)).to_series().to_numpy()
        at = of[column].to_numpy()
        low = np.maximum(told - rules.rounding // 2, rules.threshold)
        np.maximum.at(lower, at, low)
        np.minimum.at(upper, at, told - rules.rounding // 2 + rules.rounding - 1)
    averaged = shown.filter(pl.col("below").is_not_null(), MEAN)["below"].to_numpy()
    lower[averaged] = np.maximum(lower[averaged], rules.threshold)
    return lower, upper


def tell_shares(
    figures: pl.DataFrame, builder: Builder, rules: Disclosure, limits: tuple[Floats, Floats]
) -> None:
    """Add that a part is within its whole, and that a share shown leaves at least the threshold.

    What sums or the ranges of both (limits) say already is left out.
    """
    shares = figures.filter(pl.col("measure") == "share", pl.col("below").is_not_null())
    shares = shares.filter(pl.col("above") != pl.col("below"))
    least = pl.when(pl.col("shown") & ~pl.col("structural")).then(rules.threshold).otherwise(0)
    told = shares.group_by("above", "below", maintain_order=True).agg(least.max().alias("least"))
    summed = told.join(
        pl.concat([told.clear().select("above", "below"), *builder.within]), on=["above", "below"], how="semi"
    )
    told = pl.concat(
        [told.join(summed, on=["above", "below"], how="anti"), summed.filter(pl.col("least") > 0)]
    )
    above, below, most = (told[name].to_numpy() for name in ("above", "below", "least"))
    new = limits[1][above] + most > limits[0][below]
    above, below = above[new], below[new]
    builder.add([below, above], [1.0, -1.0], most[new].astype(float), np.inf, above)


def tell_means(figures: pl.DataFrame, builder: Builder, rules: Disclosure) -> None:
    """Add what a mean shown says of its sum: a range for sum / persons."""
    half = rules.rounding / 2
    told = round_to(pl.col("denominator"), rules)
    means = figures.filter("shown", MEAN, pl.col("below").is_not_null()).select(
        "above", "below", told.alias("base"), mean_sum(rules).alias("sum"), "released_sum"
    )
    own = means.filter(~pl.col("released_sum"))
    above, below = own["above"].to_numpy(), own["below"].to_numpy()
    base, whole = own["base"].to_numpy().astype(float), own["sum"].to_numpy()
    builder.add([above, below], [base, half - whole], 0.0, np.inf, above, -np.inf)
    builder.add([above, below], [base, -half - whole], -np.inf, 0.0, above, -np.inf)


def rests(figures: pl.DataFrame, rules: Disclosure) -> pl.DataFrame:
    """Give what shares leave where that is few persons or none: above, below, truth."""
    left = pl.coalesce("rest_persons", pl.col("base_persons") - pl.col("persons"))
    few = figures.filter(
        pl.col("measure") == "share",
        pl.col("below").is_not_null() & (pl.col("above") != pl.col("below")),
        ~pl.col("structural"),
        pl.col("base_persons") >= rules.threshold,
        left < rules.threshold,
    )
    truth = (pl.col("denominator") - pl.col("numerator")).alias("truth")
    return few.select("area", "above", "below", truth).unique(["above", "below"], maintain_order=True)


def small(figures: pl.DataFrame, rules: Disclosure) -> Ints:
    """Give the counts that few persons or nobody stand behind, above the line or below.

    Nobody where nobody can be, by definition, is no secret.
    """
    known = pl.col("structural") & (pl.col("numerator") == 0)
    above = figures.filter(pl.col("persons") < rules.threshold, ~known)["above"]
    nobody = pl.col("structural") & (pl.col("denominator") == 0)
    few = pl.col("base_persons") < rules.threshold
    below = figures.filter(pl.col("below").is_not_null(), few, ~nobody)["below"]
    return np.unique(np.concatenate([above.to_numpy(), below.to_numpy()]).astype(np.int64))


def dominances(figures: pl.DataFrame, rules: Disclosure) -> pl.DataFrame:
    """Give the sums that one person dominates, and how far off each must stay: above, truth, off."""
    rest = pl.col("numerator") - pl.col("largest") - pl.col("second")
    off = rules.dominance / 100 * pl.col("largest") - rest
    known = figures.filter(pl.col("amount"), pl.col("persons") >= rules.threshold, off > 0)
    return known.select("above", pl.col("numerator").alias("truth"), off.alias("off")).unique("above")
