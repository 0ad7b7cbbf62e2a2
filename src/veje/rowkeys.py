"""How the keys of tables' rows are made: the groups of labels that name them."""

from __future__ import annotations

from collections.abc import Mapping

from veje.names import OTHER_TYPES, TYPE_TABLES

ROW_GROUPS: Mapping[str, tuple[str, ...]] = {
    "timing": ("scenarios",),
    "phases": ("phases",),
    **dict.fromkeys(("table_6_8", *TYPE_TABLES.values(), OTHER_TYPES), ("kinds",)),
}
"""Tables whose rows are named by a group first, because a state may have the same key."""

DOTTED: Mapping[str, tuple[str, ...]] = {
    "sensitivity": ("variants", "compared"),
    "timing_grid": ("thresholds", "scenarios"),
    "timing_clusters": ("activity", "scenarios"),
    "timing_by_kind": ("kinds", "scenarios"),
    "timing_class_kinds": ("scenarios", "class_kinds", "kinds"),
    "handovers": ("directions", "states"),
}
"""Tables whose keys are put together of parts with dots between, and the group of each part."""
