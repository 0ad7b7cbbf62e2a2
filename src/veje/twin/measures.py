"""How many measures each person with a grant has, and of which kinds (tables 6.7, 7.3 to 7.7).

The integers are those recovered from the printed percentages, with the two corrected totals
(355 in table 7.5 Holstebro, 588 in table 7.4 Viborg): 5,805 measures of 1,045 persons.
"""

from __future__ import annotations

import numpy as np

from veje.published import figures
from veje.twin.bands import deal_to_types, draw_in_bands, persons_by_band
from veje.twin.law import AREAS, TYPES, Floats, Ints

KINDS = (
    "guidance",
    "special_projects",
    "education",
    "special_activation",
    "intensive_job_search",
    "work_placement",
    "wage_subsidy",
    "flexjob",
    "danish_teaching",
    "other",
)
MOST = 31
"""Table 6.7 ends with 26 to 31 measures."""
# ASSUME: spread of measures over persons outside the cohort within a type and municipality (gamma shape).
SHAPE = 2.0


def kind_counts() -> Ints:
    """Give (type, area, kind) numbers of measures."""
    printed = figures("measure_counts", "count", "type_key", "area", "key")
    cells = [[[printed.get((t, a, k), 0.0) for k in KINDS] for a in AREAS] for t in TYPES]
    return np.array(cells).astype(np.int64)


def shares_active(persons: Ints) -> Floats:
    """Give (type, area) shares of persons with a measure, so that each area has its printed number.

    persons: (type, area) numbers. The share is 1 - exp(-c rate), c by bisection within the area.
    """
    # ASSUME: the study prints persons with a measure by municipality, not by type.
    per_class = figures("measures_per_person", "count", "area", "key")
    wanted = [sum(v for (area, _), v in per_class.items() if area == a) for a in AREAS]
    rate = kind_counts().sum(axis=2) / np.maximum(persons, 1)
    low, high = np.zeros(len(AREAS)), np.full(len(AREAS), 50.0)
    for _ in range(60):
        middle = (low + high) / 2
        reached = (persons * (1 - np.exp(-middle * rate))).sum(axis=0)
        low, high = np.where(reached < wanted, middle, low), np.where(reached < wanted, high, middle)
    shares: Floats = 1 - np.exp(-high * rate)
    return shares


def round_to_sum(values: Floats, total: int) -> Ints:
    """Round down and give the rest to the largest remainders."""
    whole = np.floor(values).astype(np.int64)
    order = np.argsort(-(values - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def share_out(rng: np.random.Generator, active: int, total: int) -> Ints:
    """Share `total` measures out to `active` persons, at least one and at most 31 each."""
    if active == 0:
        return np.zeros(0, dtype=np.int64)
    weights = rng.gamma(SHAPE, size=active)
    numbers = 1 + rng.multinomial(total - active, weights / weights.sum())
    while numbers.max(initial=0) > MOST:
        numbers[numbers.argmax()] -= 1
        numbers[rng.integers(0, active)] += 1
    return numbers.astype(np.int64)


def draw_numbers(rng: np.random.Generator, types: Ints, areas: Ints, exact: bool) -> tuple[Ints, Ints]:
    """Draw for each person the number of measures, and the kinds of all of them by cell.

    Returns persons (m,) and kinds (m,), one entry a measure; the kinds are in random order within a
    cell. `exact` gives each cell its published integers and each municipality its classes of
    measures per person (table 6.7); else the cell's law is scaled to its persons.
    """
    cohort = figures("bilag_1", "count", "type_key", "area", "key")
    base = np.array([[cohort.get((t, a, "n_sequences"), 0) for a in AREAS] for t in TYPES]).astype(np.int64)
    shares = shares_active(base) * base
    persons, kinds = [], []
    for a, area in enumerate(AREAS):
        active = round_to_sum(shares[:, a], round(shares[:, a].sum()))
        here = [rng.permutation(np.flatnonzero((types == t) & (areas == a))) for t in range(len(TYPES))]
        of_kind = kind_counts()[:, a]
        if exact:
            totals = of_kind.sum(axis=1)
            drawn = draw_in_bands(rng, persons_by_band(area), int(totals.sum()))
            numbers = deal_to_types(rng, active, totals, drawn)
        else:
            scale = np.array([rows.size for rows in here]) / np.maximum(base[:, a], 1)
            of_kind = rng.poisson(of_kind * scale[:, None])
            numbers = share_by_type(rng, active * scale, of_kind.sum(axis=1))
        persons += [np.repeat(rows[: own.size], own) for rows, own in zip(here, numbers, strict=True)]
        kinds += [rng.permutation(np.repeat(np.arange(len(KINDS)), row)) for row in of_kind]
    return np.concatenate(persons), np.concatenate(kinds)


def share_by_type(rng: np.random.Generator, active: Floats, totals: Ints) -> list[Ints]:
    """Share each type's measures out to about its number of active persons."""
    wanted = np.minimum(np.round(active).astype(np.int64), totals)
    return [share_out(rng, int(n), int(total)) for n, total in zip(wanted, totals, strict=True)]
