"""Figures of the tree of clusters: its upper branches, down to branches of enough persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.tables.figures import Head, indices, sizes

LEAVES = 24
"""Branches at which the tree is cut off at the latest; a picture of more cannot be read."""

DIGITS = 2
"""A height is told with so many digits: with all of them it could tell of single distances."""

ROOT = "tree"


@dataclass(frozen=True)
class Branch:
    """A node of the truncated tree: its way from the root, its number in the linkage, and its persons."""

    way: str
    node: int
    persons: int


def dendrogram_figures(
    trees: pl.DataFrame, sequences: pl.DataFrame, types: pl.DataFrame, pooled: str, least: int
) -> list[pl.DataFrame]:
    """Persons and heights of the pooled tree's branches; a branch within one pooled type has its key.

    trees: table of that name; one without merges (k-medoids) gives no rows. A branch is divided only
    where both its parts have `least` persons: no row is of fewer. Heights have `DIGITS` digits.
    """
    merges = trees.filter(area=pooled).sort("step")
    counted = sequences.join(types.select("person", "type_pooled"), on="person").group_by("sequence")
    leaves = counted.agg(pl.len(), pl.col("type_pooled").first()).sort("sequence")
    tree = merges.select("left", "right").to_numpy()
    branches = divided(tree, leaves["len"].to_numpy(), least) if len(tree) else []
    named, kinds = type_of_nodes(tree, leaves["type_pooled"])
    heights = merges["height"].to_numpy()
    parents = {branch.way.rpartition("/")[0] for branch in branches}
    rows = pl.DataFrame(
        [
            {
                "area": pooled,
                "type_key": kinds[named[branch.node]] if named[branch.node] >= 0 else "",
                "key": branch.way,
                "persons": branch.persons,
                "index": digits(heights[branch.node - len(leaves)]) if branch.way in parents else None,
            }
            for branch in branches
        ],
        schema=dict.fromkeys(("area", "type_key", "key"), pl.String())
        | {"persons": pl.Int64(), "index": pl.Float64()},
    )
    return [
        sizes(rows.drop("index"), Head("dendrogram", "persons", "count", "persons")),
        indices(rows.drop_nulls("index"), Head("dendrogram", "persons", "index", "index")),
    ]


def divided(tree: NDArray[np.int64], persons: NDArray[np.integer], least: int) -> list[Branch]:
    """Divide the tree from its root, the highest merge first, as far as both parts have `least` persons.

    tree: (n - 1, 2) nodes that each merge joins, in order of height. persons: (n,) of each leaf.
    Returns every branch met, at most `LEAVES` of them undivided; the part of more persons is 1.
    """
    n = len(tree) + 1
    held = np.concatenate([persons.astype(np.int64), np.zeros(n - 1, np.int64)])
    for step, (left, right) in enumerate(tree):
        held[n + step] = held[left] + held[right]
    found = [Branch(ROOT, 2 * n - 2, int(held[-1]))]
    ways, leaves = {2 * n - 2: ROOT}, 1
    # Merges come in order of height, so going back through them divides the highest first.
    for step in range(n - 2, -1, -1):
        way = ways.get(n + step)
        if way is None or leaves == LEAVES or held[tree[step]].min() < least:
            continue
        parts = sorted(tree[step].tolist(), key=lambda node: (-held[node], node))
        for number, node in enumerate(parts, start=1):
            ways[node] = f"{way}/{number}"
            found.append(Branch(ways[node], node, int(held[node])))
        leaves += 1
    return found


def type_of_nodes(tree: NDArray[np.int64], types: pl.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Give each node's type by number, -1 where its leaves have several; and the types."""
    kinds = types.unique().sort().to_list()
    number = {kind: i for i, kind in enumerate(kinds)}
    leaf = np.array([number[kind] for kind in types], dtype=np.int64)
    held = np.concatenate([leaf, np.zeros(len(tree), np.int64)])
    for step, (left, right) in enumerate(tree):
        held[len(leaf) + step] = held[left] if held[left] == held[right] else -1
    return held, kinds


def digits(height: float) -> float:
    """Round a height to `DIGITS` digits."""
    return float(f"{height:.{DIGITS}g}")
