"""Names and shares that the twin's law rests on: states, types, areas, and what the study leaves open.

States are small integers: 0..8 are the study's nine states in the order of the alphabet `caswell9`,
the rest are weeks that the alphabet does not hold (pension, dead, abroad, ...).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

States = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

QUARTERS: Final = 20
WEEKS_PER_QUARTER: Final = 13
WINDOW: Final = QUARTERS * WEEKS_PER_QUARTER

STATES: Final = (
    "wage_earner",
    "unemployment_benefit",
    "sickness_benefit",
    "cash_benefit",
    "rehabilitation_benefit",
    "ledighedsydelse",
    "introduction_benefit",
    "self_support_300_hour_rule",
    "no_benefit",
)
WAGE, UNEMP, SICK, CASH, REHAB, LEDIG, INTRO, SELF, FLEX = range(9)
PENSION, DEAD, ABROAD, PARENTAL, STUDENT, OLD_AGE, EARLY, SICK_IN_FLEXJOB = range(9, 17)

TYPES: Final = (
    "short_term_cash_benefit",
    "long_term_cash_benefit",
    "commuter",
    "wage_earner_became_ill",
    "flexjob_referred",
)
AREAS: Final = {"herning": "657", "holstebro": "661", "silkeborg": "740", "viborg": "791"}

# ASSUME: neighbours' municipality codes after the reform of 2007 are used in all years, also before it.
NEIGHBOURS: Final = ("615", "665", "671", "710", "730", "746", "751", "756", "760", "779")

FROM: Final = date(2007, 7, 1)
TO: Final = date(2009, 3, 31)
DREAM_FIRST: Final = (1996, 1)
DREAM_LAST: Final = (2009, 53)
