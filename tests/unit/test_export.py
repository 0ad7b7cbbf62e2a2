from __future__ import annotations

import shutil
import subprocess

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from tests.people import table
from veje import io
from veje.cli.app import app
from veje.clusters.build import build_clusters
from veje.distances.build import build_distances
from veje.errors import BadInput
from veje.lists import read_alphabet
from veje.settings import Clusters, Distances
from veje.traminer import build_export
from veje.traminer.frames import Run, spells, sts
from veje.uniques import unique_sequences

ALPHABET = read_alphabet(
    pl.DataFrame({"state": ["work", "cash", "sick"], "label_en": ["W", "C", "S"], "colour": ["#000000"] * 3}),
    "small",
)
W, C, S, M = 0, 1, 2, 3
# Anna fell ill, Bent was always on cash benefit, Carl's first quarter is not known.
PATHS = {"Anna": [W, W, S, S], "Bent": [C, C, C, C], "Carl": [M, W, C, W]}
PEOPLE = table(
    "sequences",
    [
        {"person": i, "area": "herning", "sequence": i, "states": path}
        for i, path in enumerate(PATHS.values(), 7)
    ],
)


def run_of(n=60, k=3, **how):
    """A run of random persons, made by the stages."""
    seq = np.random.default_rng(3).integers(0, 3, (n, 5)).repeat(4, axis=1).astype(np.uint8)
    found = unique_sequences(seq)
    unique = table(
        "unique",
        [
            {"sequence": i, "weight": int(w), "states": s}
            for i, (w, s) in enumerate(zip(found.weights, found.states.tolist(), strict=True))
        ],
    )
    sequences = table(
        "sequences",
        [
            {"person": p + 1, "area": "herning", "sequence": int(i), "states": s}
            for p, (i, s) in enumerate(zip(found.index, seq.tolist(), strict=True))
        ],
    )
    made = build_distances(unique, ALPHABET, Distances(**how))
    grouped = build_clusters(made.distances, sequences, ["all"], Clusters(k=k))
    return Run(
        sequences=sequences,
        unique=unique,
        costs=made.costs,
        partitions=grouped.partitions,
        quality=grouped.quality,
        trees=grouped.trees,
        distances=made.distances,
        alphabet=ALPHABET,
        how=Distances(**how),
        clusters=Clusters(k=k),
        pooled="all",
    )


def test_a_row_a_person_and_a_column_a_quarter():
    found = sts(PEOPLE, ["person"], ALPHABET)
    assert found.columns == ["person", "q01", "q02", "q03", "q04"]
    assert found.rows() == [
        (7, "work", "work", "sick", "sick"),
        (8, "cash", "cash", "cash", "cash"),
        (9, "missing", "work", "cash", "work"),
    ]


def test_a_row_a_spell():
    assert spells(PEOPLE, ALPHABET).rows() == [
        (7, 1, 1, 2, "work"),
        (7, 2, 3, 4, "sick"),
        (8, 1, 1, 4, "cash"),
        (9, 1, 1, 1, "missing"),
        (9, 2, 2, 2, "work"),
        (9, 3, 3, 3, "cash"),
        (9, 4, 4, 4, "work"),
    ]


def test_spells_are_the_sequences_in_another_form():
    run = run_of()
    rebuilt = {}
    for person, _, start, end, state in spells(run.sequences, ALPHABET).iter_rows():
        rebuilt.setdefault(person, []).extend([ALPHABET.code(state)] * (end - start + 1))
    assert rebuilt == dict(run.sequences.select("person", "states").iter_rows())


