"""A regression tree of sequences: persons divided in two again and again by what explains most.

Source: Studer, Ritschard, Gabadinho & Müller 2011, Sociol Methods Res 40(3), section 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from veje.condensed import Array, checked_distances, checked_weights, n_rows
from veje.validation.discrepancy import discrepancy, whole_sum
from veje.validation.splits import Covariate, Split, best_split


@dataclass(frozen=True)
class Node:
    """A node: its number (children of n are 2 n and 2 n + 1), persons, discrepancy, and how it divides.

    split, p: None in a leaf that no division was tested for; a leaf with both was not divided because
    p is above the level.
    """

    number: int
    persons: float
    discrepancy: float
    split: Split | None = None
    p: float | None = None
    leaf: bool = True


@dataclass(frozen=True, eq=False)
class RegressionTree:
    """Nodes by number, the leaf of each person (n,), the pseudo-R² of all leaves, and the seed."""

    nodes: tuple[Node, ...]
    leaves: NDArray[np.intp]
    pseudo_r2: float
    seed: int


@dataclass(frozen=True)
class Growth:
    """When a tree stops: persons in a leaf, divisions above each other, level of p, permutations."""

    least: float = 50
    depth: int = 3
    level: float = 0.01
    replications: int = 199


def grow(
    d: ArrayLike,
    covariates: Sequence[Covariate],
    index: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    growth: Growth | None = None,
    seed: int = 0,
    threads: int = 1,
) -> RegressionTree:
    """Divide persons by what has the highest pseudo-R², while it passes a permutation test.

    d: condensed distances of unique sequences. covariates: codes (n,) each. index: (n,) the sequence
    of each person; None: one person a sequence. weights: (n,). Of covariates that explain the same
    the first is taken. The test permutes persons between the two parts, as in the source; it does
    not know that the best of many divisions was chosen. Raises ValueError for bad input.
    """
    d = checked_distances(d)
    rows = np.arange(n_rows(d.size)) if index is None else np.asarray(index, np.intp)
    person = checked_weights(weights, len(rows))
    _check_codes(covariates, len(rows))
    rule = growth or Growth()
    leaves = np.ones(len(rows), np.intp)
    nodes: list[Node] = []
    waiting = [1]
    while waiting:
        number = waiting.pop(0)
        own = np.flatnonzero(leaves == number)
        node = _node(d, number, rows[own], person[own], covariates, own, rule, seed, threads)
        nodes.append(node)
        if not node.leaf and node.split is not None:
            leaves[own] = 2 * number + ~_goes_left(covariates, node.split, own)
            waiting += [2 * number, 2 * number + 1]
    return RegressionTree(tuple(nodes), leaves, _explained(nodes), seed)


def _check_codes(covariates: Sequence[Covariate], persons: int) -> None:
    for one in covariates:
        if one.codes.shape != (persons,) or one.codes.min() < 0 or one.codes.max() >= len(one.categories):
            raise ValueError(f"covariate {one.name}: codes do not fit {persons} persons or its categories")


def _node(
    d: Array,
    number: int,
    rows: NDArray[np.intp],
    person: NDArray[np.float64],
    covariates: Sequence[Covariate],
    own: NDArray[np.intp],
    rule: Growth,
    seed: int,
    threads: int,
) -> Node:
    """Make a node, divided when the depth allows it and its best division passes the test."""
    total = float(person.sum())
    node = Node(number, total, whole_sum(d, rows, person) / total**2)
    if number.bit_length() > rule.depth:
        return node
    here = [replace(one, codes=one.codes[own]) for one in covariates]
    found = [best_split(d, rows, person, one, rule.least) for one in here]
    splits = [split for split in found if split is not None]
    if not splits:
        return node
    best = max(splits, key=lambda split: split.pseudo_r2)
    sides = (~_goes_left(covariates, best, own)).astype(np.intp)
    tested = discrepancy(d, sides, rows, person, rule.replications, _own_seed(seed, number), threads)
    p = tested.p["pseudo_F"]
    return replace(node, split=best, p=p, leaf=not p <= rule.level)


def _goes_left(covariates: Sequence[Covariate], split: Split, own: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which persons belong to the left part of a division."""
    covariate = next(one for one in covariates if one.name == split.covariate)
    left = np.isin(np.array(covariate.categories), np.array(split.left))
    sides: NDArray[np.bool_] = left[covariate.codes[own]]
    return sides


def _own_seed(seed: int, number: int) -> int:
    """Give each node its own random numbers, whatever other nodes there are."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])


def _explained(nodes: Sequence[Node]) -> float:
    """Return the share of the discrepancy that the leaves explain; NaN where there is none."""
    whole = nodes[0].persons * nodes[0].discrepancy
    within = sum(node.persons * node.discrepancy for node in nodes if node.leaf)
    return 1 - within / whole if whole > 0 else float("nan")
