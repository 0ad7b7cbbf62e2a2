"""The small study's grants across a reform: every other one is of R2, with flags and types of its group."""

from __future__ import annotations

from functools import cache

import polars as pl

from veje import io
from veje.contracts import contract
from veje.lists import Alphabet
from veje.reforms import compare_groups, hide_small
from veje.report.law import Law
from veje.tables import Sources
from veje.tables.build import places_of
from veje.tables.reforms import Reform, Scope, reform_figures

GROUPS = ("before_2013", "from_2013")


@cache
def law() -> Law:
    """Read the shipped lists."""
    return Law(*(io.read_list(name, "law") for name in ("regimes", "flags", "not_computable")))


def reform_blocks(sources: Sources, alphabet: Alphabet, areas: list[str]) -> list[pl.DataFrame]:
    """Count the figures of the reforms."""
    return reform_figures(
        reform_of(sources, alphabet),
        sources.sequences,
        sources.timing,
        places_of(sources.types, areas),
        alphabet,
        Scope(("R1", "R2"), GROUPS),
        areas[0],
    )


def reform_of(sources: Sources, alphabet: Alphabet) -> Reform:
    """Make the tables of the stage."""
    late = pl.col("person") % 2 == 0
    group = pl.when(late).then(pl.lit(GROUPS[1])).otherwise(pl.lit(GROUPS[0])).alias("group")
    regime = pl.when(late).then(pl.lit("R2")).otherwise(pl.lit("R1")).alias("regime")
    types = sources.types.sort("person")
    typed = hide_small(types.select("person", group, type_key="type_pooled"), 5)
    names = law().flags["flag"]
    every = types.select("person").join(names.to_frame(), how="cross")
    value = ((pl.col("person") + pl.col("flag").str.len_chars()) % 4 == 0).alias("value")
    variants = [
        ("terminal_days", "91", "terminal_proxy", "narrower", 20, 20, 0, 8, 90),
        ("age_anchor", "effect", "age_40_up", None, 40, 30, 10, 12, 90),
    ]
    explained = [
        (name, 2, types.height, types.height // 2, 0.04, 0.01)
        for name in ("pseudo_F", "pseudo_Fbf", "pseudo_R2", "bartlett", "levene")
    ]
    return Reform(
        grant_regimes=types.select("person", "area", regime, group, straddles=late),
        flags=every.with_columns(value),
        flag_variants=pl.DataFrame(variants, schema=dict(contract("flag_variants").types), orient="row"),
        group_types=typed,
        regime_matches=compare_groups(typed, sources.sequences, GROUPS, alphabet, limit=6),
        regime_discrepancy=pl.DataFrame(
            explained, schema=dict(contract("regime_discrepancy").types), orient="row"
        ),
    )
