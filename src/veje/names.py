"""Names that several stages and the pages share, each written down once."""

from __future__ import annotations

SCENARIOS = ("early", "continuous", "late", "mixed", "none")
"""The classes of timing, in the order in which they are shown."""

BANDS = {
    "n_1_5": 1,
    "n_6_10": 6,
    "n_11_15": 11,
    "n_16_20": 16,
    "n_21_25": 21,
    "n_26_31": 26,
    "n_32_and_over": 32,
}
"""Table 6.7's bands of measures per person, by their first number; the last is ours."""

TYPE_TABLES = {
    "short_term_cash_benefit": "table_7_3",
    "long_term_cash_benefit": "table_7_4",
    "commuter": "table_7_5",
    "wage_earner_became_ill": "table_7_6",
    "flexjob_referred": "table_7_7",
}
"""The study prints one table of measures for each of its types; other types share one of their own."""

OTHER_TYPES = "measures_by_type"

INDICES = ("PBC", "HG", "HGSD", "ASW", "ASWw", "CH", "R2", "CHsq", "R2sq", "HC")
"""The quality indices of a partition, by WeightedCluster's names."""

LOWER_IS_BETTER = frozenset({"HC"})
"""The indices that are best when lowest; all others are when highest."""

INDICATORS = (
    "transitions",
    "transition_share",
    "spells",
    "visited",
    "recurrence",
    "mean_spell",
    "spell_deviation",
    "entropy",
    "subsequences_log2",
    "turbulence",
    "turbulence_share",
    "complexity",
    "volatility",
)
"""The indicators of single sequences, in the order in which they are shown."""

PLACE = ("table", "area", "type_key", "key", "measure")
"""Where a figure stands in its table."""

SHOWN = ["area", "type_key", "key", "measure", "unit", "value", "status", "base"]
"""The columns of a released table's CSV file."""

CELL = (*PLACE, "base")
"""What one figure of a table is known by; a table may show two bases side by side (table 6.5)."""

ALL_TYPES = "all"
"""The type key of a figure of all types together, in tables whose rows are types."""

ONWARD = "onward"
"""The row of table `transitions` that counts the quarters in a state that any quarter follows."""

WITHHELD = "withheld"
"""The type key of a cluster that has too few persons to tell its type."""

KIND_UNKNOWN = "kind_unknown"
"""The step of `spell_flow` that counts records with a measure code that is not in the list."""

UNKNOWN_KINDS = {"amfo": KIND_UNKNOWN, "offl": "offl_kind_unknown"}
"""These steps by register of measures; the later register's is there when it is delivered."""

SPELL_RULES = (
    "adjacent",
    "year_end",
    "near",
    "contained",
    "overlapping",
    "left_to_offl",
    "left_to_amfo",
    "across_change",
    "other_measure",
    "cut_at_index",
)
"""What is done with records of measures that touch, overlap or reach too far (table `spell_rules`)."""

EXPECTED = "timing_expected"
"""The table of timing without grants for which no activity is expected."""

NOT_GRANTED = "not_granted"
"""The table of persons without a grant, by the path that they are placed on."""

NO_MATCH = "no_match"
"""The type that stands beside one that no type of another group of regimes is like."""

PASSIVE = {"passive_0": 0, "passive_1_4": 1, "passive_5_9": 5, "passive_10_14": 10, "passive_15_up": 15}
"""Bands of the longest run of passive quarters, by their first number."""

BASE = "base"
"""The name of the run's own choices among the variants."""

COMPARED = (
    "adjusted_rand",
    "adjusted_rand_types",
    "clusters",
    "bilag_1_distance",
    "profile_distance",
    "matched_profiles",
)
"""What is released of each variant besides the persons of its types."""

RULES = (
    "short_row",
    "long_row",
    "header_again",
    "identifier_missing",
    "identifier_impossible",
    "cell_missing",
    "code_unknown",
    "date_unreadable",
    "date_out_of_range",
    "number_unreadable",
    "number_out_of_range",
    "spell_reversed",
    "duplicate",
)
"""The rules for which ingest keeps rows aside."""
