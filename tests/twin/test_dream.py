"""DREAM: exact ISO weeks, known codes, mean quarters near Bilag 1, types that a clustering finds."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.spatial.distance import pdist
from sklearn.metrics import adjusted_rand_score

from veje.published import figures
from veje.twin import Twin
from veje.twin.codes import CODES
from veje.twin.law import AREAS, STATES, TYPES
from veje.twin.roster import draw_granted
from veje.twin.weekly import quarters_of

LISTED = "data_schema/codes/dream.csv"


def iso_columns() -> list[str]:
    mondays = [date(1996, 1, 1) + timedelta(weeks=k) for k in range(731)]
    weeks = [monday.isocalendar() for monday in mondays]
    return [f"Y_{w.year % 100:02d}{w.week:02d}" for w in weeks]


def test_week_columns_are_the_iso_weeks(twin: Twin):
    columns = twin.registers["DREAM200912"].columns
    assert columns == ["PNR", *iso_columns()]
    assert {"Y_9601", "Y_9853", "Y_0453", "Y_0953"} <= set(columns)
    assert not {"Y_9653", "Y_0053", "Y_0853"} & set(columns)
    assert columns[-1] == "Y_0953"


def test_codes_have_the_state_of_the_shipped_list():
    listed = pl.read_csv(LISTED, infer_schema=False)
    late = pl.col("valid_from").is_not_null() & (pl.col("valid_from") > "2010")
    states = dict(listed.filter(~late.fill_null(False)).select("code", "caswell_state").iter_rows())
    for state, codes in CODES.items():
        wanted = STATES[state] if state < len(STATES) else "outside_alphabet"
        wanted = "sickness_benefit" if state == 16 else wanted
        for code in codes:
            assert states[code or "BLANK"] == wanted, code


def test_weeks_after_the_grant_are_pension_until_death(twin: Twin):
    long = twin.registers["DREAM200912"].join(twin.truth, on="PNR")
    after = long.filter(pl.col("index_date") < date(2009, 3, 1)).select("Y_0911", "Y_0953")
    assert set(after["Y_0911"].unique()) <= {"783", "999"}
    assert (after["Y_0911"] == "783").mean() > 0.9
    assert after.filter(Y_0911="999")["Y_0953"].eq("999").all()


def planted_quarters(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    granted = draw_granted(seed)
    cases = granted.cases.filter(pl.col("role") == "cohort")
    quarters = quarters_of(granted.weeks[: cases.height], cases["day"].to_numpy())
    return quarters, cases["t"].to_numpy(), cases["a"].to_numpy()


def delivered_quarters(twin: Twin) -> pl.DataFrame:
    """Majority state per quarter, from the delivered codes alone: PNR, quarter, state."""
    state_of = {code: s for s, codes in CODES.items() for code in codes}
    weeks = twin.registers["DREAM200912"].join(twin.truth.select("PNR", "index_date"), on="PNR")
    long = weeks.unpivot(index=["PNR", "index_date"], variable_name="week", value_name="code")
    number = dict(zip(iso_columns(), range(731), strict=True))
    at = (pl.col("index_date") - date(1996, 1, 1)).dt.total_days() // 7 - pl.col("week").replace_strict(
        number
    )
    near = long.with_columns(back=at).filter(pl.col("back").is_between(1, 260))
    named = near.with_columns(
        state=pl.col("code").fill_null("").replace_strict(state_of).replace({16: 2}),
        quarter=20 - (pl.col("back") - 1) // 13,
    )
    counted = named.group_by("PNR", "quarter", "state").len().sort("len", "state", descending=[True, False])
    return counted.unique(["PNR", "quarter"], keep="first", maintain_order=True)


def test_mean_quarters_per_state_are_near_bilag_1(twin: Twin):
    printed = figures("bilag_1", "mean", "area", "type_key", "key")
    quarters = delivered_quarters(twin).join(twin.truth, on="PNR")
    assert quarters.height == 1553 * 20
    for (area, kind), held in quarters.group_by("area", "type"):
        counts = np.bincount(held["state"], minlength=9)[:9] / (held.height / 20)
        wanted = np.array([printed[area, kind, state] for state in STATES])
        assert np.abs(counts - wanted).max() < 0.2, (area, kind)


def test_shifts_are_near_the_printed_ones():
    quarters, types, _ = planted_quarters(2012)
    shifts = (np.diff(quarters.astype(int), axis=1) != 0).sum(axis=1)
    wanted = dict(zip(TYPES, (4.4, 2.8, 5.3, 2.0, 3.5), strict=True))
    for t, key in enumerate(TYPES):
        assert abs(shifts[types == t].mean() - wanted[key]) < 0.2, key


@pytest.mark.parametrize("seed", [2012, 1, 2])
def test_ward_finds_the_types(seed: int):
    quarters, types, areas = planted_quarters(seed)
    assert len(areas) == 1553
    assert len(AREAS) == 4
    labels = cut_tree(linkage(pdist(quarters, "hamming"), "ward"), n_clusters=6).ravel()
    merged = np.zeros_like(labels)
    for label in np.unique(labels):
        merged[labels == label] = np.bincount(types[labels == label]).argmax()
    assert adjusted_rand_score(types, merged) >= 0.8


def test_other_citizens_are_mostly_without_transfer(twin: Twin):
    others = twin.registers["DREAM200912"].join(twin.registers["GRANTS2009"], on="PNR", how="anti")
    assert others.height > 20_000
    week = others["Y_0720"]
    assert 0.75 < week.is_null().mean() < 0.95
    assert {"111", "890", "730", "997", "881", "999"} <= set(week.drop_nulls())
