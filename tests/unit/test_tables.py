from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from tests.people import table
from veje import io
from veje.cli import tables as rim
from veje.cli.disclosure import write_tables
from veje.cli.files import Files
from veje.config import part
from veje.contracts import check, contract, data_schema
from veje.disclosure import judge, public, release
from veje.lists import read_alphabet
from veje.names import BANDS
from veje.settings import Disclosure, Timing
from veje.tables import Rows, Sources, build_cells, places_of
from veje.tables.activity import measure_figures, person_figures
from veje.tables.derived import add_derived
from veje.tables.figures import Head, figures, totals, yes
from veje.tables.timing_depth import Depth
from veje.tables.validation import Checks

ILL, LONG, UNMATCHED = "wage_earner_became_ill", "long_term_cash_benefit", "unmatched"
ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "cash", "sick"], "label_en": ["W", "C", "S"], "colour": ["#000000"] * 3}),
    "small",
)
W, C, S = 0, 1, 2
ROWS = Rows(
    types=[],
    kinds=["guidance", "education", "work_placement", "other"],
    bases=["s18_full_assessment", "other"],
    referrals=["no_referral", "rehabilitation"],
    diagnoses=["mental_disorder", "other"],
    levels=["lower_secondary", "vocational", "unknown"],
    groups=["antidepressant", "headache", "hormones", "adhd", "psychopharmaceuticals"],
    periods=[("2008_q1_q4", date(2008, 1, 1), date(2008, 12, 31))],
    least=5,
)

# Six people: 1 to 4 in herning, 5 and 6 in viborg; four quarters each. Viborg's own solution does
# not match person 6, the pooled one does.
AREAS = ["herning"] * 4 + ["viborg"] * 2
AREA_KEYS = ["all", "herning", "viborg"]
PATHS = [[W, W, W, S], [W, W, S, S], [C, C, C, C], [C, C, C, W], [W, W, W, S], [C, C, C, C]]
POOLED = [ILL, ILL, LONG, LONG, ILL, LONG]
OWN = [ILL, ILL, LONG, LONG, ILL, UNMATCHED]
MEASURES = {
    1: [("guidance", 1), ("guidance", 3), ("education", 4)],
    2: [("guidance", 0)],  # begun before the window: no measure of it
    3: [("guidance", 1)] * 6,
    5: [("work_placement", 2)],
    6: [("education", 1), ("education", 2)],
}
TIMING = [
    ("early", [2, 0, 0, 0]),
    ("none", [0, 0, 0, 0]),
    ("continuous", [1, 1, 1, 1]),
    ("none", [0, 0, 0, 0]),
    ("late", [0, 0, 0, 3]),
    ("mixed", [1, 0, 0, 1]),
]
WHO = [  # sex, age, age group, partner, education
    ("man", 49, "46_55", True, "vocational"),
    ("woman", 48, "46_55", False, "vocational"),
    ("woman", 30, "26_35", False, "unknown"),
    (None, None, None, None, "unknown"),
    ("man", 59, "56_and_over", True, "vocational"),
    ("woman", 22, "under_26", False, "unknown"),
]

UNCHECKED = {
    name: contract(name).empty()
    for name in (*Checks.__dataclass_fields__, *Depth.__dataclass_fields__, "sensitivity", "trees")
}


