"""Cases drawn for review by strata, and what their reviewers found, weighted to all cases."""

from veje.sampling.draw import Design, Draw, draw_cases
from veje.sampling.estimate import estimate, korn_graubard
from veje.sampling.frame import Stratum, place_cases, read_strata
from veje.sampling.outcomes import Coding, read_coding, read_outcomes
from veje.sampling.sheet import Sheet, write_sheet

__all__ = [
    "Coding",
    "Design",
    "Draw",
    "Sheet",
    "Stratum",
    "draw_cases",
    "estimate",
    "korn_graubard",
    "place_cases",
    "read_coding",
    "read_outcomes",
    "read_strata",
    "write_sheet",
]
