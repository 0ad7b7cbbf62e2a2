"""The dissimilarities by their TraMineR names; a new one slots in here."""

from veje.distances import alignment, hamming
from veje.distances.plan import Method

METHODS: dict[str, Method] = {
    "OM": Method(alignment.plan, needs_costs=True),
    "HAM": Method(hamming.plan),
}