def sources():
    day = date(2008, 1, 1)
    people = list(enumerate(AREAS, 1))
    return Sources(
        **UNCHECKED,
        reading=table(
            "reading",
            [
                {"register": "dream", "rule": "", "rows": 60},
                {"register": "dream", "rule": "duplicate", "rows": 3},
                {"register": "amfo", "rule": "", "rows": 13},
                {"register": "amfo", "rule": "of_a_later_version", "rows": 2},
            ],
        ),
        week_codes=table(
            "week_codes",
            [
                {"code": "", "state": "work", "weeks": 40},
                {"code": "710", "state": "cash", "switch": "old", "weeks": 7},
                {"code": "999", "weeks": 8},
                {"code": "718", "switch": "new", "weeks": 3},
            ],
        ),
        flow=table("flow", [{"step": 0, "key": "decisions", "rows": 9, "persons": 8}]),
        sequences=table(
            "sequences",
            [{"person": p, "area": a, "sequence": p, "states": PATHS[p - 1]} for p, a in people],
        ),
        quality=table(
            "quality",
            [
                {"area": "all", "k": 2, "ASW": 0.5, "chosen": True},
                {"area": "all", "k": 3, "ASW": 0.25, "chosen": False},
            ],
        ),
        types=table(
            "types",
            [
                {
                    "person": p,
                    "area": a,
                    "cluster_pooled": 0,
                    "type_pooled": POOLED[p - 1],
                    "cluster_own": 0,
                    "type_own": OWN[p - 1],
                }
                for p, a in people
            ],
        ),
        named_clusters=table(
            "named_clusters",
            [
                {
                    "area": "all",
                    "cluster": 0,
                    "persons": 3,
                    "type_key": ILL,
                    "distance": 1.25,
                    "merged": False,
                },
                {"area": "all", "cluster": 1, "persons": 3, "type_key": LONG, "merged": False},
            ],
        ),
        timing=table(
            "timing",
            [
                {
                    "person": p,
                    "area": a,
                    "scenario": TIMING[p - 1][0],
                    "spells": 0,
                    "active_weeks": TIMING[p - 1][1],
                }
                for p, a in people
            ],
        ),
        spells=table(
            "spells",
            [
                {"person": p, "kind": kind, "start": day, "end": day, "quarter": quarter}
                for p, own in MEASURES.items()
                for kind, quarter in own
            ],
        ),
        spell_flow=table(
            "spell_flow",
            [
                {"step": 0, "key": "delivered", "rows": 13, "persons": 5},
                {"step": 6, "key": "kind_unknown", "rows": 4, "persons": 1},
            ],
        ),
        spell_rules=table("spell_rules", [{"rule": "adjacent", "rows": 9, "persons": 4}]),
        background=table(
            "background",
            [
                {"person": p, "area": a}
                | dict(zip(("sex", "age", "age_group", "partner", "education"), WHO[p - 1], strict=True))
                for p, a in people
            ],
        ),
        applications=table("applications", []),
        compared=table("compared", []),
        medicine_groups=table("medicine_groups", []),
    )


@pytest.fixture(scope="module")
def cells():
    return check(made(), "cells")


def made(timing=None, areas=AREA_KEYS, **changes):
    return build_cells(replace(sources(), **changes), ALPHABET, ROWS, areas, timing or Timing())


@pytest.fixture
def at(cells):
    """Give numerator, denominator, persons and base persons of a figure; None when it is not there."""

    def figure(name, area, type_key, key, measure):
        row = cells.filter(
            pl.col("table") == name,
            pl.col("area") == area,
            pl.col("type_key") == type_key,
            pl.col("key") == key,
            pl.col("measure") == measure,
        )
        columns = ("numerator", "denominator", "persons", "base_persons")
        return row.select(columns).row(0) if row.height else None

    return figure


def test_every_person_stands_in_four_places():
    places = places_of(sources().types, AREA_KEYS)
    assert sorted(places.filter(pl.col("person") == 6).rows()) == [
        (6, "all", ""),
        (6, "all", LONG),
        (6, "viborg", ""),
        (6, "viborg", UNMATCHED),
    ]
    assert places.drop_nulls("person").height == 24


