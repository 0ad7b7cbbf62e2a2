"""The intervals of protected counts as they become known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veje.audit.model import Floats, Ints, Program
from veje.audit.part import SLACK, Extreme, Part

Flags = NDArray[np.bool_]


@dataclass
class Intervals:
    """The interval of each target (m,) as far as it was followed: to what it needs, or to its end.

    settled: targets that are known to be too narrow; they are not followed any further.
    """

    low: Floats
    high: Floats
    need_low: Floats
    need_high: Floats
    settled: Flags

    @classmethod
    def start(cls, program: Program) -> Intervals:
        """Begin with the true counts; what no row holds has no end."""
        at = program.truth[program.targets]
        held = np.bincount(program.rows.column, minlength=len(program.lower))[program.targets] > 0
        low = np.where(held, at, program.lower[program.targets])
        high = np.where(held, at, program.upper[program.targets])
        return cls(low, high, program.need_low, program.need_high, np.zeros(len(at), dtype=bool))

    @property
    def over(self) -> Flags:
        """Targets that were not yet seen as low as they must be possible."""
        open_: Flags = ~self.settled & (self.low > self.need_low + SLACK)
        return open_

    @property
    def under(self) -> Flags:
        """Targets that were not yet seen as high as they must be possible."""
        open_: Flags = ~self.settled & (self.high < self.need_high - SLACK)
        return open_

    @property
    def narrow(self) -> Flags:
        """Targets whose interval is not known to reach what it must."""
        return self.settled | self.over | self.under

    @property
    def known(self) -> Flags:
        """Targets that are known to be too narrow: where any is settled, the others were not followed."""
        return self.settled if self.settled.any() else self.narrow

    def copy(self) -> Intervals:
        """Give the same intervals, to be followed without these."""
        flags = self.settled.copy()
        return Intervals(self.low.copy(), self.high.copy(), self.need_low, self.need_high, flags)

    def record(self, part: Part, values: Floats) -> None:
        """Note what a point shows of all targets of a part."""
        shown = values[part.targets]
        self.low[part.numbers] = np.minimum(self.low[part.numbers], shown)
        self.high[part.numbers] = np.maximum(self.high[part.numbers], shown)

    def share(self, orbits: Ints) -> None:
        """Let targets of one orbit (m,) have the same interval: each can be where another one can."""
        number = np.unique(orbits, return_inverse=True)[1]
        low, high = np.full(len(number), np.inf), np.full(len(number), -np.inf)
        np.minimum.at(low, number, self.low)
        np.maximum.at(high, number, self.high)
        self.low, self.high = low[number], high[number]

    def reach(self, part: Part, number: int, sign: int, end: Extreme) -> None:
        """Note the end of a target's interval (sign 1: the low one) and what its point shows of others."""
        if end.point is not None:
            self.record(part, end.point)
        (self.low if sign > 0 else self.high)[number] = end.value

    def settle(self, targets: Ints, lower: Floats, upper: Floats) -> None:
        """Note the outer limits of all counts: a target between limits too close to each other is narrow."""
        low, high = lower[targets], upper[targets]
        narrow = (low > self.need_low + SLACK) | (high < self.need_high - SLACK)
        self.low[narrow], self.high[narrow] = low[narrow], high[narrow]
        self.settled = self.settled | narrow

    def reopen(self, program: Program) -> None:
        """Follow the narrow targets anew from their true counts: more is withheld now."""
        narrow = self.narrow
        at = program.truth[program.targets]
        self.low[narrow], self.high[narrow] = at[narrow], at[narrow]
        self.settled = np.zeros(len(narrow), dtype=bool)
