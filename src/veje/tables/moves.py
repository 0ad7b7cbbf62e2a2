"""Figures of moves: transitions between quarters, and how persons flow between states from year to year."""

from __future__ import annotations

import polars as pl

from veje.lists import Alphabet
from veje.names import ONWARD
from veje.tables.figures import ALL, Head, figures, one_way, totals
from veje.tables.paths import quarters_by_state

YEAR = 4
"""Quarters from one stop of the flow to the next."""


def move_figures(
    sequences: pl.DataFrame, places: pl.DataFrame, alphabet: Alphabet, pooled: str
) -> list[pl.DataFrame]:
    """Transition rates by area and by pooled type, and the flow between years of all persons."""
    quarters = quarters_by_state(sequences, alphabet)
    return [
        *transition_figures(quarters, places.filter(one_way(pooled)), alphabet),
        flow_figures(quarters, places.filter(ALL, pl.col("area") == pooled), alphabet),
    ]


def transition_figures(
    quarters: pl.DataFrame, places: pl.DataFrame, alphabet: Alphabet
) -> list[pl.DataFrame]:
    """The share of the quarters in a state that are followed by each state, and the number of them.

    quarters: person, quarter, state. Rows `FROM.TO` and `FROM.onward`; every place has every pair.
    Source: Gabadinho et al. 2011, J Stat Softw 40(4), section 6.2.
    """
    after = pl.col("state").shift(-1).over("person", order_by="quarter")
    moves = quarters.with_columns(after.alias("next")).drop_nulls("next")
    counted = moves.group_by("person", "state", pl.format("{}.{}", "state", "next").alias("key")).agg(
        pl.len().cast(pl.Int64).alias("amount")
    )
    share = Head("transitions", "transitions", "share", "percent")
    count = Head("transitions", "transitions", "count", "transitions")
    blocks = []
    for state in alphabet.states:
        own = counted.filter(state=state).drop("state")
        keys = [f"{state}.{other}" for other in alphabet.states]
        whole = own.group_by("person").agg(pl.col("amount").sum())
        blocks.append(figures(places, own, keys, share, per="amount"))
        blocks.append(totals(places, f"{state}.{ONWARD}", count, whole))
    return blocks


def flow_figures(quarters: pl.DataFrame, places: pl.DataFrame, alphabet: Alphabet) -> pl.DataFrame:
    """Persons by their states at the ends of two consecutive years, counted back from the last quarter."""
    last = int(quarters["quarter"].max() or 0)  # type: ignore[arg-type]
    stops = list(range((last - 1) % YEAR + 1, last + 1, YEAR))
    label = pl.format("q{}_{}", pl.col("quarter").cast(pl.String).str.zfill(2), "state").alias("stop")
    at = quarters.filter(pl.col("quarter").is_in(stops)).select("person", "quarter", label)
    pairs = at.join(at.with_columns(pl.col("quarter") - YEAR), on=["person", "quarter"], suffix="_next")
    values = pairs.select(
        "person",
        pl.format("{}.{}", "stop", "stop_next").alias("key"),
        pl.lit(1, dtype=pl.Int64).alias("amount"),
    )
    keys = [
        f"q{stop:02d}_{one}.q{stop + YEAR:02d}_{other}"
        for stop in stops[:-1]
        for one in alphabet.states
        for other in alphabet.states
    ]
    counts = figures(places, values, keys, Head("state_flow", "persons", "count", "persons"))
    return counts.with_columns(pl.lit(0, dtype=pl.Int64).alias("denominator"))
