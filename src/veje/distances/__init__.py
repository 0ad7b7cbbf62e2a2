"""Dissimilarities between sequences of states: costs, and pairwise distances."""

from veje.distances.costing import COSTS
from veje.distances.normalise import NORMS
from veje.distances.own import own_costs
from veje.distances.pairs import pairwise
from veje.distances.rates import transition_rates
from veje.distances.registry import METHODS
from veje.distances.substitution import Costs, costs

__all__ = ["COSTS", "METHODS", "NORMS", "Costs", "costs", "own_costs", "pairwise", "transition_rates"]
