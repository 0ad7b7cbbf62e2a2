"""The attack on two releases of the shipped study: it works on naive ones, not on ours."""

from __future__ import annotations

import polars as pl

from tests.attacks import classes, naive
from tests.attacks.released import CELL
from tests.workflow.attacked import LEAST, OURS, POOLED, Report, cells_of, table, told
from tests.workflow.conftest import Study
from veje.errors import Unsafe
from veje.io import read_list
from veje.rerelease import prints_of, refuse_few


def test_run_to_run_difference(study: Study, record_property: Report) -> None:
    """One person comes between two releases; all counts that move are the person's own."""
    traits = [
        table(study, name) for name in ("sequences/sequences", "timing/timing", "background/background")
    ]
    types, states = table(study, "typology/types"), read_list("caswell9", "alphabets")["state"].to_list()
    person = int(traits[0]["person"].max())
    after = cells_of(study)
    own = naive.own_cells(person, *traits[:2], types, POOLED, states).join(after, on=CELL, how="semi")
    before = naive.less_one(after, own)
    worked = classes.run_to_run(*(naive.exact_release(cells, 0) for cells in (before, after)))
    rounded = [naive.exact_release(cells, LEAST, OURS.rounding) for cells in (before, after)]
    without = [one.filter(pl.col("person") != person) for one in traits]
    left = classes.run_to_run(rounded[0], rounded[0] if refused(without, traits) else rounded[1])
    told(record_property, "run-to-run difference", worked.height, left.height)
    told_of = own.filter(pl.col("key") != "total")
    assert sorted(worked.rows()) == sorted(told_of.rows()), "every state and class, in all places"
    assert classes.run_to_run(*rounded).height > 0, "rounding alone does not stop it"
    assert left.rows() == []


def refused(former: list[pl.DataFrame], now: list[pl.DataFrame]) -> bool:
    """Tell whether the release of these persons is refused after that of the former ones."""
    try:
        refuse_few(prints_of(former), prints_of(now), LEAST)
    except Unsafe:
        return True
    return False
