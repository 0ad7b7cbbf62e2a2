"""Is the typology real? Stability, null models, bands of choices, and what covariates explain."""

from veje.clusters.agreement import adjusted_rand, jaccard
from veje.matching import match_profiles
from veje.validation.band import NullBand, null_band
from veje.validation.bands import choice_band, person_order_band, tie_band
from veje.validation.bootstrap import Stability, bootstrap
from veje.validation.discrepancy import Discrepancy, discrepancy
from veje.validation.factors import Factor, factors
from veje.validation.movers import Moves, moves
from veje.validation.null import MODELS, simulate
from veje.validation.splits import Covariate
from veje.validation.tree import Growth, RegressionTree, grow

__all__ = [
    "MODELS",
    "Covariate",
    "Discrepancy",
    "Factor",
    "Growth",
    "Moves",
    "NullBand",
    "RegressionTree",
    "Stability",
    "adjusted_rand",
    "bootstrap",
    "choice_band",
    "discrepancy",
    "factors",
    "grow",
    "jaccard",
    "match_profiles",
    "moves",
    "null_band",
    "person_order_band",
    "simulate",
    "tie_band",
]
