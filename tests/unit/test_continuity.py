"""From night to night: clusters keep numbers and names, and the drift table tells what moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import table
from veje import io
from veje.cli import drift as rim
from veje.cli.files import Files
from veje.cli.kept import read_known, write_known
from veje.cli.profiles import read_former
from veje.contracts import check
from veje.distances.known import Known
from veje.drift import drift_between
from veje.names import CELL
from veje.profiles import kept_names, profiles_of, with_former_numbers

STATES = ["work", "cash"]


def night(*clusters: tuple[str, int, list[int], int]):
    """Make sequences, partitions and quality of one area from (states, cluster, ...): a sequence each."""
    sequences = table(
        "sequences",
        [
            {"person": 10 * s + i + 1, "area": "herning", "sequence": s, "states": states}
            for s, (_, _, states, persons) in enumerate(clusters)
            for i in range(persons)
        ],
    )
    rows = [
        {"area": area, "k": k, "sequence": s, "cluster": cluster if k > 1 else 0}
        for area in ("all", "herning")
        for k in (1, len(clusters))
        for s, (_, cluster, _, _) in enumerate(clusters)
    ]
    quality = pl.DataFrame(
        [{"area": a, "k": k, "chosen": k > 1} for a in ("all", "herning") for k in (1, len(clusters))]
    )
    return table("partitions", rows), quality, sequences


WORK, CASH, BOTH = [0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]
MONDAY = night(("w", 0, WORK, 3), ("c", 1, CASH, 2), ("b", 2, BOTH, 2))
TUESDAY = night(("c", 0, CASH, 2), ("b", 1, [0, 0, 0, 1], 4), ("w", 2, WORK, 3))


def profiles(made, names=None):
    found = profiles_of(*made, STATES, "all")
    if names is None:
        return found
    return check(found.with_columns(type_key=pl.col("cluster").replace_strict(names)), "profiles")


FORMER = profiles(MONDAY, {0: "workers", 1: "receivers", 2: "movers"})


def test_a_profile_is_the_mean_time_in_each_state():
    found = profiles(MONDAY).filter(area="all")
    assert found["quarters"].to_list() == [4, 0, 0, 4, 2, 2]
    assert found["state"].to_list() == STATES * 3


def numbered(made, limit):
    partitions, quality, _ = made
    return with_former_numbers(partitions, quality, profiles(made), FORMER, limit)


def test_clusters_that_are_found_again_keep_their_numbers():
    found = numbered(TUESDAY, 2.0)
    assert found.filter(area="all", k=3).sort("sequence")["cluster"].to_list() == [1, 2, 0]
    assert found.filter(k=1)["cluster"].to_list() == [0] * 6
    check(found, "partitions")


def test_a_cluster_that_moved_too_far_takes_a_number_that_nobody_had():
    found = numbered(TUESDAY, 0.5)
    assert found.filter(area="all", k=3).sort("sequence")["cluster"].to_list() == [1, 3, 0]


def test_a_number_that_is_gone_is_not_given_to_another():
    two = night(("b", 0, BOTH, 2), ("c", 1, CASH, 2))
    assert numbered(two, 2.0).filter(area="all", k=2).sort("sequence")["cluster"].to_list() == [2, 1]


def test_an_area_that_was_not_there_is_numbered_from_0():
    partitions, quality, sequences = TUESDAY
    now = profiles_of(partitions, quality, sequences, STATES, "all")
    found = with_former_numbers(partitions, quality, now, FORMER.filter(area="all"), 2.0)
    own = found.filter(area="herning", k=3).sort("sequence")["cluster"]
    assert own.to_list() == [0, 1, 2]


@given(st.permutations(range(6)), st.integers(0, 2**16))
def test_any_order_of_the_same_clusters_gets_the_same_numbers(order, seed):
    random = np.random.default_rng(seed)
    seq = np.unique(random.integers(0, 2, (6, 12)), axis=0).tolist()
    made = night(*[("", i, states, 1) for i, states in enumerate(seq)])
    former = profiles(made, dict.fromkeys(range(6), "x"))
    order = [at for at in order if at < len(seq)]
    again = night(*[("", i, seq[at], 1) for i, at in enumerate(order)])
    partitions, quality, _ = again
    found = with_former_numbers(partitions, quality, profiles(again), former, 0.01)
    profile = profiles_of(found, quality, again[2], STATES, "all")
    pair = profile.join(former, on=["area", "cluster", "state"])
    assert pair.height == profile.height
    assert (pair["quarters"] - pair["quarters_right"]).abs().max() < 1e-9


def test_a_name_is_kept_while_the_cluster_is_near():
    partitions, quality, sequences = TUESDAY
    found = numbered(TUESDAY, 2.0)
    now = profiles_of(found, quality, sequences, STATES, "all")
    pooled = {
        cluster: name for (area, cluster), name in kept_names(now, FORMER, 2.0).items() if area == "all"
    }
    assert pooled == {0: "workers", 1: "receivers", 2: "movers"}
    assert ("all", 2) not in kept_names(now, FORMER, 0.5)
    assert partitions.height == found.height


def figures(**values: float | None):
    rows = [
        {
            "table": "table_7_2",
            "area": "herning",
            "type_key": "",
            "key": key,
            "measure": "count",
            "base": "persons",
        }
        | {"unit": "persons", "value": value, "status": "withheld" if value is None else "published"}
        for key, value in values.items()
    ]
    return pl.DataFrame(rows, schema_overrides={"value": pl.Float64})


def test_drift_tells_what_moved_appeared_and_went():
    before = figures(same=10.0, more=10.0, shown=None, hidden=5.0, gone=5.0, never=None)
    now = figures(same=10.0, more=15.0, shown=5.0, hidden=None, new=20.0, never=None)
    found = check(drift_between(before, now), "drift")
    told = {key: (what, change) for key, what, change in found.select("key", "what", "change").iter_rows()}
    assert told == {
        "more": ("moved", 5.0),
        "shown": ("shown", None),
        "hidden": ("withheld", None),
        "gone": ("gone", None),
        "new": ("appeared", None),
    }


def released(folder: Path, **values: float | None) -> Path:
    io.write_csv(figures(**values).drop("table"), folder / "tables/table_7_2.csv")
    io.write_csv(pl.DataFrame({"claim": ["x"]}), folder / "tables/claims.csv")
    return folder


def test_the_table_is_empty_without_a_former_run_and_tells_what_became_of_each_figure(tmp_path: Path):
    target = tmp_path / "drift.csv"
    first = released(tmp_path / "first", a=10.0, b=10.0, c=10.0)
    assert rim.write_drift(first, None, target) == {}
    assert pl.read_csv(target).height == 0
    assert set(CELL) < set(pl.read_csv(target).columns)

    second = released(tmp_path / "second", a=15.0, b=None, c=10.0)
    assert rim.write_drift(second, first, target) == {"moved": 1, "withheld": 1}
    assert ",10.0,15.0,5.0,moved" in target.read_text()


def test_kept_distances_that_are_damaged_or_of_other_costs_are_not_used(tmp_path: Path):
    known = Known(np.arange(6, dtype=np.uint8).reshape(3, 2), np.ones(3, np.float32))
    assert read_known(tmp_path, "key") == (None, "no distances of a former run")
    write_known(known, "key", tmp_path)
    found, why = read_known(tmp_path, "key")
    assert found is not None
    assert (found.d.tobytes(), why) == (known.d.tobytes(), "")
    assert read_known(tmp_path, "other")[1].endswith("of other costs, settings or code")
    content = bytearray((tmp_path / "distances.npy").read_bytes())
    content[-1] ^= 1
    (tmp_path / "distances.npy").write_bytes(content)
    assert read_known(tmp_path, "key") == (None, "the former run's distances are damaged")
    (tmp_path / "distances.json").write_text("{")
    assert read_known(tmp_path, "key") == (None, "the former run's distances are damaged")


@pytest.mark.parametrize("named", [[], ["former=absent.parquet"]])
def test_nothing_is_taken_over_from_no_run(named: list[str]):
    assert read_former(Files(named)) == (None, [])


def test_profiles_that_are_damaged_are_as_none_and_noted(tmp_path: Path):
    path = tmp_path / "profiles.parquet"
    io.write_table(FORMER, path, "profiles")
    found, notes = read_former(Files([f"former={path}"]))
    assert found is not None
    assert (found.height, notes) == (FORMER.height, [])
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found, (note,) = read_former(Files([f"former={path}"]))
    assert (found, "damaged" in note) == (None, True)
