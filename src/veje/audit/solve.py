"""How far each protected count can be from what it is, given all that is published.

Outer limits come from one row at a time, and every feasible point shows how far the targets can go that
stand far off in it, so that few programs serve many targets. Any point of the program with some counts
held fixed is a point of the whole: so first the counts that many rows share stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp

from veje.audit.alike import find_alike
from veje.audit.intervals import Flags, Intervals
from veje.audit.model import Floats, Ints, Program
from veje.audit.part import Part
from veje.audit.propagate import propagate

HUB = 30
"""A count in more rows than this is first held fixed, to take the program apart: the persons of a place."""

WORTH = 0.01
"""With hubs held fixed: the share of the open targets that a program must bring to be worth its time."""

PATIENCE = 4
"""Programs that bring too little before a search ends: the next weights may bring more."""

SPREAD = 3.0
"""Powers of ten that the weights of targets lie apart."""


def solve(program: Program, found: Intervals) -> tuple[Floats, Floats]:
    """Follow every open target from its true count towards what its interval must reach.

    Where single rows settle a target as too narrow already, nothing is followed. Gives the limits of all
    counts by single rows.
    """
    matrix = program.rows.matrix(len(program.lower))
    limits = propagate(matrix, program.rows, program.lower, program.upper)
    found.settle(program.targets, *limits)
    if not found.settled.any():
        search(program, found, matrix)
    return limits


def search(program: Program, found: Intervals, matrix: sp.csr_array) -> None:
    """Follow all open targets: with hubs held fixed, then without, then each that is left to its end.

    What is alike is followed once, and again for itself only where that left it open.
    """
    alike = find_alike(program, matrix)
    orbits, free = alike.orbit[program.targets], np.zeros_like(alike.spoken)
    hubs = np.bincount(program.rows.column, minlength=len(program.lower)) > HUB
    for part in parts_of(program, matrix, found.over | found.under, hubs | alike.spoken, program.truth):
        follow(part, found, WORTH)
    for fixed in [alike.spoken, free] if alike.spoken.any() else [free]:
        for part in parts_of(program, matrix, found.over | found.under, fixed, program.truth):
            follow(part, found, 0.0)
            finish(part, found)
        found.share(orbits)


def follow(part: Part, found: Intervals, worth: float) -> None:
    """Move the ends of a part's targets with one program each time, as long as more than a share
    of them (worth) comes where it must.

    Targets that compete for one slack would each get some of it and none enough: so their weights are
    drawn, far apart, and anew each time. Every other time wholes are left to what their parts do: a
    whole that need not go further than its end would hold its parts there together.
    """
    draw = np.random.default_rng(len(part.variables))
    for down in (True, False):
        idle = turn = 0
        while (open_ := (found.over if down else found.under)[part.numbers]).any() and idle < PATIENCE:
            free = open_ & ~part.wholes[part.targets]
            own = np.flatnonzero(free if turn % 2 == 0 and free.any() else open_)
            targets, need = part.targets[own], found.need_high[part.numbers[own]]
            weights = 10.0 ** draw.uniform(0, SPREAD, len(own))
            found.record(
                part, part.lowest(targets, weights) if down else part.highest(targets, weights, need)
            )
            left = (found.over if down else found.under)[part.numbers]
            gained = open_.sum() - left.sum()
            idle, turn = 0 if gained > worth * open_.sum() else idle + 1, turn + 1


def finish(part: Part, found: Intervals) -> None:
    """Follow each target that is left for itself."""
    for number, column in zip(part.numbers, part.targets, strict=True):
        if found.over[number]:
            found.reach(part, int(number), 1, part.extreme(int(column), 1))
        if found.under[number]:
            found.reach(part, int(number), -1, part.extreme(int(column), -1))


def parts_of(
    program: Program, matrix: sp.csr_array, wanted: Flags, fixed: Flags, point: Floats
) -> Iterator[Part]:
    """Take the program apart with some counts held at a point: the parts that have wanted targets."""
    open_ = np.flatnonzero(wanted & ~fixed[program.targets])
    columns = np.flatnonzero(~fixed)
    moved = matrix @ np.where(fixed, point, 0.0)
    limits = program.rows.lower - moved, program.rows.upper - moved
    label_row, label_column = _together(matrix[:, columns])
    where = np.full(len(point), -1)
    where[columns] = label_column
    for label in np.unique(where[program.targets[open_]]):
        own, rows = columns[label_column == label], np.flatnonzero(label_row == label)
        place = np.full(len(point), -1)
        place[own] = np.arange(len(own))
        numbers = open_[where[program.targets[open_]] == label]
        yield Part(
            own,
            rows,
            place[program.targets[numbers]],
            numbers,
            matrix[rows][:, own],
            (limits[0][rows], limits[1][rows]),
            np.column_stack([program.lower[own], program.upper[own]]),
            program.rows.of[rows],
            program.rows.loose[rows] - moved[rows],
        )


def _together(matrix: sp.csr_array) -> tuple[Ints, Ints]:
    """Number the parts that hang together: by row and by column."""
    height = matrix.shape[0]
    square = sp.block_array([[None, matrix], [matrix.T, None]], format="csr")
    parts: Ints = sp.csgraph.connected_components(square, directed=False)[1].astype(np.int64)  # type: ignore[arg-type]
    return parts[:height], parts[height:]
