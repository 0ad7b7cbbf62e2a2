"""The figures of persons without a grant: by hand, through the gate, and through the audit."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
import yaml

from tests.figures.frames import AREAS as STUDY_AREAS
from tests.figures.frames import cells as study_cells
from veje.audit import audit_release, declare, read_structure
from veje.contracts import check, contract, data_schema
from veje.disclosure import judge, release
from veje.errors import VejeError
from veje.settings import Disclosure
from veje.tables.nongrants import nongrant_figures

AREAS = ["all", "herning", "viborg"]
RULES = Disclosure(threshold=5, rounding=5, rule="a test's")
EXACT = Disclosure(threshold=5, rounding=1, rule="a test's")


def grants() -> pl.DataFrame:
    """Herning: 30 by cash benefit, 10 by sickness. Viborg: 20 by cash benefit, none by sickness."""
    rows = [("herning", "cash")] * 30 + [("herning", "sick")] * 10 + [("viborg", "cash")] * 20
    return pl.DataFrame(
        {
            "person": range(1, 61),
            "area": [area for area, _ in rows],
            "type_own": [own for _, own in rows],
            "type_pooled": [own for _, own in rows],
        }
    )


def drawn() -> pl.DataFrame:
    """Beside them: 10 who stand for 90 and 6 for 30 in Herning, 3 for 60 and 8 for 80 in Viborg."""
    rows = []
    for area, own, number, weight in (
        ("herning", "cash", 10, 9),
        ("herning", "sick", 6, 5),
        ("viborg", "cash", 3, 20),
        ("viborg", "sick", 8, 10),
    ):
        rows += [(area, own, weight)] * number
    head = {"index_date": date(2008, 1, 1), "sex": "man", "age": 48, "first_state": "wage_earner"}
    made = [
        {"person": 100 + at, **head, "area": area, "type_key": own, "weight": weight}
        for at, (area, own, weight) in enumerate(rows)
    ]
    return check(pl.DataFrame(made, schema=dict(contract("not_granted").types)), "not_granted")


def raw() -> pl.DataFrame:
    return check(pl.concat(nongrant_figures(drawn(), grants(), AREAS)), "cells")


def shown(released: pl.DataFrame, area: str, type_key: str, key: str) -> object:
    return released.filter(area=area, type_key=type_key, key=key)["value"].item()


@pytest.mark.parametrize(
    ("area", "type_key", "share", "persons"),
    [
        ("herning", "cash", 25.0, 10),  # 30 of 30 + 90
        ("herning", "sick", 25.0, 5),  # 10 of 10 + 30; 6 drawn
        ("viborg", "cash", None, None),  # 3 drawn are too few to tell of
        ("viborg", "sick", None, 10),  # no grant; 8 drawn
        ("all", "cash", 25.0, 15),  # 50 of 50 + 150; 13 drawn
        ("all", "sick", 8.3, 15),  # 10 of 10 + 110; 14 drawn
    ],
)
def test_shares_and_persons_by_hand(
    area: str, type_key: str, share: float | None, persons: int | None
) -> None:
    released = release(raw(), RULES)
    assert shown(released, area, type_key, "granted") == share
    assert shown(released, area, type_key, "compared") == persons


def test_all_types_together_have_a_share_and_no_number_of_persons() -> None:
    """Where there are plenty, the drawn of a place are so many for each grant: they would tell its grants."""
    released = release(raw(), RULES)
    assert shown(released, "herning", "", "granted") == 25.0
    assert released.filter(type_key="", key="compared").is_empty()


def test_every_area_has_the_rows_of_every_type() -> None:
    rows = raw().group_by("area").agg(pl.struct("type_key", "key").sort().alias("rows"))
    assert rows["rows"].n_unique() == 1
    nobody = pl.concat(nongrant_figures(drawn().head(0), grants(), AREAS))
    assert not release(nobody, RULES)["value"].is_not_null().any()


def structure():
    return read_structure(yaml.safe_load((data_schema() / "audit.yaml").read_text(encoding="utf-8")), {})


def counted(cells: pl.DataFrame, grants: pl.DataFrame) -> pl.DataFrame:
    """Add the table of the grants by type, whose counts are the same ones."""
    sizes = grants.group_by("type_pooled").len()
    rows = [("all", "", grants.height), *(("all", own, size) for own, size in sizes.iter_rows())]
    rows += [(area, "", size) for area, size in grants.group_by("area").len().iter_rows()]
    head = cells.head(1).with_columns(
        table=pl.lit("bilag_1"), base=pl.lit("persons"), measure=pl.lit("count"), key=pl.lit("n_sequences"),
        unit=pl.lit("persons"), rest_persons=pl.lit(None, dtype=pl.Int64),
        denominator=pl.lit(0, dtype=pl.Int64),
    )  # fmt: skip
    more = [
        head.with_columns(
            area=pl.lit(area), type_key=pl.lit(own),
            **{name: pl.lit(size, dtype=pl.Int64) for name in ("persons", "base_persons", "numerator")},
        )
        for area, own, size in rows
    ]  # fmt: skip
    return pl.concat([cells, *more])


def test_the_audit_knows_that_the_grants_are_the_study_s() -> None:
    cells = counted(raw(), grants())
    audited = audit_release(judge(declare(cells, structure()), EXACT), structure(), EXACT, "all")
    assert not audited.protected["narrow"].any()
    told = audited.protected.filter("narrow_before")
    assert {"beside"} <= set(told["quantity"]), "3 of Viborg are all less those of Herning"
    # One grant more in the study than on the paths: the declaration does not hold.
    wrong = cells.with_columns(
        pl.when((pl.col("table") == "bilag_1") & (pl.col("area") == "all") & (pl.col("type_key") == "cash"))
        .then(pl.col("numerator") + 1)
        .otherwise("numerator")
        .alias("numerator")
    )
    with pytest.raises(VejeError, match=r"audit\.yaml: \d sums of"):
        audit_release(judge(declare(wrong, structure()), EXACT), structure(), EXACT, "all")


def test_the_small_study_s_figures_hang_together_with_all_others() -> None:
    """Its own `movers` and `bilag_1` count the same grants by pooled type and municipality."""
    own = study_cells().filter(pl.col("table").is_in(["not_granted", "bilag_1", "movers", "table_7_2"]))
    audited = audit_release(judge(declare(own, structure()), EXACT), structure(), EXACT, STUDY_AREAS[0])
    assert not audited.protected["narrow"].any()
