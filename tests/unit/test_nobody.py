"""Windows without a grant, types that nobody has and municipalities of few: the tables say so and go on."""

import numpy as np
import polars as pl
import pytest

from tests.people import table
from tests.unit.test_tables import ALPHABET, AREA_KEYS, FEW, ILL, LONG, ROWS, sources, with_few
from veje import io
from veje.cli.files import Files
from veje.cli.nobody import TOLD_BY, write_nothing
from veje.contracts import names
from veje.disclosure import release
from veje.settings import Timing
from veje.tables import build_cells, places_of
from veje.tables.figures import ALL
from veje.tables.paths import cluster_figures, quality_figures

COMMUTER = "commuter"
ONE_SEQUENCE = [{"person": 1, "area": "viborg", "sequence": 1, "states": [0]}]


def given(folder, rows):
    path = folder / "sequences.parquet"
    io.write_table(table("sequences", rows), path, "sequences")
    return Files([f"sequences={path}"])


def asked(folder, *tables):
    return Files([f"{name}={folder / name}.parquet" for name in tables])


def test_a_stage_without_persons_writes_its_tables_without_rows(tmp_path):
    made = asked(tmp_path, "partitions", "quality", "trees")
    told = write_nothing("clusters", given(tmp_path, []), made)
    assert told == ["nobody was granted a pension in the window: its tables have no rows"]
    for name in ("partitions", "quality", "trees"):
        assert made.table(name).height == 0


def test_distances_of_nobody_are_a_vector_of_length_zero(tmp_path):
    unique = tmp_path / "unique.parquet"
    io.write_table(table("unique", []), unique, "unique")
    made = Files([f"costs={tmp_path / 'costs.parquet'}", f"distances={tmp_path / 'd.npy'}"])
    assert write_nothing("distances", Files([f"unique={unique}"]), made)
    distances = io.read_array(made.one("distances"))
    assert (distances.shape, distances.dtype) == ((0,), np.float32)
    assert made.table("costs").height == 0


def test_a_stage_with_persons_or_of_other_rows_is_left_to_itself(tmp_path):
    made = asked(tmp_path, "partitions", "quality", "trees")
    assert write_nothing("clusters", given(tmp_path, ONE_SEQUENCE), made) is None
    assert write_nothing("tables", given(tmp_path, []), made) is None
    assert not made.one("partitions").exists()


def test_what_tells_of_persons_is_a_table():
    assert set(TOLD_BY.values()) <= set(names("tables"))


def test_a_type_that_is_looked_for_has_a_place_in_every_area():
    without, with_it = (places_of(sources().types, AREA_KEYS, found) for found in ([], [COMMUTER]))
    assert COMMUTER not in without["type_key"].to_list()
    added = with_it.join(without, on=["area", "type_key"], how="anti")
    assert added.sort("area").rows() == [(None, area, COMMUTER) for area in AREA_KEYS]


def test_a_type_that_is_looked_for_and_does_not_occur_keeps_its_rows():
    rows = type(ROWS)(**{**vars(ROWS), "types": [ILL, COMMUTER]})
    cells = build_cells(with_few(4), ALPHABET, rows, AREA_KEYS, Timing())
    kept = release(cells, FEW, rows.types).filter(type_key=COMMUTER)
    assert {"table_7_1", "table_7_2", "bilag_1", "timing", "profile"} <= set(kept["table"])
    hidden = kept.filter(pl.col("measure") != "presence")
    assert set(hidden["status"]) == {"withheld"}
    assert hidden["value"].null_count() == hidden.height
    assert kept.filter(table="table_7_1")["value"].to_list() == [0.0, 0.0]
    assert release(cells, FEW).filter(type_key=COMMUTER).height == 0


def of_viborg(few):
    """Clusters and their quality where viborg has so few persons, each in a cluster of its own."""
    persons = [(p, "herning") for p in range(1, 41)] + [(p, "viborg") for p in range(41, 41 + few)]
    types = [
        {"person": p, "area": a, "cluster_pooled": 0, "type_pooled": ILL, "cluster_own": 0, "type_own": ILL}
        for p, a in persons
    ]
    plain = places_of(table("types", types), AREA_KEYS).filter(ALL)
    named = [
        {"area": "all", "cluster": 0, "persons": 40 + few, "type_key": ILL, "distance": 1.0, "merged": False},
        {"area": "herning", "cluster": 0, "persons": 40, "type_key": ILL, "distance": 1.0, "merged": False},
    ]
    one = {"area": "viborg", "persons": 1, "type_key": LONG, "distance": 2.5, "merged": False}
    named += [one | {"cluster": number} for number in range(few)]
    quality = [{"area": "all", "k": k, "ASW": 0.5, "chosen": k == 2} for k in (2, 3, 4)]
    quality += [{"area": "herning", "k": 2, "ASW": 0.5, "chosen": True}]
    quality += [{"area": "viborg", "k": few, "chosen": True}] if few else []
    cells = pl.concat(
        [
            *cluster_figures(table("named_clusters", named), plain),
            *quality_figures(table("quality", quality), plain),
        ]
    )
    return release(cells, FEW).filter(area="viborg").sort("table", "key", "measure")


@pytest.mark.parametrize("few", [1, 2, 4])
def test_clusters_of_a_municipality_of_few_are_those_of_nobody(few):
    shown, empty = of_viborg(few), of_viborg(0)
    assert set(shown["status"]) == {"withheld"}
    assert shown.filter(table="clusters")["key"].to_list() == ["cluster_1", "cluster_1"]
    assert shown.equals(empty)