def test_every_area_has_a_place_for_every_type():
    places = places_of(sources().types, [*AREA_KEYS, "holstebro"])
    assert places.select("area", "type_key").unique().height == 4 * 4
    nobody = places.filter(pl.col("person").is_null()).select("area", "type_key")
    assert sorted(nobody.rows()) == [
        ("all", UNMATCHED),
        ("herning", UNMATCHED),
        *(("holstebro", key) for key in sorted(["", ILL, LONG, UNMATCHED])),
        ("viborg", LONG),
    ]


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        # Bilag 1: quarters of work of persons 1 and 2, or of 1, 2 and 5
        (("bilag_1", "herning", ILL, "work", "mean"), (5, 2, 2, 2)),
        (("bilag_1", "herning", ILL, "sick", "mean"), (3, 2, 2, 2)),
        (("bilag_1", "herning", ILL, "cash", "mean"), (0, 2, 0, 2)),
        (("bilag_1", "all", ILL, "work", "mean"), (8, 3, 3, 3)),
        (("bilag_1", "all", LONG, "work", "mean"), (1, 3, 1, 3)),
        (("bilag_1", "herning", ILL, "total_quarters", "total"), (8, 2, 2, 2)),
        (("bilag_1", "herning", ILL, "share_of_municipality", "share"), (2, 4, 2, 4)),
        (("bilag_1", "viborg", UNMATCHED, "share_of_municipality", "share"), (1, 2, 1, 2)),
        (("bilag_1", "viborg", LONG, "share_of_municipality", "share"), (0, 2, 0, 2)),
        (("bilag_1", "viborg", LONG, "n_sequences", "count"), (0, 0, 0, 0)),
        (("bilag_1", "viborg", LONG, "work", "mean"), (0, 0, 0, 0)),
        (("bilag_1", "all", UNMATCHED, "total_quarters", "total"), (0, 0, 0, 0)),
        (("bilag_1", "all", LONG, "n_sequences", "count"), (3, 0, 3, 3)),
        (("bilag_1", "herning", LONG, "n_sequences", "count"), (2, 0, 2, 2)),
        # 7.1 and 7.2: own types by municipality, the pooled ones all together
        (("table_7_1", "herning", LONG, "type_present", "presence"), (2, 4, 2, 4)),
        (("table_7_1", "viborg", LONG, "type_present", "presence"), (0, 2, 0, 2)),
        (("table_7_1", "all", LONG, "type_present", "presence"), None),
        (("table_7_2", "herning", ILL, "share_of_individuals", "share"), (2, 4, 2, 4)),
        (("table_7_2", "viborg", ILL, "share_of_individuals", "share"), (1, 2, 1, 2)),
        (("table_7_2", "all", LONG, "individuals", "count"), (3, 0, 3, 6)),
        (("table_7_2", "all", UNMATCHED, "individuals", "count"), (0, 0, 0, 6)),
        (("table_7_2", "viborg", "all", "total", "count"), (2, 0, 2, 2)),
        (("table_7_2", "all", "all", "total", "count"), (6, 0, 6, 6)),
        # 6.4: the state of the last quarter
        (("table_6_4", "herning", "", "sick", "share"), (2, 4, 2, 4)),
        (("table_6_4", "herning", "", "missing", "share"), (0, 4, 0, 4)),
        (("table_6_4", "herning", "", "unknown", "share"), (0, 4, 0, 4)),
        (("table_6_4", "herning", "", "total_share", "share"), (4, 4, 4, 4)),
        (("table_6_4", "all", "", "sick", "share"), (3, 6, 3, 6)),
        (("table_6_4", "all", "", "cash", "share"), (2, 6, 2, 6)),
        (("table_6_4", "all", "", "total", "count"), (6, 0, 6, 6)),
        # states by quarter, and shifts: one each for 1, 2, 4 and 5
        (("state_distribution", "herning", "", "q01_work", "share"), (2, 4, 2, 4)),
        # by type and municipality at once it would be too fine
        (("state_distribution", "herning", ILL, "q03_sick", "share"), None),
        (("state_distribution", "all", LONG, "q04_cash", "share"), (2, 3, 2, 3)),
        (("shifts", "herning", "", "shifts", "mean"), (3, 4, 3, 4)),
        (("shifts", "all", "", "shifts", "mean"), (4, 6, 4, 6)),
        (("shifts", "all", LONG, "shifts", "mean"), (1, 3, 1, 3)),
    ],
)
def test_figures_of_the_paths(at, figure, counts):
    assert at(*figure) == counts


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        # 6.7: three measures, none, six, none in herning; one and two in viborg
        (("table_6_7", "herning", "", "n_1_5", "share"), (1, 2, 1, 2)),
        (("table_6_7", "herning", "", "n_6_10", "share"), (1, 2, 1, 2)),
        (("table_6_7", "all", "", "n_1_5", "share"), (3, 4, 3, 4)),
        (("table_6_7", "all", "", "n_32_and_over", "share"), (0, 4, 0, 4)),
        (("table_6_7", "herning", "", "any_measure", "share"), (2, 4, 2, 4)),
        (("table_6_7", "all", "", "any_measure", "share"), (4, 6, 4, 6)),
        (("table_6_7", "herning", "", "measures_per_person", "mean"), (9, 4, 2, 4)),
        (("table_6_7", "all", "", "measures_per_person", "mean"), (12, 6, 4, 6)),
        (("table_6_7", "all", "", "total", "count"), (6, 0, 6, 6)),
        # 6.8: kinds as shares of measures, with the persons behind them
        (("table_6_8", "herning", "", "guidance", "share"), (8, 9, 2, 2)),
        (("table_6_8", "herning", "", "education", "share"), (1, 9, 1, 2)),
        (("table_6_8", "herning", "", "other", "share"), (0, 9, 0, 2)),
        (("table_6_8", "all", "", "guidance", "share"), (8, 12, 2, 4)),
        (("table_6_8", "all", "", "work_placement", "share"), (1, 12, 1, 4)),
        (("table_6_8", "all", "", "total", "count"), (12, 0, 4, 4)),
        # 7.6 for the ill, 7.4 for cash benefit, the unmatched in a table of their own
        (("table_7_6", "herning", ILL, "guidance", "share"), (2, 3, 1, 1)),
        (("table_7_6", "viborg", ILL, "work_placement", "share"), (1, 1, 1, 1)),
        (("table_7_6", "all", ILL, "guidance", "share"), (2, 4, 1, 2)),
        (("table_7_6", "all", ILL, "total", "count"), (4, 0, 2, 2)),
        (("table_7_4", "herning", LONG, "guidance", "share"), (6, 6, 1, 1)),
        (("table_7_4", "all", LONG, "education", "share"), (2, 8, 1, 2)),
        (("table_7_4", "viborg", LONG, "education", "share"), (0, 0, 0, 0)),
        (("table_7_4", "viborg", LONG, "total", "count"), (0, 0, 0, 0)),
        (("measures_by_type", "all", UNMATCHED, "total", "count"), (0, 0, 0, 0)),
        (("measures_by_type", "viborg", UNMATCHED, "education", "share"), (2, 2, 1, 1)),
        (("measures_by_type", "viborg", UNMATCHED, "total", "count"), (2, 0, 1, 1)),
    ],
)
def test_figures_of_measures(at, figure, counts):
    assert at(*figure) == counts


