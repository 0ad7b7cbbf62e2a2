"""The results of all checks as rows of the tables that keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veje.contracts import contract
from veje.names import INDICES
from veje.validation.band import NullBand
from veje.validation.discrepancy import TESTS, Discrepancy
from veje.validation.factors import Factor
from veje.validation.movers import Moves
from veje.validation.splits import Covariate
from veje.validation.tree import Node, RegressionTree

Row = dict[str, object]


def band(area: str, key: str, values: NDArray[np.float64], persons: int, seed: int, width: float) -> Row:
    """Summarise replications: mean, and the limits between which a share `width` of them lies."""
    known = values[~np.isnan(values)]
    edges = np.quantile(known, [(1 - width) / 2, (1 + width) / 2]) if len(known) else [None, None]
    return {
        "area": area,
        "key": key,
        "persons": persons,
        "replications": len(values),
        "seed": seed,
        "mean": float(known.mean()) if len(known) else None,
        "low": edges[0],
        "high": edges[1],
        "recovered": None,
    }


def stability(rows: Sequence[Row]) -> pl.DataFrame:
    """Put rows of `band` together: table `stability`."""
    return _table("stability", rows)


def null_rows(found: NullBand, persons: int, width: float) -> list[Row]:
    """Give a null model's rows, one for each number of clusters and index."""
    low, high = found.quantile((1 - width) / 2), found.quantile((1 + width) / 2)
    values = {
        "observed": found.observed,
        "mean": found.mean,
        "deviation": found.deviation,
        "low": low,
        "high": high,
        "standardised": found.standardised,
        "p": found.p,
    }
    return [
        {"model": found.model, "k": k, "index": name, "persons": persons}
        | {"replications": len(found.simulated), "seed": found.seed}
        | {column: _number(table[i, j]) for column, table in values.items()}
        for i, k in enumerate(found.ks)
        for j, name in enumerate(INDICES)
    ]


def null_models(rows: Sequence[Row]) -> pl.DataFrame:
    """Put rows of `null_rows` together: table `null_models`."""
    return _table("null_models", rows)


def discrepancy(alone: Sequence[tuple[Covariate, Discrepancy]], together: Sequence[Factor]) -> pl.DataFrame:
    """Give the statistics of covariates, each alone and beside the others: table `discrepancy`."""
    rows: list[Row] = []
    for covariate, found in alone:
        shared: Row = {
            "covariate": covariate.name,
            "groups": len(covariate.categories),
            "persons": len(covariate.codes),
            "smallest": int(found.persons.min()),
            "replications": found.replications,
            "seed": found.seed,
        }
        for name in TESTS:
            value, p = _number(found.statistics[name]), _number(found.p[name])
            rows.append(shared | {"statistic": name, "value": value, "p": p})
    for factor in together:
        like: Mapping[str, object] = rows[0] if factor.name == "all" else _row_of(rows, factor.name)
        shared = {**like, "covariate": factor.name, "groups": factor.freedom + 1}
        for name, value in (("beside_F", factor.pseudo_f), ("beside_R2", factor.pseudo_r2)):
            rows.append(shared | {"statistic": name, "value": _number(value), "p": _number(factor.p)})
    return _table("discrepancy", rows)


def _row_of(rows: Sequence[Row], covariate: str) -> Row:
    return next(row for row in rows if row["covariate"] == covariate)


def regression_tree(tree: RegressionTree | None) -> pl.DataFrame:
    """Give the nodes of a tree, each named by the way to it: table `regression_tree`."""
    if tree is None:
        return contract("regression_tree").empty()
    ways = {1: "all"}
    rows = []
    for node in tree.nodes:
        if node.split is not None and not node.leaf:
            for child, part in ((2 * node.number, node.split.left), (2 * node.number + 1, node.split.right)):
                ways[child] = f"{ways[node.number]}/{node.split.covariate}:{'+'.join(part)}"
        rows.append(_node(node, ways[node.number], tree))
    return _table("regression_tree", rows)


def _node(node: Node, way: str, tree: RegressionTree) -> Row:
    divided = node.split if not node.leaf else None
    return {
        "node": node.number,
        "way": way,
        "persons": round(node.persons),
        "discrepancy": node.discrepancy,
        "covariate": divided.covariate if divided else None,
        "pseudo_r2": divided.pseudo_r2 if divided else None,
        "p": node.p,
        "leaf": node.leaf,
        "explained": _number(tree.pseudo_r2),
        "seed": tree.seed,
    }


def mover_rows(area: str, pooled: Sequence[int], own: Sequence[int], found: Moves) -> list[Row]:
    """Give a municipality's rows, one for each pooled cluster and own cluster."""
    return [
        {
            "area": area,
            "cluster_pooled": a,
            "cluster_own": b,
            "persons": round(found.counts[i, j]),
            "matched": bool(found.match[i] == j),
            "distance": _number(found.distance[i]) if found.match[i] == j else None,
            "adjusted_rand": found.adjusted_rand,
        }
        for i, a in enumerate(pooled)
        for j, b in enumerate(own)
    ]


def movers(rows: Sequence[Row]) -> pl.DataFrame:
    """Put rows of `mover_rows` together: table `movers`."""
    return _table("movers", rows)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _table(name: str, rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(contract(name).types))
