"""How the keys of tables' rows are made: the groups of labels that name them."""

from __future__ import annotations

from collections.abc import Mapping

from veje.names import OTHER_TYPES, TYPE_TABLES

ROW_GROUPS: Mapping[str, tuple[str, ...]] = {
    "timing": ("scenarios",),
    "timing_expected": ("scenarios",),
    "regimes": ("regimes",),
    "flags": ("flags",),
    "not_granted": ("nongrant_parts",),
    "phases": ("phases",),
    "table_5_1": ("legal_basis",),
    "table_5_2": ("outcomes",),
    "table_5_3": ("diagnosis",),
    "table_5_4": ("referrals",),
    "table_6_2": ("education",),
    **dict.fromkeys(("table_6_5", "bilag_2"), ("medicine",)),
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
    "transitions": ("states", "states"),
    "state_flow": ("rows", "rows"),
    "flags_by_regime": ("flags", "regimes"),
    "flag_variants": ("flags", "parameters", "flag_parts"),
    "regime_types": ("regime_groups", "type_parts"),
    "regime_profiles": ("regime_groups", "rows"),
    "regime_matches": ("regime_groups", "regime_groups", "types"),
}
"""Tables whose keys are put together of parts with dots between, and the group of each part."""

AGREEMENT = (
    r"(?P<what>adjusted_rand|cluster_\d+|order_of_persons|ties|choice_\w+)"
    r"\.(?P<part>mean|low|high|recovered)"
)
"""How keys of agreement between partitions are made: what is compared, and which figure of it."""
