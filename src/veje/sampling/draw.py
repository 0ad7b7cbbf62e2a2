"""The draw: equal quotas by stratum, without replacement, with known probabilities.

Within a stratum each municipality first gives its least number at random, and what is left of the
quota is drawn at random from all others of the stratum. With a least number of none this is a simple
random sample of each stratum, and a case stands for N_h / n_h persons (Cochran 1977, Sampling
Techniques, ch. 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.contracts import contract
from veje.errors import BadInput

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """How many cases are drawn by stratum, at least by municipality in it, and kept in reserve."""

    quota: int
    least: int
    reserves: int
    seed: int


@dataclass(frozen=True)
class Draw:
    """Table `sample_cases`, and notes on municipalities and reserves that have fewer than was asked."""

    cases: pl.DataFrame
    notes: list[str]


def draw_cases(frame: pl.DataFrame, strata: Sequence[str], design: Design) -> Draw:
    """Draw the cases of every stratum.

    frame: of `place_cases`; its order does not matter. strata: their names, in order: the draw of one
    does not depend on who is in another. Raises `BadInput` naming a stratum that is smaller than its
    quota, and one whose municipalities' least numbers are more than it.
    """
    parts, notes = [contract("sample_cases").empty()], []
    for number, name in enumerate(strata):
        own = frame.filter(pl.col("stratum") == name).sort("person")
        _, area = np.unique(own["area"].to_numpy(), return_inverse=True)
        _refuse(name, own, area, design)
        rng = np.random.default_rng([design.seed, number])
        drawn, reserve = draw_stratum(area, design, rng)
        chance = inclusion(area, design)
        parts += [_named(own, chosen, chance, kept) for chosen, kept in ((drawn, False), (reserve, True))]
        notes += _notes(name, own, len(reserve), design)
    return Draw(pl.concat(parts), notes)


def draw_stratum(area: Ints, design: Design, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw one stratum: the places of the drawn persons and of the reserves, in the order of the draw.

    area: (N,) number of each person's municipality.
    """
    first = rng.permutation(len(area))
    seen = np.zeros(area.max(initial=-1) + 1, dtype=np.int64)
    kept = []
    for at in first if design.least else ():
        if seen[area[at]] < design.least:
            seen[area[at]] += 1
            kept.append(int(at))
    # A new order: in the first one those that are left stand late in municipalities of few.
    second = rng.permutation(len(area))
    rest = second[~np.isin(second, kept)]
    more = design.quota - len(kept)
    drawn = np.concatenate([np.array(kept, dtype=np.int64), rest[:more]])
    return drawn, rest[more : more + design.reserves]


def inclusion(area: Ints, design: Design) -> Floats:
    """Give the probability of each person (N,) to be drawn; they add up to the quota.

    Of N_c persons of a municipality m_c are drawn first, and r = n - sum(m) of the N - sum(m) that
    are left: p = m_c / N_c + (1 - m_c / N_c) r / (N - sum(m)).
    """
    sizes = np.bincount(area)
    first = np.minimum(sizes, design.least)
    left = len(area) - first.sum()
    again = (design.quota - first.sum()) / left if left else 0.0
    early = first / np.maximum(sizes, 1)
    chance: Floats = (early + (1 - early) * again)[area]
    return chance


def _refuse(name: str, own: pl.DataFrame, area: Ints, design: Design) -> None:
    if own.height < design.quota:
        raise BadInput(f"stratum {name}: {own.height:,} cases, fewer than its quota of {design.quota}")
    least = int(np.minimum(np.bincount(area), design.least).sum())
    if least > design.quota:
        raise BadInput(
            f"stratum {name}: sampling.least asks for {least} cases of its {own['area'].n_unique()} "
            f"municipalities, more than its quota of {design.quota}"
        )


def _named(own: pl.DataFrame, chosen: Ints, chance: Floats, reserve: bool) -> pl.DataFrame:
    place = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(2)
    return own[chosen].select(
        pl.format("{}-{}{}", "stratum", pl.lit("R" if reserve else ""), place).alias("case"),
        "stratum",
        "area",
        "person",
        pl.lit(reserve).alias("reserve"),
        pl.lit(own.height, dtype=pl.Int64).alias("size"),
        pl.Series("probability", chance[chosen], dtype=pl.Float64),
        pl.Series("weight", 1 / chance[chosen], dtype=pl.Float64),
    )


def _notes(name: str, own: pl.DataFrame, reserves: int, design: Design) -> list[str]:
    few = own.group_by("area").len().filter(pl.col("len") < design.least)["area"].sort().to_list()
    notes = [f"stratum {name}: {area} has fewer than {design.least} cases, and all are drawn" for area in few]
    if reserves < design.reserves:
        notes.append(f"stratum {name}: {reserves} cases in reserve, of {design.reserves}")
    return notes
