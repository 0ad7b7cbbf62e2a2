"""Dissimilarities between sequences of states: costs, and pairwise distances."""

from veje.distances.normalise import NORMS
from veje.distances.pairs import pairwise
from veje.distances.registry import METHODS
from veje.distances.substitution import COSTS, Costs, costs, transition_rates

__all__ = ["COSTS", "METHODS", "NORMS", "Costs", "costs", "pairwise", "transition_rates"]
