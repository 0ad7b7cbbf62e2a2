"""Figures of whole paths that are nobody's own: sequences that many share, and modal states of groups."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.lists import Alphabet
from veje.tables.figures import Head, headed, sizes

GROUPS = 20
"""The most groups that the persons of a type are put in; a picture of more has no room for them."""

LARGE = 4
"""A group holds so many times the least number of persons: most of its modal states then pass."""


def shared_figures(
    sequences: pl.DataFrame, types: pl.DataFrame, alphabet: Alphabet, pooled: str, least: int
) -> list[pl.DataFrame]:
    """Sequences shared by at least `least` persons, and the modal states of groups of persons, pooled.

    Rows are named by what was found, so what fewer than `least` persons have is no row at all.
    """
    placed = sequences.join(types.select("person", "type_pooled"), on="person").rename(
        {"type_pooled": "type_key"}
    )
    return [shared_sequences(placed, alphabet, pooled, least), group_figures(placed, alphabet, pooled, least)]


def shared_sequences(placed: pl.DataFrame, alphabet: Alphabet, pooled: str, least: int) -> pl.DataFrame:
    """Count the persons of every sequence that enough share; a sequence has one pooled type.

    placed: person, sequence, states, type_key. The key is the sequence's spells, `STATE*QUARTERS`
    with `/` between, as in TraMineR's SPS format.
    """
    counted = placed.group_by("sequence", "type_key").agg(
        pl.col("states").first(), pl.len().cast(pl.Int64).alias("persons")
    )
    enough = counted.filter(pl.col("persons") >= least).sort("sequence")
    keys = [spelled(states, alphabet) for states in enough["states"].to_list()]
    rows = enough.select(
        pl.lit(pooled).alias("area"), "type_key", pl.Series("key", keys, dtype=pl.String), "persons"
    )
    return sizes(rows, Head("shared_sequences", "persons", "count", "persons"))


def spelled(states: list[int], alphabet: Alphabet) -> str:
    """Write a sequence as its spells: `wage_earner*12/sickness_benefit*8`."""
    ends = [i for i in range(1, len(states)) if states[i] != states[i - 1]]
    begins = [0, *ends]
    lengths = np.diff([*begins, len(states)])
    named = zip(begins, lengths, strict=True)
    return "/".join(f"{alphabet.states[states[at]]}*{length}" for at, length in named)


def group_figures(placed: pl.DataFrame, alphabet: Alphabet, pooled: str, least: int) -> pl.DataFrame:
    """Tell the modal state of each group in each quarter where enough persons of the group are in it.

    A safe form of the relative frequency plot of Fasang & Liao 2014, Sociol Methods Res 43(4),
    section 3: persons in order of their states from the last quarter back, in groups of like size,
    each shown by its modal states in the place of its medoid. That a row is there is all it tells.
    """
    rows: list[tuple[str, str, int, int]] = []
    everyone = placed.with_columns(pl.lit("").alias("type_key"))
    for (type_key,), own in pl.concat([everyone, placed]).group_by("type_key", maintain_order=True):
        states = np.array(own["states"].to_list(), dtype=np.uint8)
        rows += [(str(type_key), *row) for row in modal_rows(states, alphabet, least)]
    schema = {"type_key": pl.String, "key": pl.String, "persons": pl.Int64, "base_persons": pl.Int64}
    full = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.lit(pooled).alias("area"),
        pl.col("persons").alias("numerator"),
        pl.col("base_persons").alias("denominator"),
    )
    return headed(full, Head("frequency_groups", "persons", "presence", "flag"))


def modal_rows(states: NDArray[np.uint8], alphabet: Alphabet, least: int) -> list[tuple[str, int, int]]:
    """Give each group's modal state by quarter that has `least` persons: key, its persons, the group's.

    states: (n, Q) codes. Of equally common states the first by code is the modal one.
    """
    ordered = states[np.lexsort(states.T)]
    number = int(np.clip(len(states) // (LARGE * least), 1, GROUPS))
    rows = []
    for group, part in enumerate(np.array_split(ordered, number), start=1):
        for quarter, column in enumerate(part.T, start=1):
            counts = np.bincount(column, minlength=len(alphabet.states))
            modal = int(counts.argmax())
            if counts[modal] >= least:
                key = f"g{group:02d}_q{quarter:02d}.{alphabet.states[modal]}"
                rows.append((key, int(counts[modal]), len(part)))
    return rows
