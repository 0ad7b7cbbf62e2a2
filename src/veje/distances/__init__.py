"""Dissimilarities between sequences of states: costs, and condensed pairwise distances."""

from veje.distances.normalise import NORMS
from veje.distances.pairs import METHODS, pairwise
from veje.distances.substitution import COSTS, Costs, costs, transition_rates

__all__ = ["COSTS", "METHODS", "NORMS", "Costs", "costs", "pairwise", "transition_rates"]