def test_what_is_compared_is_what_the_run_has():
    run = run_of(indel=1.5, norm="maxlength")
    made = build_export(run)
    u = run.unique.height
    assert made.tables["unique.csv"]["weight"].sum() == made.tables["sts.csv"].height == 60
    assert made.tables["clusters.csv"].height == u
    assert made.tables["clusters.csv"]["cluster"].n_unique() == 3
    assert made.tables["heights.csv"].height == u - 1
    np.testing.assert_array_equal(made.distances, run.distances.astype(float))
    assert dict(made.tables["settings.csv"].iter_rows()) == {
        "method": "OM",
        "costs": "TRATE",
        "cval": "auto",
        "lag": "1",
        "indel": "1.5",
        "norm": "maxlength",
        "ward": "D2",
        "k": "3",
    }
    square = made.tables["costs.csv"].drop("indel").to_numpy()
    np.testing.assert_array_equal(square, square.T)
    assert made.tables["costs.csv"].columns == [*made.tables["alphabet.csv"]["state"], "indel"]
    assert set(made.tables["costs.csv"]["indel"]) == {1.5}


def test_what_traminer_cannot_derive_is_read_or_refused():
    settings = dict(build_export(run_of(miss_cost=2.0)).tables["settings.csv"].iter_rows())
    assert settings["costs"] == "read"
    spell = build_export(run_of(method="OMspell", parameters={"expcost": 0.25}))
    assert dict(spell.tables["settings.csv"].iter_rows())["parameter.expcost"] == "0.25"
    plain = build_export(run_of(method="LCS"))
    assert dict(plain.tables["settings.csv"].iter_rows())["costs"] == "none"
    assert plain.tables["costs.csv"].height == 0
    with pytest.raises(BadInput, match="DHD"):
        build_export(run_of(method="DHD"))


def test_the_files_say_that_they_are_private():
    texts = build_export(run_of()).texts
    assert texts["README.txt"].startswith("PRIVATE: single persons' records")
    named = set(build_export(run_of()).tables) | {"distances.bin", "check.R"}
    assert {line.split()[0] for line in texts["README.txt"].splitlines()[5:]} == named
    for name in ("settings.csv", "unique.csv", "alphabet.csv", "costs.csv", "heights.csv", "clusters.csv"):
        assert f'"{name}"' in texts["check.R"]


def test_one_cluster_is_nothing_to_compare():
    run = run_of(k=2)
    quality = run.quality.with_columns(pl.lit(1, dtype=pl.Int64).alias("k")).filter("chosen")
    with pytest.raises(BadInput, match="nothing to compare"):
        build_export(Run(**{**vars(run), "quality": quality}))


def test_an_export_without_a_run_says_what_to_do(tmp_path, told, monkeypatch):
    from tests.people import config_of, deliver

    monkeypatch.chdir(tmp_path)
    plain = config_of(deliver(tmp_path), results=str(tmp_path / "results"))
    io.write_json(plain, tmp_path / "config.yaml")
    result = CliRunner().invoke(app, ["export", "--to", "traminer", "--config", "config.yaml"])
    assert result.exit_code == 10
    line = told(result.stderr)
    assert line.endswith("sequences.parquet: no such file: run `veje run --config config.yaml` first")


def has_traminer():
    if shutil.which("Rscript") is None:
        return False
    call = ["Rscript", "-e", "library(TraMineR)"]
    return subprocess.run(call, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"costs": "CONSTANT", "indel": 1.5},
        {"norm": "maxlength"},
        {"method": "HAM"},
        {"method": "LCS"},
        {"costs": "INDELSLOG"},
        {"method": "OMspell", "parameters": {"expcost": 0.25}},
    ],
)
def test_traminer_derives_the_same_again(tmp_path, how):
    if not has_traminer():
        pytest.skip("no R with TraMineR here")
    write(build_export(run_of(**how)), tmp_path)
    done = subprocess.run(["Rscript", "check.R"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("agrees") == (3 if how.get("method") == "LCS" else 4)
    spoiled = build_export(run_of(**how))
    spoiled.distances[0] += 1
    write(spoiled, tmp_path)
    done = subprocess.run(["Rscript", "check.R"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DIFFERS" in done.stdout


def write(made, folder):
    for name, frame in made.tables.items():
        io.write_csv(frame, folder / name)
    for name, text in made.texts.items():
        io.write_text(text, folder / name)
    (folder / "distances.bin").write_bytes(made.distances.tobytes())
