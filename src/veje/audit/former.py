"""What the last published release tells beside this one.

Of the same deliveries and definitions, its figures are of the same counts: what it published holds
here too. Where the deliveries changed, two releases differ by the persons that came, went or changed:
`veje.rerelease` refuses when they are few.
# ASSUME: releases under other definitions of persons, states or types count other things, and their
# figures are not held beside this release's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from veje.audit.model import Builder, Floats
from veje.audit.tell import ranges, tell_means, tell_shares
from veje.disclosure import judge
from veje.names import CELL
from veje.settings import Disclosure


@dataclass(frozen=True)
class Former:
    """The last release of the same counts: its figures (CELL, value, status) and its rules."""

    figures: pl.DataFrame
    rules: Disclosure


def tell_former(
    former: Former, figures: pl.DataFrame, builder: Builder, limits: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Add what the last release tells of this one's counts; gives their ranges with it."""
    lower, upper = limits
    told = judge(figures.drop("value", "shown"), former.rules)
    told = _beside(told, former).with_columns(
        (pl.col("told") & (pl.col("value") == pl.col("value_before"))).alias("shown")
    )
    before = ranges(told, len(lower), former.rules)
    tell_shares(told, builder, former.rules, before)
    tell_means(told, builder, former.rules)
    return np.maximum(lower, before[0]), np.minimum(upper, before[1])


def _beside(judged: pl.DataFrame, former: Former) -> pl.DataFrame:
    """Put the last release's figures beside judged ones: value_before, status, and told (published)."""
    before = former.figures.select(*CELL, pl.col("value").alias("value_before"), "status")
    both = judged.join(before, on=CELL, how="left", maintain_order="left")
    return both.with_columns(pl.col("status").eq_missing(pl.lit("published")).alias("told"))
