"""Persons without a grant: who was at risk on the same days, matched to the grants, and their paths.

It describes how often paths end in a grant; it does not explain why.
"""

from veje.nongrants.candidates import find_candidates
from veje.nongrants.match import add_cells, match_grants
from veje.nongrants.paths import share_paths

__all__ = ["add_cells", "find_candidates", "match_grants", "share_paths"]
