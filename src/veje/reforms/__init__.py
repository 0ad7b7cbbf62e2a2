"""Stage `reforms`: the regime of each grant, types within regimes, and how they compare."""

from veje.reforms.compare import compare_groups, hide_small, match_types
from veje.reforms.place import of_group, place_grants

__all__ = ["compare_groups", "hide_small", "match_types", "of_group", "place_grants"]
