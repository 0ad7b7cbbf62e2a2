"""AMFORA: joining records and cutting at the grant gives back the planted numbers of measures."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from veje.published import figures
from veje.twin import Twin
from veje.twin.law import AREAS, TYPES
from veje.twin.spells import CODES

KIND = {code: kind for kind, codes in CODES.items() for code in codes}


def joined(records: pl.DataFrame, truth: pl.DataFrame, gap_days: int = 1) -> pl.DataFrame:
    """Join records of one measure that touch or overlap, and keep measures begun in the 260 weeks."""
    own = records.join(truth, on="PNR").sort("PNR", "FORANST", "start", "end")
    reached = pl.col("end").cum_max().shift(1).over("PNR", "FORANST")
    opens = (pl.col("start") > reached + pl.duration(days=gap_days)).fill_null(True)
    spells = own.with_columns(spell=opens.cum_sum().over("PNR", "FORANST")).group_by(
        "PNR", "FORANST", "spell"
    )
    whole = spells.agg(
        pl.col("start").min(), pl.col("end").max(), pl.col("type", "area", "index_date").first()
    )
    back = (pl.col("index_date").dt.truncate("1w") - pl.col("start").dt.truncate("1w")).dt.total_days() // 7
    return whole.filter(back.is_between(1, 260))


def test_planted_numbers_come_back(twin: Twin, records: pl.DataFrame):
    printed = figures("measure_counts", "count", "type_key", "area", "key")
    spells = joined(records, twin.truth).with_columns(kind=pl.col("FORANST").replace_strict(KIND))
    found = {(t, a, k): n for t, a, k, n in spells.group_by("type", "area", "kind").len().iter_rows()}
    assert found == {cell: n for cell, n in printed.items() if n > 0}
    assert spells.height == 5805


def test_numbers_hold_for_wider_gaps_and_for_joining_by_kind(twin: Twin, records: pl.DataFrame):
    by_kind = records.with_columns(FORANST=pl.col("FORANST").replace_strict(KIND))
    for gap_days in (1, 8, 14):
        assert joined(records, twin.truth, gap_days).height == 5805
        assert joined(by_kind, twin.truth, gap_days).height == 5805


def test_persons_with_a_measure_and_their_classes(twin: Twin, records: pl.DataFrame):
    printed = figures("table_6_7", "share", "area", "key")
    counts = joined(records, twin.truth).group_by("PNR", "area").len()
    per_area = dict(counts.group_by("area").len().iter_rows())
    assert per_area == {"herning": 365, "holstebro": 206, "silkeborg": 140, "viborg": 334}
    keys = ("n_1_5", "n_6_10", "n_11_15", "n_16_20", "n_21_25", "n_26_31")
    for area in AREAS:
        own = counts.filter(area=area)["len"]
        classes = np.histogram(own, [1, 6, 11, 16, 21, 26, 32])[0] / own.len() * 100
        told = [printed.get((area, key), 0.0) for key in keys]
        assert np.abs(classes - told).max() < 0.06, area


def test_records_lie_in_the_year_of_their_file(twin: Twin):
    for year in range(2002, 2010):
        frame = twin.registers[f"AMFO{year}"]
        assert (frame["AAR"] == year).all()
        assert (frame["STARTDTO"] // 10_000 == year).all()
        assert (frame["SLUTDTO"] // 10_000 == year).all()
        assert (frame["STARTDTO"] <= frame["SLUTDTO"]).all()


def test_joining_has_work(twin: Twin, records: pl.DataFrame):
    own = records.join(twin.truth, on="PNR")
    assert own.height > 7_500
    assert own.filter(pl.col("end") > pl.col("index_date")).height > 100
    assert own.filter(pl.col("start").dt.strftime("%m%d") == "0101").height > 500
    raw = own.sort("PNR", "FORANST", "start", "end")
    overlap = raw.filter(pl.col("start") <= pl.col("end").shift(1).over("PNR", "FORANST"))
    assert overlap.height > 100
    assert raw["start"].min() >= date(2002, 1, 1)


def test_measures_fall_when_the_study_says(twin: Twin, records: pl.DataFrame):
    spells = joined(records, twin.truth).with_columns(
        back=(pl.col("index_date") - pl.col("start")).dt.total_days() / 91
    )
    late = dict(spells.group_by("type").agg((pl.col("back") < 10).mean()).iter_rows())
    assert late["wage_earner_became_ill"] > 0.75
    assert late["short_term_cash_benefit"] > 0.70
    assert 0.40 < late["commuter"] < 0.60
    assert set(late) == set(TYPES)
