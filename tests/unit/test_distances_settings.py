"""What the config can ask of distances, and what comes of it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import get_args

import numpy as np
import polars as pl
import pytest
import yaml

from tests.people import table
from veje import config, io
from veje.cli import distances
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.cli.workflow import stage_digest
from veje.dissimilarity import AUTO_NORM, BY_POSITION, OF_METHOD, REQUIRED, WITH_COSTS, Parameters
from veje.distances import COSTS, METHODS, costs, pairwise
from veje.distances.build import build_distances
from veje.distances.costing import TIME_VARYING
from veje.errors import BadInput
from veje.lists import Alphabet
from veje.settings import Distances

STUDY = (Path(__file__).resolve().parents[2] / "config/config.yaml").read_text(encoding="utf-8")
ALPHABET = Alphabet(("work", "ill", "missing"), {}, ("#000", "#111", "#222"))
# Anna works and falls ill, as Bo does later (twice as many); Carl's third quarter is missing.
STATES = [[0, 0, 1, 1], [0, 0, 0, 1], [0, 1, 2, 1]]
WEIGHTS = [1, 2, 1]
UNIQUE = table(
    "unique",
    [{"sequence": i, "weight": w, "states": s} for i, (w, s) in enumerate(zip(WEIGHTS, STATES, strict=True))],
)
SEQ = np.array(STATES, np.uint8)
MATRIX = pl.DataFrame(
    {
        "state": ["ill", "work", "missing"],
        "work": ["1", "0", "2"],
        "ill": ["0", "1", "1.5"],
        "missing": ["1.5", "2", "0"],
    }
)
FEATURES = pl.DataFrame(
    {"state": ["missing", "work", "ill"], "hours": [None, "37", "0"], "paid_by": ["nobody", "firm", "state"]}
)


def choices(name):
    return set(get_args(Distances.model_fields[name].annotation))


def test_the_config_offers_what_there_is():
    assert choices("method") == set(METHODS) == set(OF_METHOD) == set(AUTO_NORM)
    assert choices("costs") == {*COSTS, "OWN"}
    assert {name for own in OF_METHOD.values() for name in own} == set(Parameters.model_fields)
    assert set(BY_POSITION) == set(TIME_VARYING) - {"CONSTANT"}
    assert {name for name, method in METHODS.items() if method.needs_costs} <= set(WITH_COSTS)


def test_parameters_are_those_of_the_plan():
    for name, method in METHODS.items():
        taken = inspect.signature(method.plan).parameters
        first = taken if method.prepare is None else inspect.signature(method.prepare).parameters
        assert set(method.parameters) <= {*taken, *first}, name


@pytest.mark.parametrize("method", METHODS)
def test_every_method_runs_from_the_config(method):
    own = {REQUIRED[method]: 0.5} if method in REQUIRED else {}
    result = build_distances(UNIQUE, ALPHABET, Distances(method=method, parameters=own))
    price = costs(SEQ, "TRATE", 3, WEIGHTS, time_varying=method == "DHD") if method in WITH_COSTS else None
    weights = {"weights": WEIGHTS} if "weights" in METHODS[method].parameters else {}
    expected = pairwise(SEQ, method, price, **own, **weights)
    np.testing.assert_array_equal(result.distances, expected)
    assert result.costs.height == (9 if method in WITH_COSTS else 0)
    assert result.costs.columns == ["from", "to", "cost", "indel"]


@pytest.mark.parametrize("name", sorted(set(COSTS) - {"FEATURES"}))
def test_every_cost_method_runs_from_the_config(name):
    found = build_distances(UNIQUE, ALPHABET, Distances(costs=name, lag=2 if name == "FUTURE" else 1))
    expected = costs(SEQ, name, 3, WEIGHTS, lag=2 if name == "FUTURE" else 1)
    np.testing.assert_array_equal(found.costs["cost"].to_numpy().reshape(3, 3), expected.sub)


def test_a_missing_state_with_its_own_cost():
    found = build_distances(UNIQUE, ALPHABET, Distances(miss_cost=0.5)).costs
    apart = found.filter((pl.col("from") == "missing") ^ (pl.col("to") == "missing"))
    assert apart["cost"].to_list() == [0.5] * 4


def test_own_costs():
    settings = Distances(costs="OWN", matrix="costs.csv", method="HAM")
    result = build_distances(UNIQUE, ALPHABET, settings, MATRIX)
    assert result.distances.tolist() == [1.0, 2.5, 3.0]
    assert result.costs["indel"].to_list() == [1.0] * 9
    with_indel = MATRIX.with_columns(indel=pl.Series(["3", "2", "4"]))
    dear = build_distances(UNIQUE, ALPHABET, settings, with_indel)
    assert dear.costs["indel"].to_list() == [2.0] * 3 + [3.0] * 3 + [4.0] * 3
    assert dear.notes == []
    less = MATRIX.filter(pl.col("state") != "missing").drop("missing")
    some = build_distances(UNIQUE, ALPHABET, settings.model_copy(update={"miss_cost": 0.25}), less)
    assert some.distances.tolist() == [1.0, 1.25, 1.0 + 0.25]


def test_odd_own_costs_are_noted():
    bent = MATRIX.with_columns(pl.Series("work", ["9", "0", "2"]), pl.Series("ill", ["0", "9", "1.5"]))
    result = build_distances(UNIQUE, ALPHABET, Distances(costs="OWN", matrix="costs.csv"), bent)
    assert len(result.notes) == 1
    assert "triangle inequality (first: work and ill)" in result.notes[0]


def test_features():
    settings = Distances(costs="FEATURES", features="features.csv")
    found = build_distances(UNIQUE, ALPHABET, settings, FEATURES).costs["cost"].to_numpy().reshape(3, 3)
    # Hours and payer differ; the missing state has no hours.
    np.testing.assert_allclose(found, [[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    hours = FEATURES.drop("paid_by").filter(pl.col("state") != "missing")
    settings = settings.model_copy(update={"miss_cost": 0.75})
    found = build_distances(UNIQUE, ALPHABET, settings, hours).costs["cost"].to_numpy().reshape(3, 3)
    np.testing.assert_allclose(found, [[0, 1, 0.75], [1, 0, 0.75], [0.75, 0.75, 0]])


OWN = {"costs": "OWN", "matrix": "their/costs.csv"}
REFUSED_TABLES = {
    "column": (MATRIX.rename({"state": "name"}), "column 'state' is missing"),
    "row": (MATRIX.head(2), "no row for 1 states, the first 'missing' (or set distances.miss_cost)"),
    "twice": (pl.concat([MATRIX, MATRIX[:1]]), "row 2: state 'ill' stands 2 times"),
    "strange row": (MATRIX.with_columns(state=pl.lit("iil")), "row 2: no such state"),
    "strange column": (MATRIX.rename({"ill": "iil"}), "column 'iil' is no state: did you mean 'ill'?"),
    "no column": (MATRIX.drop("ill"), "column 'ill' is a state without a column"),
    "cell": (MATRIX.with_columns(work=pl.lit("x")), "column 'work': 3 cells are no number, first for 'work'"),
    "symmetry": (MATRIX.with_columns(ill=pl.lit("0")), "symmetric"),
    "sign": (
        MATRIX.with_columns(work=pl.Series(["-1", "0", "2"]), ill=pl.Series(["0", "-1", "1.5"])),
        "not negative",
    ),
}


@pytest.mark.parametrize(("given", "told"), REFUSED_TABLES.values(), ids=list(REFUSED_TABLES))
def test_a_matrix_that_does_not_fit(given, told):
    with pytest.raises(BadInput) as error:
        build_distances(UNIQUE, ALPHABET, Distances(**OWN), given)
    assert str(error.value).startswith("distances.matrix: costs.csv: ")
    assert told in str(error.value)


def test_what_only_the_sequences_show_is_one_line_too():
    with pytest.raises(BadInput, match=r"distances: breaks: \(3, 9\) does not lie within positions 1 to 4"):
        build_distances(UNIQUE, ALPHABET, Distances(method="CHI2", parameters={"breaks": [(3, 9)]}))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"method": "OMspel"}, "key 'distances.method'"),
        (
            {"parameters": {"expcosts": 1}},
            "unknown key 'distances.parameters.expcosts': did you mean 'expcost'?",
        ),
        ({"method": "TWED", "parameters": {"nu": 1, "expcost": 1}}, "TWED has no parameter 'expcost'"),
        ({"method": "LCS", "parameters": {"h": 1}}, "LCS has no parameter 'h': it has none"),
        ({"method": "OMstran"}, "OMstran needs 'otto'"),
        ({"method": "OMspell", "parameters": {"expcost": -1}}, "key 'distances.parameters.expcost'"),
        ({"method": "NMS", "norm": "gmean"}, "norm: NMS has none, not gmean"),
        ({"method": "CHI2", "norm": "maxdist"}, "norm: CHI2 has only auto"),
        ({"method": "DHD", "costs": "CONSTANT"}, "costs: DHD needs those that vary over time"),
        ({"costs": "OWN"}, "matrix goes with costs: OWN"),
        ({"features": "mine.csv"}, "features goes with costs: FEATURES"),
        ({"costs": "OWN", "matrix": "mine.xlsx"}, "key 'distances.matrix'"),
    ],
)
def test_a_config_that_does_not_fit(asked, told):
    data = yaml.safe_load(STUDY)
    data["distances"] = asked
    with pytest.raises(BadInput) as error:
        config.parse(data)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_parameters_survive_being_written_and_read():
    data = yaml.safe_load(STUDY)
    data["distances"] = {"method": "CHI2", "parameters": {"breaks": [[1, 4], [5, 20]], "global_pdotj": "obs"}}
    settings = config.parse(data)
    assert config.parse(config.dump(settings)) == settings
    assert settings.distances.parameters.given() == {"breaks": [(1, 4), (5, 20)], "global_pdotj": "obs"}


def test_a_matrix_is_read_from_its_file_and_watched(tmp_path):
    data = yaml.safe_load(STUDY)
    path = tmp_path / "costs.csv"
    data["distances"] = {"method": "HAM", "costs": "OWN", "matrix": str(path)}
    settings = config.parse(data)
    alphabet = alphabet_of(settings.sequences).states
    apart = 2.0 - 2.0 * np.eye(len(alphabet))
    columns = {name: apart[:, at] for at, name in enumerate(alphabet)}
    pl.DataFrame({"state": list(alphabet), **columns}).write_csv(path)
    io.write_table(UNIQUE, tmp_path / "unique.parquet", "unique")
    made = Files([f"costs={tmp_path}/costs.parquet", f"distances={tmp_path}/distances.npy"])
    notes = distances.run(settings, Files([f"unique={tmp_path}/unique.parquet"]), made)
    assert np.load(tmp_path / "distances.npy").tolist() == [2.0, 4.0, 4.0]
    assert len(notes) == 1
    before = stage_digest(settings, "distances")
    path.write_text(path.read_text().replace("2.0", "3.0"))
    assert stage_digest(settings, "distances") != before
