"""A run beside the publication: exact figures stay exact, released ones tell no more than the release."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.figures.frames import ALPHABET, AREAS, cells, compared, released, replicated, rows, sources
from tests.people import config_of
from tests.report.test_page import SETTINGS, make
from veje import config, io
from veje.cli import replication as rim
from veje.cli.app import app
from veje.cli.files import Files
from veje.contracts import check, contract
from veje.disclosure import release
from veje.names import PLACE
from veje.replicate import replicate
from veje.replication import AGREES, DIFFERS, NOT_COMPUTED, VERDICTS, WITHHELD
from veje.report import build_report
from veje.reproduced import exact_figures, released_figures
from veje.settings import Disclosure, Timing
from veje.tables import build_cells

RULES = Disclosure(threshold=5, rounding=5, rule="A rule.")


def cell(measure, persons, base_persons, numerator, denominator, area="herning"):
    columns = {
        "table": "table_6_4", "base": "grants", "area": area, "type_key": "", "key": "cash_benefit",
        "measure": measure, "unit": "percent", "persons": persons, "base_persons": base_persons,
        "rest_persons": None, "numerator": numerator, "denominator": denominator, "index": None,
    }  # fmt: skip
    return check(pl.DataFrame([columns], schema=dict(contract("cells").types)), "cells")


@pytest.mark.parametrize(
    ("measure", "numbers", "value"),
    [("count", (7, 7, 7, 0), 7.0), ("share", (7, 29, 7, 29), 100 * 7 / 29), ("mean", (7, 29, 58, 29), 2.0),
     ("presence", (1, 29, 1, 29), 1.0), ("presence", (0, 29, 0, 29), 0.0)],
)  # fmt: skip
def test_exact_figures_are_neither_rounded_nor_withheld(measure, numbers, value):
    row = exact_figures(cell(measure, *numbers)).row(0, named=True)
    assert (row["value"], row["slack"], row["hidden"]) == (value, 0.0, False)


def test_a_group_of_nobody_has_no_value_and_a_table_of_nobody_no_rows():
    nobody = cell("share", 0, 0, 0, 0, "viborg")
    both = pl.concat([cell("share", 7, 29, 7, 29), nobody])
    assert exact_figures(both)["value"].to_list() == [100 * 7 / 29, None]
    assert exact_figures(nobody).height == 0


@given(st.integers(5, 3_000), st.integers(0, 3_000), st.sampled_from([1, 3, 5, 10]))
def test_the_slack_holds_every_share_and_count_that_rounds_to_what_is_shown(base, rest, rounding):
    rules = Disclosure(threshold=5, rounding=rounding, rule="A rule.")
    part = base
    whole = base + rest
    for measure in ("share", "count"):
        made = cell(measure, part, whole, part, whole)
        shown = released_figures(release(made, rules), made, rules).row(0, named=True)
        exact = exact_figures(made)["value"][0]
        if shown["hidden"]:
            assert (shown["value"], shown["slack"]) == (None, 0.0)
        else:
            assert abs(shown["value"] - exact) <= shown["slack"] + 1e-9


def test_the_released_comparison_holds_no_figure_that_the_release_does_not():
    made = replicated().replication_released
    there = made.filter(pl.col("reproduced").is_not_null())
    # Two bases at one place are told apart by the base; elsewhere ours may have a name of its own.
    twice = released().filter(pl.struct(PLACE).is_duplicated()).select(PLACE).unique()
    apart = twice.with_columns(pl.lit(True).alias("twice"))
    sides = [
        frame.join(apart, on=PLACE, how="left").with_columns(
            pl.when("twice").then("base").otherwise(pl.lit("")).alias("apart")
        )
        for frame in (there, released())
    ]
    both = sides[0].join(sides[1], on=[*PLACE, "apart"], how="left")
    assert there.height > 50
    assert both.height == there.height
    assert (both["reproduced"] == both["value"]).all()
    withheld = made.filter(verdict=WITHHELD)
    assert withheld.height > 0
    assert withheld["difference"].null_count() == withheld.height
    general = {"share": 2.0, "mean": 0.3, "total": 0.1}
    assert all(
        row["tolerance"]
        == max(general[row["measure"]], 1.0 * row["compared"] / 100 if row["measure"] == "mean" else 0)
        for row in withheld.iter_rows(named=True)
        if row["measure"] in general
    )


def test_a_change_of_exact_figures_that_the_release_hides_changes_nothing_released():
    exact = cell("count", 41, 41, 41, 0)
    moved = cell("count", 42, 42, 42, 0)
    shown = [released_figures(release(one, RULES), one, RULES) for one in (exact, moved)]
    assert shown[0].equals(shown[1])
    assert exact_figures(exact)["value"][0] != exact_figures(moved)["value"][0]


def test_counts_by_table_add_up_and_areas_that_the_run_lacks_are_not_computed():
    made = replicated()
    counts = made.replication_by_table
    assert counts["figures"].sum() == made.replication_released.height == 1300
    assert (counts.select(pl.sum_horizontal(*VERDICTS)).to_series() == counts["figures"]).all()
    lacking = made.replication.filter(area="silkeborg", table="table_6_4")
    assert set(lacking["verdict"]) == {NOT_COMPUTED}
    assert {AGREES, DIFFERS} <= set(made.replication["verdict"])


def study(folder, publication):
    """A config with its finished stage `replication`, run through the rim."""
    paths = {name: folder / f"{name}.parquet" for name in ("dream", "grants", "bef")}
    given = config_of(paths, results=str(folder / "results"), replication={"publication": publication})
    io.write_json(given, folder / "config.json")
    settings = config.load(str(folder / "config.json"))
    place = folder / "results/private" / settings.scenario / "replication"
    io.write_table(cells(), folder / "cells.parquet", "cells")
    io.write_table(released(), folder / "released.parquet", "released")
    made = ("replication", "replication_released", "replication_by_table", "claims", "timing_claims")
    outputs = [f"{name}={place / name}.parquet" for name in made] + [f"csv={folder / 'csv'}"]
    inputs = [f"{name}={folder / name}.parquet" for name in ("cells", "released")]
    rim.run(settings, Files(inputs), Files(outputs))
    return folder / "config.json"


def test_the_stage_writes_csv_files_of_released_figures(tmp_path):
    study(tmp_path, "caswell2012")
    names = sorted(path.name for path in (tmp_path / "csv").glob("*"))
    assert names == ["claims.csv", "replication.csv", "replication_by_table.csv", "timing_claims.csv"]
    assert pl.read_csv(tmp_path / "csv/replication.csv", infer_schema_length=None).height == 1300


def test_without_a_publication_there_is_no_csv_and_nothing_to_replicate(tmp_path):
    path = study(tmp_path, None)
    assert list((tmp_path / "csv").glob("*")) == []
    done = CliRunner().invoke(app, ["replicate", "--config", str(path)])
    assert done.exit_code == 10
    assert "replication.publication is not set" in done.output


def test_replicate_prints_counts_and_every_differing_figure(tmp_path):
    path = study(tmp_path, "caswell2012")
    done = CliRunner().invoke(app, ["replicate", "--config", str(path)])
    assert done.exit_code == 0
    lines = [line.split() for line in done.output.splitlines()]
    differing = replicated().replication.filter(verdict=DIFFERS)
    assert ["all", "tables"] in [line[:2] for line in lines]
    listed = [
        line for line in lines if len(line) == 7 and line[0].startswith(("table_", "bilag_", "figure_"))
    ]
    assert len(listed) == differing.height > 0


def test_replicate_without_a_finished_run_is_one_line(tmp_path):
    paths = {name: tmp_path / f"{name}.parquet" for name in ("dream", "grants", "bef")}
    given = config_of(paths, results=str(tmp_path), replication={"publication": "caswell2012"})
    io.write_json(given, tmp_path / "config.json")
    done = CliRunner().invoke(app, ["replicate", "--config", str(tmp_path / "config.json")])
    assert done.exit_code == 10
    assert len(done.output.strip().splitlines()) == 1
    assert "run `veje run" in done.output


def small_study():
    """The small study with a municipality of three persons, one of nobody, and no flexjob type."""
    areas = [*AREAS, "holstebro", "silkeborg"]
    own = sources()
    three = pl.col("person").is_in([3, 6, 9])
    placed = pl.when(three).then(pl.lit("holstebro")).otherwise("area").alias("area")
    moved = replace(own, types=own.types.with_columns(placed))
    made = build_cells(moved, ALPHABET, rows(), areas, Timing())
    shown = release(made, RULES)
    return shown, replicate(rim.read_publication(), made, shown, RULES)


@pytest.mark.parametrize("area", ["holstebro", "silkeborg"])
def test_a_municipality_below_the_threshold_or_of_nobody_is_withheld_in_every_table(area):
    shown, made = small_study()
    own = shown.filter(pl.col("area") == area, pl.col("measure") != "presence")
    assert own.height > 0
    assert set(own["status"]) == {"withheld"}
    figures = made.replication_released.filter(pl.col("area") == area, pl.col("measure") != "presence")
    assert set(figures["verdict"]) <= {WITHHELD, NOT_COMPUTED, "not_reproducible"}
    assert figures.filter(table="table_6_4")["verdict"].to_list() == [WITHHELD] * 9
    assert figures["reproduced"].null_count() == figures.height


def test_the_exact_comparison_of_a_municipality_of_nobody_differs():
    made = small_study()[1].replication.filter(area="silkeborg", table="table_6_4")
    assert set(made["verdict"]) == {DIFFERS}


def test_a_type_that_does_not_occur_is_not_computed_and_the_rest_is_compared():
    made = small_study()[1]
    flexjob = made.replication_released.filter(type_key="flexjob_referred")
    assert flexjob.height > 0
    assert set(flexjob["verdict"]) <= {NOT_COMPUTED, "not_reproducible"}
    assert made.replication_by_table["figures"].sum() == 1300
    page = build_report(make(small_study()[0], comparison=compared(made)), SETTINGS, "en")
    assert 'id="replication"' in page
