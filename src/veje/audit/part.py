"""A part of the program, solved with HiGHS (Huangfu and Hall, 2018) through SciPy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, linprog

from veje.audit.model import Floats, Ints
from veje.errors import VejeError

SLACK = 1e-6
"""HiGHS keeps constraints to 1e-7."""


@dataclass(frozen=True)
class Extreme:
    """The end of an interval, a point at which it is reached, and the counts and rows that stop it there."""

    value: float
    point: Floats | None
    columns: Ints
    rows: Ints


@dataclass
class Part:
    """Counts that hang together: their numbers in the program, rows, limits and bounds.

    targets: columns of the part that are protected, and numbers: which target of the program each is.
    of, loose: as of `Rows`.
    """

    variables: Ints
    rows: Ints
    targets: Ints
    numbers: Ints
    matrix: sp.csr_array
    limits: tuple[Floats, Floats]
    bounds: Floats
    of: Ints
    loose: Floats

    def withhold(self, variable: int) -> None:
        """Let a count be anything, and drop what its figures say of other counts."""
        self.bounds[self.variables == variable] = (0.0, np.inf)
        told = self.of == variable
        if told.any():
            self.limits[0][told], self.limits[1][told] = self.loose[told], np.inf
            self.__dict__.pop("_rows", None)
            self.__dict__.pop("_kinds", None)

    def extreme(self, target: int, sign: int) -> Extreme:
        """Give a column's least (sign 1) or greatest value (-1), and what stops it; infinite: nothing."""
        cost = np.zeros(len(self.variables))
        cost[target] = sign
        found = self._solve(cost)
        none = np.zeros(0, dtype=np.int64)
        if found.status == 3:
            return Extreme(-sign * np.inf, None, none, none)
        held = np.abs(found.lower.marginals) + np.abs(found.upper.marginals) > SLACK
        equal, least, most = self._kinds
        marginal = np.zeros(len(self.rows))
        marginal[equal] = np.abs(found.eqlin.marginals)
        both = np.concatenate([np.flatnonzero(least), np.flatnonzero(most)])
        np.add.at(marginal, both, np.abs(found.ineqlin.marginals))
        return Extreme(float(sign * found.fun), found.x, self.variables[held], self.rows[marginal > SLACK])

    def lowest(self, targets: Ints, weights: Floats) -> Floats:
        """Give a point with as small a weighted sum of the targets (columns) as there is."""
        cost = np.zeros(len(self.variables))
        cost[targets] = weights
        found: Floats = self._solve(cost).x
        return found

    def highest(self, targets: Ints, weights: Floats, need: Floats) -> Floats:
        """Give a point at which targets that are below what they need come as near to it as they can."""
        cost = np.zeros(len(self.variables))
        cost[targets] = -weights
        # What a target has above its need counts for nothing: it need not go there.
        bounds = self.bounds.copy()
        bounds[targets, 1] = np.minimum(bounds[targets, 1], need)
        found: Floats = self._solve(cost, bounds).x
        return found

    @cached_property
    def wholes(self) -> NDArray[np.bool_]:
        """Tell the columns that are the whole of some sum: whose sign is theirs alone in a row."""
        entries = self.matrix.tocoo()
        counts = [
            np.bincount(entries.row[entries.data * sign > 0], minlength=len(self.rows)) for sign in (1, -1)
        ]
        alone = np.where(entries.data > 0, counts[0][entries.row] == 1, counts[1][entries.row] == 1)
        several = counts[0][entries.row] + counts[1][entries.row] > 2
        found = np.zeros(len(self.variables), dtype=bool)
        found[entries.col[alone & several]] = True
        return found

    @cached_property
    def _kinds(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        lower, upper = self.limits
        equal = lower == upper
        return equal, ~equal & np.isfinite(lower), ~equal & np.isfinite(upper)

    @cached_property
    def _rows(self) -> tuple[sp.csr_array, Floats, sp.csr_array, Floats]:
        equal, least, most = self._kinds
        lower, upper = self.limits
        above = sp.vstack([-self.matrix[least], self.matrix[most]], format="csr")
        return above, np.concatenate([-lower[least], upper[most]]), self.matrix[equal], lower[equal]

    def _solve(self, cost: Floats, bounds: Floats | None = None) -> OptimizeResult:
        above, above_limit, equal, equal_limit = self._rows
        found: OptimizeResult = linprog(
            cost,
            A_ub=above,  # type: ignore[call-overload]  # sparse matrices are not in SciPy's stubs
            b_ub=above_limit,
            A_eq=equal,
            b_eq=equal_limit,
            bounds=self.bounds if bounds is None else bounds,
            method="highs-ds",
            options={"presolve": False},
        )
        if found.status not in (0, 3):
            raise VejeError(f"audit: the linear program was not solved (HiGHS status {found.status})")
        return found