@pytest.mark.parametrize(
    ("figure", "counts"),
    [
        (("timing", "herning", "", "early", "share"), (1, 4, 1, 4)),
        (("timing", "herning", "", "none", "share"), (2, 4, 2, 4)),
        (("timing", "herning", "", "late", "share"), (0, 4, 0, 4)),
        (("timing", "all", ILL, "late", "share"), (1, 3, 1, 3)),
        (("timing", "viborg", UNMATCHED, "mixed", "share"), (1, 1, 1, 1)),
        (("timing", "all", "", "total", "count"), (6, 0, 6, 6)),
        (("timing_quarters", "herning", "", "q01", "share"), (2, 4, 2, 4)),
        (("timing_quarters", "all", "", "q04", "share"), (3, 6, 3, 6)),
        (("timing_quarters", "all", "", "q02", "share"), (1, 6, 1, 6)),
        # the profile: person 4's sex, age and partner are not known
        (("profile", "herning", "", "women", "share"), (2, 3, 2, 3)),
        (("profile", "all", ILL, "women", "share"), (1, 3, 1, 3)),
        (("profile", "all", "", "partner", "share"), (2, 5, 2, 5)),
        (("profile", "herning", "", "mean_age", "mean"), (127, 3, 3, 3)),
        (("profile", "all", "", "age_group.46_55", "share"), (2, 5, 2, 5)),
        (("profile", "viborg", "", "education.unknown", "share"), (1, 2, 1, 2)),
        (("profile", "all", "", "total", "count"), (6, 0, 6, 6)),
        (("profile", "all", "", "parent_on_pension", "share"), None),
        (("profile", "all", "", "immigrants", "share"), None),
        (("flow", "all", "", "0_decisions", "count"), (8, 0, 8, 8)),
        (("flow", "all", "", "0_decisions_rows", "count"), (9, 0, 8, 8)),
        (("measure_flow", "all", "", "0_delivered_rows", "count"), (13, 0, 5, 5)),
        (("clusters", "all", ILL, "cluster_1", "count"), (3, 0, 3, 3)),
        (("measure_flow", "all", "", "6_kind_unknown", "count"), None),
        (("timing_quarters", "viborg", LONG, "q01", "share"), (0, 0, 0, 0)),
        (("profile", "viborg", LONG, "women", "share"), (0, 0, 0, 0)),
        (("clusters", "all", LONG, "cluster_2", "index"), None),
        # an index has the persons of its area or of its cluster behind it
        (("quality", "all", "", "k02_ASW", "index"), (0, 0, 6, 6)),
        (("quality", "herning", "", "chosen_k", "index"), (0, 0, 4, 4)),
        (("clusters", "all", ILL, "cluster_1", "index"), (0, 0, 3, 3)),
        # an area of nobody is like one of few
        (("clusters", "viborg", "", "cluster_1", "count"), (0, 0, 0, 0)),
        # what was read
        (("reading", "all", "", "dream/rows", "count"), (60, 0, 60, 60)),
        (("reading", "all", "", "dream/duplicate", "count"), (3, 0, 3, 3)),
        (("reading", "all", "", "amfo/duplicate", "count"), (0, 0, 0, 0)),
        (("reading", "all", "", "amfo/of_a_later_version", "count"), (2, 0, 2, 2)),
        (("reading", "all", "", "dream/of_a_later_version", "count"), (0, 0, 0, 0)),
        (("reading", "all", "", "dream/weeks", "count"), (58, 0, 58, 58)),
        (("reading", "all", "", "dream/unknown_week_codes", "count"), (11, 0, 11, 11)),
        (("reading", "all", "", "dream/uncertain_week_codes", "count"), (7, 0, 7, 7)),
        (("reading", "all", "", "amfo/unknown_measure_codes", "count"), (4, 0, 1, 1)),
        (("reading", "all", "", "offl/unknown_measure_codes", "count"), None),
        (("reading", "all", "", "spells/adjacent", "count"), (9, 0, 4, 4)),
    ],
)
def test_figures_of_timing_profile_and_flow(at, figure, counts):
    assert at(*figure) == counts


