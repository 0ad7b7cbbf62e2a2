"""Weeks of a national population: quarters of lives drawn once, and a chain of them for each person.

A *step* is 13 weeks. For every way of life and state there are 256 ready steps that begin in that
state; a person goes from the end of one step to one of those that begin there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.twin.codes import ALL_CODES, CODES, code_table
from veje.twin.crowd import Crowd
from veje.twin.hashed import Lot
from veje.twin.law import (
    ABROAD,
    CASH,
    DEAD,
    OLD_AGE,
    PARENTAL,
    PENSION,
    REHAB,
    SICK,
    STUDENT,
    UNEMP,
    WAGE,
    WEEKS_PER_QUARTER,
    Flags,
    Floats,
    Ints,
    States,
)
from veje.twin.others import BLOCK, LIVES, Life

READY = 256
"""Ready steps a state: one random byte chooses."""
N_STATES = len(CODES)
# ASSUME: who later gets a pension falls ill or out of work early and seldom comes back.
GROUPS: Mapping[str, Life] = {
    **LIVES,
    "towards": Life(0.0, 0.04, {SICK: 0.5, CASH: 0.3, REHAB: 0.1, UNEMP: 0.1}, 0.08),
}
TOWARDS = len(LIVES)
# ASSUME: of those who leave work, beside the group's own benefits, this many go to study, on leave, abroad.
BESIDE = {STUDENT: 0.06, PARENTAL: 0.12, ABROAD: 0.01}
LEAVES = {STUDENT: 1 / 150, PARENTAL: 1 / 46, ABROAD: 1 / 160}
"""Chance a week to leave these states, whatever the way of life."""


@dataclass(frozen=True)
class Chain:
    """Ready steps by entry (way of life, state, byte): codes (13, entries), ends (entries,).

    codes: positions in ALL_CODES; ends: the first entry of the state that a step ends in.
    """

    codes: States
    ends: NDArray[np.intp]


def entry_of(group: Ints, state: Ints) -> NDArray[np.intp]:
    """Give the first entry of a way of life and a state."""
    entry: NDArray[np.intp] = ((group * N_STATES + state) * READY).astype(np.intp)
    return entry


def leaving(group: Ints, state: Ints) -> Floats:
    """Give the chance a week to leave a state: (n,)."""
    falls = np.array([life.falls for life in GROUPS.values()])[group] / BLOCK
    rises = np.array([life.rises for life in GROUPS.values()])[group] / BLOCK
    chance = np.where(state == WAGE, falls, rises)
    for own, share in LEAVES.items():
        chance = np.where(state == own, share, chance)
    drawn: Floats = chance
    return drawn


def next_states(lot: Lot, step: str, ids: Ints, group: Ints, state: Ints) -> Ints:
    """Draw where somebody goes who leaves a state: mostly back to work, from work to a benefit."""
    entered = np.empty(ids.size, dtype=np.int64)
    for g, life in enumerate(GROUPS.values()):
        here = group == g
        weights = {**life.entered, **BESIDE}
        drawn = lot.pick(f"{step}:to", ids[here], np.array(list(weights.values())))
        entered[here] = np.array(list(weights))[drawn]
    home = (state != WAGE) & (lot.unit(f"{step}:home", ids) < 0.8)
    return np.where(home, WAGE, entered)


def make_chain(lot: Lot) -> Chain:
    """Draw the ready steps: (ways of life x states x 256) entries of 13 weeks.

    The first leaving of the 256 steps of a state is stratified, so that rare events keep their share.
    """
    ids = np.arange(len(GROUPS) * N_STATES * READY)
    group, state, byte = ids // (N_STATES * READY), ids // READY % N_STATES, ids % READY
    stay = np.log1p(-(byte + 0.5) / READY) / np.log1p(-leaving(group, state))
    table = code_table()
    which = lot.whole("code", ids, 0, 256)
    codes = np.empty((WEEKS_PER_QUARTER, ids.size), dtype=np.uint8)
    for week in range(WEEKS_PER_QUARTER):
        again = (stay < week) & (lot.unit(f"again{week}", ids) < leaving(group, state))
        leaves: Flags = (np.floor(stay) == week) | again
        state = np.where(leaves, next_states(lot, f"next{week}", ids, group, state), state)
        which = np.where(leaves, lot.whole(f"code{week}", ids, 0, 256), which)
        codes[week] = table[state, which]
    return Chain(codes, entry_of(group, state))


def draw_lives(chain: Chain, lot: Lot, crowd: Crowd, out: States) -> None:
    """Fill `out` (weeks, n), in place, with the code positions of n persons, oldest week first."""
    shares = np.array([life.share for life in LIVES.values()])
    group = np.where(crowd.has_grant, TOWARDS, lot.pick("life", crowd.ids, shares))
    at = entry_of(group, np.full(group.size, WAGE))
    chosen = np.empty((group.size, 8), dtype=np.uint8)
    for step, first in enumerate(range(0, out.shape[0], WEEKS_PER_QUARTER)):
        if step % 8 == 0:
            chosen = lot.bits(f"step{step}", crowd.ids).astype("<u8").view(np.uint8).reshape(-1, 8)
        entry = at + chosen[:, step % 8]
        for week, codes in zip(range(first, out.shape[0]), chain.codes, strict=False):
            # "clip" lets NumPy write into `out` without a copy; every entry is valid.
            np.take(codes, entry, out=out[week], mode="clip")
        at = chain.ends[entry]
    lay_over(crowd, out)


def lay_over(crowd: Crowd, out: States) -> None:
    """Blank the weeks before the 18th birthday, and lay pension, old-age pension and death over the rest."""
    pension, old, dead = (ALL_CODES.index(next(iter(CODES[s]))) for s in (PENSION, OLD_AGE, DEAD))
    paid = np.flatnonzero(crowd.has_grant)
    late = np.arange(out.shape[0])[:, None] > crowd.granted[paid]
    out[:, paid] = np.where(late, np.uint8(pension), out[:, paid])
    adult, retired, died = (c.astype(np.int16) for c in (crowd.adult, crowd.retired, crowd.died))
    for week, row in enumerate(out):
        row *= adult <= week
        # Positions follow the codes' order: 999 (dead) is above 998 (old age), and both above all others.
        np.maximum(row, (retired <= week) * np.uint8(old), out=row)
        np.maximum(row, (died <= week) * np.uint8(dead), out=row)
