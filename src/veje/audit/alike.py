"""States that nobody has, and whatever else nobody has: one speaks for all that are told of in the same way.

A program that stays the same when two words of its counts change places has the same intervals for both
(an automorphism; Margot 2010, "Symmetry in integer linear programming", section 2). Of many such words
two are followed, as a count may name two of them, and the others stay at nought.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from veje.audit.intervals import Flags
from veje.audit.model import ID, Floats, Ints, Program

FEW = 3
"""So many words at least make a class worth its search: two of them are followed."""

FOLLOWED = 2

_SPLIT = re.compile(r"(/| not in )")
_ENDLESS = 1e7
"""Stands for a limit that is none when rows are compared."""


@dataclass(frozen=True)
class Alike:
    """Counts that are the same but for their words.

    orbit: (n,) the same number for counts of which each says what the others do. spoken: (n,) those of
    words that others speak for.
    """

    orbit: Ints
    spoken: Flags


def find_alike(program: Program, matrix: sp.csr_array) -> Alike:
    """Find the words of counts that are all nought and may change places without changing the program.

    matrix: the rows of the program. Every exchange is held against all rows and limits.
    """
    names = [tuple(row) for row in program.variables.select(ID).iter_rows()]
    words = [_SPLIT.split(quantity) for quantity, _, _ in names]
    where = _empty_words(words, program.truth)
    index = {(*parts, *name[1:]): at for at, (parts, name) in enumerate(zip(words, names, strict=True))}
    keys = list(index)
    classes: list[list[str]] = []
    for word, own in where.items():
        for one in classes:
            swapped = _swap(keys, index, (one[0], word), [*where[one[0]], *own])
            if swapped is not None and _same(program, matrix, swapped):
                one.append(word)
                break
        else:
            classes.append([word])
    return _orbits(keys, where, [one for one in classes if len(one) >= FEW])


def _empty_words(words: list[list[str]], truth: Floats) -> dict[str, list[int]]:
    """Give the counts of each word all of whose counts are nought."""
    where: dict[str, list[int]] = defaultdict(list)
    for at, parts in enumerate(words):
        for word in dict.fromkeys(parts[::2]):
            where[word].append(at)
    return {word: own for word, own in where.items() if not truth[own].any()}


def _swap(
    keys: list[tuple[str, ...]], index: dict[tuple[str, ...], int], pair: tuple[str, str], own: list[int]
) -> Ints | None:
    """Give the counts' numbers with two words in each other's place; None where one has no counterpart."""
    change = {pair[0]: pair[1], pair[1]: pair[0]}
    found = np.arange(len(keys))
    for at in own:
        *words, area, type_key = keys[at]
        other = index.get((*(change.get(word, word) for word in words), area, type_key))
        if other is None:
            return None
        found[at] = other
    return found


def _same(program: Program, matrix: sp.csr_array, swapped: Ints) -> bool:
    """Tell whether limits, rows and what is protected stay the same: rows by sums with drawn weights."""
    needs = np.full((2, len(swapped)), -1.0)
    needs[:, program.targets] = program.need_low, program.need_high
    told = np.vstack([program.lower, program.upper, needs])
    if not np.array_equal(told, told[:, swapped]):
        return False
    drawn = np.random.default_rng(len(swapped)).uniform(1, 2, len(swapped))
    lower, upper = (np.clip(one, -_ENDLESS, _ENDLESS) for one in (program.rows.lower, program.rows.upper))
    limits = np.sqrt(2) * lower + np.sqrt(3) * upper
    before, after = np.sort(matrix @ drawn + limits), np.sort(matrix @ drawn[swapped] + limits)
    return bool(np.allclose(before, after, rtol=1e-12, atol=1e-9))


def _orbits(keys: list[tuple[str, ...]], where: dict[str, list[int]], classes: list[list[str]]) -> Alike:
    """Number the counts by what they say but for the words of each class, in the order they come."""
    class_of = {word: number for number, one in enumerate(classes) for word in one}
    silent = {word for one in classes for word in one[FOLLOWED:]}
    orbit, spoken = np.arange(len(keys)), np.zeros(len(keys), dtype=bool)
    seen: dict[tuple[str, ...], int] = {}
    for at in sorted({at for word in class_of for at in where[word]}):
        *words, area, type_key = keys[at]
        named: dict[str, str] = {}
        for word in words:
            if word in class_of:
                named.setdefault(word, f"{class_of[word]} {len(named)}")
        # A name with a space is no word of a class.
        orbit[at] = seen.setdefault((*(named.get(word, word) for word in words), area, type_key), at)
        spoken[at] = any(word in silent for word in words)
    return Alike(orbit, spoken)
