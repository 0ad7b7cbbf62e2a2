"""Primary diagnoses of the persons with a grant, by type and municipality (table 5.3, section 7.2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from veje.published import figures
from veje.twin.even import even_uniforms, rake
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
    """Give (type, area, group) shares that sum to one: section 7.2's, fitted to table 5.3.

    What section 7.2 does not print follows table 5.3. The shares of a municipality's types, weighted
    by their persons (Bilag 1), must give its column of table 5.3; they are raked to it, so that the
    odds ratios between types are those of section 7.2.
    """
    printed = figures("table_5_3", "share", "area", "key")
    persons = figures("bilag_1", "count", "area", "type_key", "key")
    shares = np.zeros((len(TYPES), len(AREAS), len(GROUPS)))
    for a, area in enumerate(AREAS):
        base = np.array([printed.get((area, group), 0.0) for group in GROUPS])
        start = np.array([_start(key, a, base) for key in TYPES])
        size = np.array([persons.get((area, key, "n_sequences"), 0.0) for key in TYPES])
        fitted = rake(start * size[:, None], size, size.sum() * base / base.sum())
        shares[:, a] = np.where(size[:, None] > 0, fitted / np.maximum(size, 1)[:, None], start / 100)
    return shares


def _start(type_key: str, a: int, base: Floats) -> Floats:
    """Give a type's shares in percent: printed ones first, table 5.3 for the rest."""
    known = PRINTED[type_key]
    fixed = np.array([known[group][a] if group in known else 0.0 for group in GROUPS])
    rest = np.where([group in known for group in GROUPS], 0.0, base)
    start: Floats = fixed + rest * (100 - fixed.sum()) / rest.sum()
    return start


def draw_groups(rng: np.random.Generator, types: Ints, areas: Ints, strata: Ints | None = None) -> Ints:
    """Draw each person's diagnosis group: (n,) positions in GROUPS; evenly within strata when given."""
    u = rng.random(types.size) if strata is None else even_uniforms(rng, strata)
    cumulated = diagnosis_shares().cumsum(axis=2)[types, areas]
    group = (u[:, None] > cumulated).sum(axis=1)
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