def test_weeks_split_by_industry_are_counted_where_they_were_split(cells):
    def weeks(found):
        own = found.filter(pl.col("key").str.starts_with("dream/blank_"))
        return {row["key"]: row["numerator"] for row in own.to_dicts()}

    assert weeks(cells) == {}
    split = [
        {"code": "", "state": "work", "industry": "present", "weeks": 30},
        {"code": "", "state": "sick", "industry": "absent", "weeks": 6},
        {"code": "111", "state": "cash", "weeks": 5},
    ]
    assert weeks(made(week_codes=table("week_codes", split))) == {
        "dream/blank_present": 30,
        "dream/blank_absent": 6,
        "dream/blank_unknown": 0,
    }


def test_indices_are_taken_as_they_are(cells):
    found = cells.filter(pl.col("measure") == "index", pl.col("index").is_not_null(), pl.col("persons") > 0)
    values = {(r["table"], r["area"], r["key"]): r["index"] for r in found.to_dicts()}
    assert values == {
        ("quality", "all", "k02_ASW"): 0.5,
        ("quality", "all", "k03_ASW"): 0.25,
        ("quality", "all", "chosen_k"): 2.0,
        ("clusters", "all", "cluster_1"): 1.3,
    }


def test_every_table_of_the_study_is_there_with_its_base(cells):
    bases = {name: set(rows["base"]) for (name,), rows in cells.group_by(["table"])}
    assert bases == {
        "table_4_1": {"grants"},
        "table_6_1": {"grants"},
        "table_6_2": {"grants"},
        "flow": {"register"},
        "measure_flow": {"register"},
        "bilag_1": {"persons"},
        "table_6_4": {"grants"},
        "table_6_7": {"persons", "persons_with_measures"},
        "table_6_8": {"measures"},
        "table_7_1": {"grants"},
        "table_7_2": {"grants"},
        "table_7_4": {"measures"},
        "table_7_6": {"measures"},
        "measures_by_type": {"measures"},
        "state_distribution": {"persons"},
        "shifts": {"persons"},
        "transitions": {"transitions"},
        "timing": {"persons"},
        "timing_quarters": {"persons"},
        "profile": {"persons"},
        "quality": {"clusters"},
        "clusters": {"clusters", "persons"},
        "reading": {"register"},
        "indicators": {"persons"},
        "movers": {"persons"},
        "handovers": {"persons"},
        "phases": {"persons"},
        "timing_by_kind": {"persons", "persons_with_kind"},
        "timing_class_kinds": {"persons_of_class"},
    }


def test_no_figure_stands_twice(cells):
    assert not cells.select("table", "area", "type_key", "key", "measure").is_duplicated().any()


def test_means_of_a_type_fill_the_whole_path(cells):
    quarters = cells.filter(pl.col("table") == "bilag_1", pl.col("measure") == "mean")
    filled = quarters.group_by("area", "type_key").agg(pl.col("numerator").sum(), pl.col("denominator").max())
    assert filled.filter(pl.col("numerator") != 4 * pl.col("denominator")).height == 0


def test_the_order_of_rows_does_not_matter(cells):
    given = sources()
    back = replace(
        given,
        **{
            name: getattr(given, name).reverse()
            for name in ("sequences", "types", "spells", "timing", "background")
        },
    )
    assert build_cells(back, ALPHABET, ROWS, AREA_KEYS, Timing()).equals(cells)


def test_a_study_without_measures_still_has_its_tables():
    found = made(spells=sources().spells.clear())
    totals = found.filter(pl.col("table") == "table_6_8", pl.col("key") == "total")
    assert totals["numerator"].to_list() == [0, 0, 0]
    any_measure = found.filter(pl.col("key") == "any_measure", pl.col("area") == "all")
    assert any_measure.select("numerator", "denominator").row(0) == (0, 6)


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        (1, "n_1_5"),
        (5, "n_1_5"),
        (6, "n_6_10"),
        (10, "n_6_10"),
        (11, "n_11_15"),
        (15, "n_11_15"),
        (16, "n_16_20"),
        (20, "n_16_20"),
        (21, "n_21_25"),
        (25, "n_21_25"),
        (26, "n_26_31"),
        (31, "n_26_31"),
        (32, "n_32_and_over"),
        (99, "n_32_and_over"),
    ],
)
def test_bands_of_measures_per_person(amount, band):
    number = pl.DataFrame({"person": [1], "amount": [amount]})
    plain = pl.DataFrame({"person": [1], "area": ["herning"], "type_key": [""]})
    bands = person_figures(number, plain)[0]
    assert dict(zip(bands["key"], bands["numerator"], strict=True)) == {b: int(b == band) for b in BANDS}


