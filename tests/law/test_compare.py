"""Types matched across regimes, and the figures that are made of them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.audit import audit_release, declare
from veje.cli.disclosure import structure_of
from veje.cli.reform_sums import reform_structure
from veje.config import load
from veje.contracts import check, contract
from veje.disclosure import judge, release
from veje.labels import Labels
from veje.lists import read_alphabet
from veje.names import NO_MATCH, SCENARIOS, WITHHELD
from veje.reforms import compare_groups, hide_small, match_types
from veje.settings import Disclosure
from veje.tables.build import places_of
from veje.tables.figures import ALL, Head, category, figures, totals
from veje.tables.reforms import Reform, Scope, reform_figures

MODERN = read_alphabet(io.read_list("modern", "alphabets"), "modern")
RULES = Disclosure(threshold=5, rounding=5, rule="a test's")
PROFILE = st.lists(st.integers(0, 10), min_size=3, max_size=3).map(lambda row: np.array(row, dtype=float))
CONFIG = """{
 "scenario": "small", "synthetic": true,
 "registers": {"dream": {"files": ["d"]}, "grants": {"files": ["g"]}, "bef": {"files": ["b"]}},
 "cohort": {"from": "2012-01-01", "to": "2014-12-31", "municipalities": {"657": "herning", "791": "viborg"}},
 "reforms": {"groups": {"before_2013": ["R1"], "from_2013": ["R2"]}},
 "disclosure": {"threshold": 5, "rounding": 5, "rule": "a test's"}}"""
AREAS = ["all", "herning", "viborg"]


@given(st.lists(PROFILE, min_size=1, max_size=4), st.lists(PROFILE, min_size=1, max_size=4))
def test_matches_have_the_least_sum_of_distances(before: list[np.ndarray], after: list[np.ndarray]) -> None:
    first = {f"a{at}": one for at, one in enumerate(before)}
    second = {f"b{at}": one for at, one in enumerate(after)}
    found = match_types(first, second, limit=1e9)
    total = sum(far for _, _, far in found if far is not None)
    small, large = sorted((before, after), key=len)
    least = min(
        sum(np.abs(a - b).sum() / 2 for a, b in zip(small, chosen, strict=True))
        for chosen in permutations(large, len(small))
    )
    assert total == pytest.approx(least)
    assert sum(far is None for _, _, far in found) == len(large) - len(small)


def test_types_too_far_apart_are_no_match() -> None:
    before, after = {"cash": np.array([20.0, 0.0])}, {"scheme": np.array([2.0, 18.0])}
    assert match_types(before, after, limit=18) == [("cash", "scheme", 18.0)]
    assert match_types(before, after, limit=17) == [("cash", None, None), (None, "scheme", None)]


FLAGS = ("activation_not_expected", "prior_scheme", "terminal_proxy", "existing_basis", "age_40_up")


def grants() -> tuple[Reform, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """60 grants: 30 before 2013 on cash benefit; after it 22 by resource scheme and 3 by sickness."""
    person = list(range(1, 61))
    area = ["herning" if one % 2 else "viborg" for one in person]
    group = ["before_2013"] * 30 + ["from_2013"] * 30
    own = ["cash_benefit"] * 35 + ["resource_scheme"] * 22 + ["sickness_benefit"] * 3
    typed = pl.DataFrame({"person": person, "group": group, "type_key": own})
    codes = [MODERN.code(state) for state in own]
    sequences = pl.DataFrame(
        {"person": person, "area": area, "sequence": codes, "states": [[code] * 20 for code in codes]},
        schema_overrides={"states": pl.List(pl.UInt8), "sequence": pl.Int64},
    )
    typed = hide_small(typed, 5)
    matches = compare_groups(typed, sequences, ["before_2013", "from_2013"], MODERN, limit=6)
    flags = pl.DataFrame(
        {"person": person * len(FLAGS), "flag": [name for name in FLAGS for _ in person]},
    )
    value = [
        *(one <= 20 for one in person),
        *(None if one <= 30 else 36 <= one <= 57 for one in person),
        *(one <= 8 for one in person),
        *(5 <= one <= 20 for one in person),
        *(one <= 25 for one in person),
    ]
    placed = pl.DataFrame(
        {
            "person": person,
            "area": area,
            "regime": ["R1"] * 30 + ["R2"] * 30,
            "group": group,
            "straddles": [False] * 30 + [True] * 30,
        }
    )
    variants = pl.DataFrame(
        [
            ("terminal_days", "91", "terminal_proxy", "narrower", 6, 6, 0, 2, 60),
            ("terminal_days", "365", "terminal_proxy", "wider", 10, 8, 2, 0, 60),
            ("terminal_days", "730", "terminal_proxy", "wider", 11, 8, 3, 0, 60),
            ("age_anchor", "effect", "age_40_up", None, 20, 18, 2, 7, 60),
        ],
        schema=dict(contract("flag_variants").types),
        orient="row",
    )
    explained = pl.DataFrame(
        [
            {"statistic": name, "groups": 2, "persons": 60, "smallest": 30, "value": 0.4, "p": 0.005}
            for name in ("pseudo_R2", "pseudo_F")
        ],
        schema=dict(contract("regime_discrepancy").types),
    )
    found = Reform(placed, flags.with_columns(pl.Series("value", value)), variants, typed, matches, explained)
    timing = pl.DataFrame({"person": person, "scenario": ["none"] * 20 + ["late"] * 30 + ["early"] * 10})
    types = pl.DataFrame({"person": person, "area": area, "type_own": own, "type_pooled": own})
    return found, sequences, timing, places_of(types, AREAS)


@pytest.fixture(scope="module")
def released() -> pl.DataFrame:
    found, sequences, timing, places = grants()
    scope = Scope(["R1", "R2"], ["before_2013", "from_2013"])
    blocks = reform_figures(found, sequences, timing, places, MODERN, scope, "all")
    return release(check(pl.concat(blocks), "cells"), RULES)


def shown(released: pl.DataFrame, table: str, key: str, type_key: str = "", area: str = "all") -> object:
    rows = released.filter(table=table, key=key, type_key=type_key, area=area)
    rows = rows.filter(pl.col("base") != "persons_left_out")
    assert rows.height == 1, (table, key, type_key, area)
    return rows["value"].item()


def test_a_type_of_three_persons_is_not_named(released: pl.DataFrame) -> None:
    assert "sickness_benefit" not in set(released.filter(table="regime_types")["type_key"])
    assert shown(released, "regime_types", "from_2013.persons", WITHHELD) is None


def test_types_have_the_rows_of_every_group(released: pl.DataFrame) -> None:
    assert shown(released, "regime_types", "before_2013.share", "cash_benefit") is None, "that of everyone"
    assert shown(released, "regime_types", "from_2013.share", "resource_scheme") == pytest.approx(66.7)
    assert shown(released, "regime_types", "before_2013.persons", "resource_scheme") is None
    assert shown(released, "regime_types", "from_2013.persons", "resource_scheme") == 20
    rows = released.filter(table="regime_types").group_by("key").agg(pl.col("type_key").n_unique())
    assert set(rows["type_key"]) == {3}


def test_matches_and_profiles(released: pl.DataFrame) -> None:
    assert shown(released, "regime_matches", "before_2013.from_2013.cash_benefit", "cash_benefit") == 0
    assert shown(released, "regime_matches", "before_2013.from_2013.resource_scheme", NO_MATCH) == 20
    assert shown(released, "regime_profiles", "from_2013.resource_scheme", "resource_scheme") == 20
    assert shown(released, "regime_discrepancy", "regimes.pseudo_F.p") == 0.005


def test_timing_is_shown_both_ways(released: pl.DataFrame) -> None:
    assert shown(released, "timing_expected", "total") == 40
    assert shown(released, "timing_expected", "late") == 75


def test_a_flag_is_a_share_of_those_for_whom_it_is_known(released: pl.DataFrame) -> None:
    assert shown(released, "flags", "prior_scheme") == pytest.approx(66.7)
    assert shown(released, "flags_by_regime", "prior_scheme.R1") is None
    assert shown(released, "regimes", "straddles") == 50


def test_every_area_has_the_same_rows(released: pl.DataFrame) -> None:
    for table in ("regimes", "flags", "timing_expected"):
        own = released.filter(table=table)
        rows = {area: set(part.select("type_key", "key").rows()) for (area,), part in own.group_by(["area"])}
        assert set(rows) == set(AREAS)
        rows["all"] = {(one, key) for one, key in rows["all"] if not one}
        assert rows["all"] == rows["herning"] == rows["viborg"], table


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_key_has_a_name(released: pl.DataFrame, language: str) -> None:
    labels = Labels(language, MODERN)
    rows = released.select("table", "key").unique().rows()
    assert [row for row in rows if labels.find_row(*row) is None] == []
    assert all(labels.knows_type(key) for key in set(released["type_key"]) - {""})
    assert all(labels.find("units", unit) for unit in set(released["unit"]))
    assert set(released["table"]) <= set(labels._groups["tables"])


def test_the_audit_knows_how_the_figures_hang_together() -> None:
    """What is declared adds up, and 3 late ones left out are not told by all less those expected."""
    found, sequences, timing, places = grants()
    # 20 of 60 grants are left out of `timing_expected`; 3 of them are made late ones here.
    timing = timing.with_columns(
        pl.when(pl.col("person") <= 3).then(pl.lit("late")).otherwise("scenario").alias("scenario")
    )
    scope = Scope(["R1", "R2"], ["before_2013", "from_2013"])
    blocks = reform_figures(found, sequences, timing, places, MODERN, scope, "all")
    whole = figures(
        places, category(timing, "scenario"), SCENARIOS, Head("timing", "persons", "share", "percent")
    )
    plain = totals(places.filter(ALL), "total", Head("table_7_2", "persons", "count", "persons"))
    cells = pl.concat([*blocks, whole, plain])
    structure = structure_of(load(CONFIG), cells)
    exact = Disclosure(threshold=5, rounding=1, rule="a test's")
    audited = audit_release(judge(declare(cells, structure), exact), structure, exact, "all")
    assert not audited.protected["narrow"].any()
    told = audited.protected.filter(area="all", type_key="")
    assert set(told.filter("narrow_before")["quantity"]) >= {"left_out/late"}
    assert set(told["quantity"]) >= {
        "flag_at/terminal_proxy/terminal_days=91/lost",
        "flag_at/terminal_proxy/terminal_days=365/gained",
        "flag_at/terminal_proxy/terminal_days=730/held beside flag_at/terminal_proxy/terminal_days=365/held",
        "flag/activation_not_expected beside flag/existing_basis",
        "flag_at/age_40_up/age_anchor=effect/gained",
    }
    told_before = set(told.filter("narrow_before")["quantity"])
    assert any(" beside " in one for one in told_before), "a subset and its superset side by side tell"


def test_the_groups_and_the_routes_add_up_where_they_are_computed() -> None:
    found, sequences, timing, places = grants()
    scope = Scope(["R1", "R2"], ["before_2013", "from_2013"])
    cells = pl.concat(reform_figures(found, sequences, timing, places, MODERN, scope, "all"))
    sums = reform_structure(load(CONFIG), cells)["sums"]
    assert [one["whole"] for one in sums][:2] == ["group/before_2013", "group/from_2013"]
    assert [one["parts"] for one in sums][:2] == ["regime/(?:R1)", "regime/(?:R2)"]
    routes = cells.filter(table="flags", key="prior_scheme").head(1)
    named = [routes.with_columns(pl.lit(f"route_{way}").alias("key")) for way in "abc"]
    sums = reform_structure(load(CONFIG), pl.concat([cells, *named]))["sums"]
    assert sums[2]["whole"] == "flag_known/prior_scheme"
    assert reform_structure(load(CONFIG), cells.filter(table="flags")) == {"sums": [], "within": []}


def test_without_the_stage_there_are_no_figures() -> None:
    _, sequences, timing, places = grants()
    none = Reform(**{name: contract(name).empty() for name in Reform.__dataclass_fields__})
    assert reform_figures(none, sequences, timing, places, MODERN, Scope([], []), "all") == []
