"""Single persons in a release: representative sequences written out, and leaves of trees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from tests.attacks.released import Grain

TREES = ["dendrogram", "regression_tree"]
"""The tables whose rows are the nodes of a tree."""
DATA = re.compile(r"data:[a-z/+-]+;base64,[A-Za-z0-9+/=]+")


def written_sequences(texts: Iterable[str], names: Mapping[str, int], quarters: int) -> set[tuple[int, ...]]:
    """Find whole sequences written in texts: quarter by quarter, or as spells with their lengths.

    names: what a state may be called, its key, labels or short label, to its code. Between two states
    may stand up to eight characters that are no letters.
    """
    named = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    one = re.compile(rf"(?<![\w])(?:{named})(?![\w])")
    found: set[tuple[int, ...]] = set()
    for text in texts:
        found |= _runs(DATA.sub(" ", text), one, names, quarters)
    return found


def matched(
    sequences: Iterable[tuple[int, ...]], persons: pl.Series, threshold: int
) -> dict[tuple[int, ...], int]:
    """Match sequences with persons' own; gives those that fewer persons than the threshold have."""
    held = persons.value_counts().rows()
    shared = {tuple(states): count for states, count in held}
    return {one: shared[one] for one in sequences if shared.get(one, threshold) < threshold}


def small_leaves(nodes: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Find nodes of trees that hold few persons, told or as a parent less its other parts.

    nodes: way, parent, low, high; a withheld node has low 0 and no high. Returns way and `most`.
    """
    parts = (
        nodes.drop_nulls("parent")
        .group_by("parent")
        .agg(
            pl.col("high").is_null().sum().alias("hidden"),
            pl.col("low").filter(pl.col("high").is_not_null()).sum().alias("others"),
        )
    )
    whole = nodes.select(pl.col("way").alias("parent"), pl.col("high").alias("whole"))
    known = nodes.join(parts, on="parent", how="left").join(whole, on="parent", how="left")
    rest = pl.when(pl.col("hidden") == 1).then(pl.col("whole") - pl.col("others"))
    return (
        known.with_columns(pl.coalesce("high", rest).alias("most"))
        .filter(pl.col("most") < threshold)
        .select("way", "most")
    )


def released_trees(figures: pl.DataFrame, grain: Grain) -> pl.DataFrame:
    """Read the trees of a release, whose rows are named by the way from the root: way, parent, low, high."""
    ways = figures.filter(pl.col("table").is_in(TREES), pl.col("measure") == "count")
    low = pl.max_horizontal(pl.col("value") - grain.rounding // 2, grain.threshold).cast(pl.Int64)
    high = (pl.col("value") - grain.rounding // 2 + grain.rounding - 1).cast(pl.Int64)
    named = ways.with_columns(pl.concat_str("table", "area", "key", separator="/").alias("way"))
    above = named.with_columns(pl.col("way").str.replace("/[^/]*$", "").alias("parent"))
    known = pl.when(pl.col("parent").is_in(named["way"].implode())).then("parent")
    shown = pl.col("value").is_not_null()
    return above.select(
        "way", known.alias("parent"), pl.when(shown).then(low).otherwise(0).alias("low"), high.alias("high")
    )


def _runs(text: str, one: re.Pattern[str], names: Mapping[str, int], quarters: int) -> set[tuple[int, ...]]:
    found: set[tuple[int, ...]] = set()
    states: list[int] = []
    end = None
    for match in one.finditer(text):
        between = text[end : match.start()] if end is not None else "a"
        if len(between) > 8 or re.search(r"[^\W\d]", between):
            states = []
        length = re.match(r"\W{1,2}(\d{1,2})(?!\d)", text[match.end() : match.end() + 6])
        states += [names[match.group()]] * (int(length[1]) if length else 1)
        end = match.end()
        if len(states) == quarters:
            found.add(tuple(states))
    return found