def test_a_kind_that_is_not_listed_stays_in_the_base():
    spells = pl.DataFrame({"person": [1, 1], "kind": ["guidance", "strange"], "quarter": [1, 1]})
    places = pl.DataFrame({"person": [1], "area": ["herning"], "type_key": [""]})
    blocks = pl.concat(measure_figures(spells, places, ["guidance"]))
    row = blocks.filter(pl.col("table") == "table_6_8", pl.col("key") == "guidance").row(0, named=True)
    assert (row["numerator"], row["denominator"]) == (1, 2)


# None is like few


FEW = Disclosure(threshold=5, rounding=5, rule="five")


def with_few(few, few_type=LONG):
    """Build forty persons in herning and, in viborg, forty of one type and a few of another."""
    areas = ["herning"] * 40 + ["viborg"] * (40 + few)
    types = [ILL, LONG] * 20 + [ILL] * 40 + [few_type] * few
    people = range(1, len(areas) + 1)
    paths = {ILL: [W, W, W, S], LONG: [C, C, C, S], UNMATCHED: [C, W, C, S]}
    day = date(2008, 1, 1)
    given = sources()
    return Sources(
        **UNCHECKED,
        reading=given.reading,
        flow=given.flow,
        week_codes=given.week_codes,
        sequences=table(
            "sequences",
            [
                {"person": p, "area": a, "sequence": p, "states": paths[t]}
                for p, a, t in zip(people, areas, types, strict=True)
            ],
        ),
        quality=table("quality", [{"area": "all", "k": 2, "ASW": 0.5, "chosen": True}]),
        types=table(
            "types",
            [
                {"person": p, "area": a, "cluster_pooled": 0, "cluster_own": 0, "type_own": t}
                | {"type_pooled": t if t == few_type and few_type != LONG else ILL if p % 2 else LONG}
                for p, a, t in zip(people, areas, types, strict=True)
            ],
        ),
        named_clusters=table("named_clusters", []),
        timing=table(
            "timing",
            [
                {"person": p, "area": a, "scenario": "early", "spells": 1, "active_weeks": [1, 0, 0, 0]}
                for p, a in zip(people, areas, strict=True)
            ],
        ),
        spells=table(
            "spells",
            [{"person": p, "kind": "guidance", "start": day, "end": day, "quarter": 1} for p in people],
        ),
        spell_flow=given.spell_flow,
        spell_rules=given.spell_rules,
        background=table(
            "background",
            [
                {"person": p, "area": a, "sex": "man", "age": 40, "age_group": "36_45", "education": "x"}
                for p, a in zip(people, areas, strict=True)
            ],
        ),
        applications=given.applications,
        compared=given.compared,
        medicine_groups=given.medicine_groups,
    )


def places_shown(few, few_type=LONG):
    frame = release(build_cells(with_few(few, few_type), ALPHABET, ROWS, AREA_KEYS, Timing()), FEW)
    return frame.filter(area="viborg").select("table", "type_key", "key", "measure", "value", "status")


@pytest.mark.parametrize("few", [1, 4])
def test_a_type_of_nobody_has_the_rows_of_one_of_few(few):
    shown, empty = places_shown(few), places_shown(0)
    of_type = pl.col("type_key") == LONG
    assert shown.filter(of_type).equals(empty.filter(of_type))
    # Rows of movers are by pooled type, which twenty persons have; their own type is in the key.
    own = (pl.col("table") != "movers") & of_type | (pl.col("key") == f"to.{LONG}")
    hidden = shown.filter(own, pl.col("measure") != "presence")
    assert hidden.height > 40
    assert set(hidden["status"]) == {"withheld"}
    keys = ["table", "type_key", "key", "measure"]
    assert shown.select(keys).equals(empty.select(keys))


def test_a_type_of_few_persons_in_the_whole_run_has_no_rows():
    assert UNMATCHED not in places_shown(4, UNMATCHED)["type_key"].to_list()
    assert UNMATCHED in places_shown(5, UNMATCHED)["type_key"].to_list()


def test_an_area_of_nobody_has_the_rows_of_one_of_few():
    def shown(areas):
        given = sources()
        cells = build_cells(given, ALPHABET, ROWS, areas, Timing())
        return release(cells, Disclosure(threshold=3, rounding=1, rule="three"))

    found = shown([*AREA_KEYS, "silkeborg"])
    viborg, silkeborg = (found.filter(area=area).drop("area") for area in ("viborg", "silkeborg"))
    assert viborg.height > 100
    assert viborg.equals(silkeborg)


