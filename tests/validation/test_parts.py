"""Samples and random sets that several jobs share: gathered, they are those of one job, byte for byte."""

from __future__ import annotations

import polars as pl
import pytest

from tests.validation.test_build import FEW, MADE, study
from veje.contracts import check
from veje.errors import BadInput
from veje.validation.build import build_validation
from veje.validation.parts import build_replicates
from veje.validation.replicates import Replicates, share_of


@pytest.mark.parametrize("parts", [2, 6])
def test_shares_gathered_in_any_order_are_the_whole(parts: int):
    one, alone = study(), build_validation(study(), FEW)
    made = [check(build_replicates(one, FEW, part, parts), "replicates") for part in range(parts)]
    together = build_validation(one, FEW, Replicates(made[::-1]))
    for name in MADE:
        assert getattr(together, name).equals(getattr(alone, name), null_equal=True), name


def test_an_undefined_figure_stays_undefined():
    frame = build_replicates(study(), FEW, 0, 1)
    what, area = frame.row(0)[:2]
    m = frame.filter(pl.col("what") == what, pl.col("area") == area)["position"].max() + 1
    holed = frame.with_columns(value=pl.when(pl.int_range(pl.len()) > 0).then("value"))
    values = Replicates([holed]).values(what, area, FEW.bootstraps, m)
    assert values[0, 0] != values[0, 0]
    assert values.shape == (FEW.bootstraps, m)


def test_a_share_that_is_missing_or_comes_twice_is_refused():
    half = build_replicates(study(), FEW, 0, 2)
    with pytest.raises(BadInput, match=r"figures of bootstrap of all are given, not 4 x"):
        build_validation(study(), FEW, Replicates([half]))
    with pytest.raises(BadInput, match="figures of bootstrap"):
        build_validation(study(), FEW, Replicates([half, half]))


def test_shares_are_all_replications_once():
    assert sorted(n for part in range(7) for n in share_of(100, part, 7)) == list(range(100))
