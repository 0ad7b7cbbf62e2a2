"""Primary diagnoses of the persons with a grant, by type and municipality (table 5.3, section 7.2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.law import AREAS, TYPES, Floats, Ints

GROUPS = (
    "mental_disorder",
    "musculoskeletal",
    "cardiovascular",
    "nervous_sensory",
    "cancer",
    "accident_violence",
    "respiratory",
    "congenital",
    "social_indication",
    "other",
)
# ICD-10 codes that data_schema/codes/diagnoses.csv maps to the ten groups by their beginning.
ICD: Mapping[str, tuple[str, ...]] = {
    "mental_disorder": ("F20", "F31", "F32", "F33", "F41", "F43", "F60", "F70", "F84", "F90", "F10"),
    "musculoskeletal": ("M05", "M06", "M15", "M16", "M47", "M51", "M54", "M79"),
    "cardiovascular": ("I21", "I25", "I50", "I61", "I63", "I69"),
    "nervous_sensory": ("G20", "G35", "G40", "G43", "G80", "H54", "H90"),
    "cancer": ("C18", "C34", "C50", "C61", "C71", "C91", "D33"),
    "accident_violence": ("S06", "S14", "S33", "T90", "T91", "T93"),
    "respiratory": ("J44", "J45", "J84"),
    "congenital": ("Q05", "Q66", "Q90"),
    "social_indication": ("Z56", "Z59", "Z60"),
    "other": ("E10", "E11", "K50", "K74", "N18", "B20", "L40", "R52"),
}
# Printed shares by type, percent, in the order of AREAS (section 7.2); the rest follows table 5.3.
# ASSUME: a share printed for other municipalities or for none stands where nothing is printed.
PRINTED: Mapping[str, Mapping[str, tuple[float, float, float, float]]] = {
    "short_term_cash_benefit": {"mental_disorder": (61, 61, 61, 61), "musculoskeletal": (16, 17, 16, 17)},
    "long_term_cash_benefit": {"mental_disorder": (80, 67, 80, 67), "musculoskeletal": (9, 20, 7, 20)},
    "commuter": {
        "mental_disorder": (49, 32, 49, 32),
        "musculoskeletal": (21, 23, 21, 23),
        "cardiovascular": (4, 14, 4, 4),
    },
    "wage_earner_became_ill": {
        "mental_disorder": (35, 20, 35, 34),
        "musculoskeletal": (25, 25, 20, 25),
        "cardiovascular": (8, 13, 10, 11),
        "cancer": (9, 14, 20, 10),
    },
    "flexjob_referred": {"mental_disorder": (29, 29, 29, 54), "musculoskeletal": (27, 27, 27, 27)},
}


def diagnosis_shares() -> Floats:
    """Give (type, area, group) shares that sum to one: printed ones first, table 5.3 for the rest."""
    printed = figures("table_5_3", "share", "area", "key")
    shares = np.zeros((len(TYPES), len(AREAS), len(GROUPS)))
    for t, type_key in enumerate(TYPES):
        known = PRINTED[type_key]
        for a, area in enumerate(AREAS):
            base = np.array([printed.get((area, group), 0.0) for group in GROUPS])
            is_known = np.array([group in known for group in GROUPS])
            fixed = np.array([known[group][a] if group in known else 0.0 for group in GROUPS])
            rest = np.where(is_known, 0.0, base)
            shares[t, a] = fixed + rest * (100 - fixed.sum()) / rest.sum()
    return shares / 100


def draw_groups(rng: np.random.Generator, types: Ints, areas: Ints) -> Ints:
    """Draw each person's diagnosis group: (n,) positions in GROUPS."""
    cumulated = diagnosis_shares().cumsum(axis=2)[types, areas]
    group = (rng.random(types.size)[:, None] > cumulated).sum(axis=1)
    clipped: Ints = np.minimum(group, len(GROUPS) - 1)
    return clipped


def draw_icd(rng: np.random.Generator, groups: Ints) -> NDArray[np.str_]:
    """Draw an ICD-10 code of each person's group: (n,)."""
    codes = np.empty(groups.size, dtype="<U4")
    for g, group in enumerate(GROUPS):
        here = groups == g
        codes[here] = rng.choice(np.array(ICD[group]), int(here.sum()))
    return np.char.add(codes, rng.integers(0, 10, groups.size).astype(str))


def death_rates(groups: Ints) -> Floats:
    """Give yearly death rates after the grant."""
    # ASSUME: 25 % a year with cancer, 2.5 % else; the study does not follow persons after the grant.
    rates: Floats = np.where(groups == GROUPS.index("cancer"), 0.25, 0.025)
    return rates