# What counts as active


@pytest.mark.parametrize(("weeks", "active"), [(1, [3, 1, 1, 3]), (2, [1, 0, 0, 1]), (3, [0, 0, 0, 1])])
def test_a_quarter_is_active_by_the_settings(weeks, active):
    found = made(Timing(active_weeks=weeks)).filter(table="timing_quarters", area="all", type_key="")
    assert found.sort("key")["numerator"].to_list() == active


# The study's own table 6.4


def test_unknown_is_what_the_study_does_not_name():
    names = ["wage_earner", "no_benefit", "introduction_benefit", "self_support_300_hour_rule"]
    listed = pl.DataFrame({"state": names, "label_en": names, "colour": ["#000000"] * 4})
    alphabet = read_alphabet(listed, "six")
    states = [[0], [0], [1], [2], [3], [4]]
    sequences = sources().sequences.with_columns(pl.Series("states", states, dtype=pl.List(pl.UInt8)))
    rows = build_cells(replace(sources(), sequences=sequences), alphabet, ROWS, AREA_KEYS, Timing())
    found = rows.filter(table="table_6_4", area="all", measure="share")
    assert dict(found.select("key", "numerator").rows()) == {
        "wage_earner": 2,
        "no_benefit": 1,
        "introduction_benefit": 1,
        "self_support_300_hour_rule": 1,
        "missing": 1,
        "unknown": 4,
        "total_share": 6,
    }


def test_table_6_4_has_every_row_that_is_published():
    alphabet = read_alphabet(io.read_list("caswell9", "alphabets"), "caswell9")
    ours = build_cells(sources(), alphabet, ROWS, AREA_KEYS, Timing()).filter(table="table_6_4")
    published = pl.read_csv(data_schema() / "published/table_6_4.csv")
    keys = ["key", "measure", "unit"]
    assert published.select(keys).unique().join(ours, on=keys, how="anti").rows() == []


# The grammar of figures


PLACES = pl.DataFrame({"person": [1, 2, 3], "area": ["a", "a", "b"], "type_key": ["", "", ""]})
HEAD = Head("t", "persons", "share", "percent")


def test_people_without_a_value_are_not_in_the_base():
    values = yes(pl.DataFrame({"person": [1, 2, 3], "x": [True, None, False]}), pl.col("x"), "x")
    rows = figures(PLACES, values, ["x"], HEAD).sort("area")
    assert rows.select("area", "numerator", "denominator").rows() == [("a", 1, 1), ("b", 0, 1)]


def test_a_key_that_nobody_has_is_a_figure_of_zero():
    values = pl.DataFrame({"person": [1], "key": ["x"], "amount": [1]})
    rows = figures(PLACES, values, ["x", "y"], HEAD)
    counts = rows.sort("area", "key").select("area", "key", "numerator", "persons", "denominator")
    assert counts.rows() == [
        ("a", "x", 1, 1, 1),
        ("a", "y", 0, 0, 1),
        ("b", "x", 0, 0, 0),
        ("b", "y", 0, 0, 0),
    ]


def test_a_place_of_nobody_has_every_figure():
    empty = pl.DataFrame({"person": [None], "area": ["c"], "type_key": [""]}, schema=PLACES.schema)
    places = pl.concat([PLACES, empty])
    values = pl.DataFrame({"person": [1], "key": ["x"], "amount": [1]})
    for per in ("persons", "amount"):
        rows = figures(places, values, ["x"], HEAD, per=per).filter(area="c")
        counts = rows.select("numerator", "denominator", "persons", "base_persons")
        assert counts.rows() == [(0, 0, 0, 0)]
    for amounts in (None, values.drop("key")):
        rows = totals(places, "total", HEAD, amounts).filter(area="c")
        assert rows.select("numerator", "persons").rows() == [(0, 0)]


def test_what_a_share_of_amounts_leaves_belongs_to_persons():
    # 1 has both kinds, 2 only x, 3 only y, 4 none.
    places = pl.DataFrame({"person": [1, 2, 3, 4], "area": ["a"] * 4, "type_key": [""] * 4})
    values = pl.DataFrame({"person": [1, 1, 2, 3, 4], "key": list("xyxyx"), "amount": [1, 5, 2, 3, 0]})
    rows = figures(places, values, ["x", "y", "z"], HEAD, per="amount").sort("key")
    assert rows["base_persons"].to_list() == [3, 3, 3]
    assert rows["persons"].to_list() == [2, 2, 0]
    assert rows["rest_persons"].to_list() == [2, 2, 3]


def test_only_people_with_an_amount_stand_behind_amounts():
    values = pl.DataFrame({"person": [1, 2, 3], "key": ["x"] * 3, "amount": [4, 0, 1]})
    rows = figures(PLACES, values, ["x"], HEAD, per="amount").sort("area")
    counts = rows.select("area", "numerator", "denominator", "persons", "base_persons")
    assert counts.rows() == [("a", 4, 4, 1, 1), ("b", 1, 1, 1, 1)]
    sums = totals(PLACES, "total", Head("t", "measures", "count", "measures"), values).sort("area")
    assert sums.select("area", "numerator", "persons").rows() == [("a", 4, 1), ("b", 1, 1)]


def test_totals_count_persons_once():
    twice = pl.concat([PLACES, PLACES])
    rows = totals(twice, "total", Head("t", "persons", "count", "persons")).sort("area")
    assert rows.select("area", "numerator", "persons").rows() == [("a", 2, 2), ("b", 1, 1)]


# What is written


def written(folder, timing=None):
    given = sources()
    inputs = {}
    for name in Sources.__dataclass_fields__:
        inputs[name] = folder / f"{name}.parquet"
        io.write_table(getattr(given, name), inputs[name], name)
    alphabet = folder / "alphabet.csv"
    alphabet.write_text("state,label_en,colour\nwork,W,#000000\ncash,C,#000000\nsick,S,#000000\n")
    rules = Disclosure(threshold=3, rounding=1, rule="three").model_dump()
    settings = {
        "disclosure": rules,
        "sequences": {"alphabet": str(alphabet)},
        "timing": timing or {},
        "background": {},
        "typology": {"reference": None},
        "registers": {name: {"files": [name]} for name in ("dream", "grants", "bef", "offl")},
        "cohort": {
            "from": "2007-07-01",
            "to": "2009-03-31",
            "pooled": "all",
            "municipalities": {"657": "herning", "791": "viborg"},
        },
    }
    asked = part(json.dumps(settings), tuple(settings))
    rim.run(
        asked,
        Files(f"{name}={path}" for name, path in inputs.items()),
        Files([f"cells={folder / 'cells.parquet'}"]),
    )
    # The audit has tests of its own: six people leave little that it would let pass.
    made_cells = io.read_table(folder / "cells.parquet", "cells")
    released = public(judge(made_cells, asked.disclosure), asked.disclosure)
    write_tables(add_derived(released, len(ALPHABET.states)), folder / "csv")
    return folder / "csv"


def test_released_tables_have_the_published_files_columns(tmp_path):
    folder = written(tmp_path)
    with (folder / "table_7_2.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["area", "type_key", "key", "measure", "unit", "value", "status", "base"]
    found = {(r["area"], r["type_key"], r["key"]): (r["value"], r["status"]) for r in rows}
    assert found["all", ILL, "individuals"] == ("3.0", "published")
    assert found["viborg", LONG, "share_of_individuals"] == ("", "withheld")
    assert found["viborg", ILL, "share_of_individuals"] == ("", "withheld")
    assert found["herning", ILL, "share_of_individuals"] == ("", "withheld")
    assert found["herning", "all", "total"] == ("4.0", "published")


def test_kinds_of_the_later_register_have_rows_too(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("code,kind\n01,guidance\n")
    folder = written(tmp_path, {"codes": str(own)})
    kinds = set(pl.read_csv(folder / "table_6_8.csv")["key"]) - {"total", "measures"}
    assert kinds == {"guidance", "wage_subsidy", "work_placement", "education", "other"}


def test_a_figure_of_all_types_has_an_empty_type(tmp_path):
    text = (written(tmp_path) / "table_6_4.csv").read_text().splitlines()
    assert "all,,sick,share,percent,50.0,published,grants" in text
    assert "all,,cash,share,percent,,withheld,grants" in text


def test_there_is_a_file_for_every_table_and_no_other(tmp_path, cells):
    names = {path.name for path in written(tmp_path).iterdir()}
    # One person is unlike every known type: too few for a table of such types.
    # The entropy is computed from the released figures; groups need three persons here, not five.
    made = {*cells["table"], "entropy", "frequency_groups"} - {"measures_by_type"}
    assert {f"{name}.csv" for name in made} == names


def test_no_file_shows_fewer_persons_than_the_threshold(tmp_path):
    counts = []
    for path in written(tmp_path).iterdir():
        with path.open() as file:
            counts += [
                float(r["value"]) for r in csv.DictReader(file) if r["measure"] == "count" and r["value"]
            ]
    assert counts
    assert min(counts) >= 3
