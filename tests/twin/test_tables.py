"""Printed facts of the persons and their applications, found again in the registers, for two seeds."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from veje.published import figures
from veje.twin import Twin
from veje.twin.applications import BASES, REFERRALS
from veje.twin.diagnoses import ICD
from veje.twin.law import AREAS
from veje.twin.medicine import ATC

FROM, TO = date(2007, 7, 1), date(2009, 3, 31)


@pytest.fixture(scope="module", params=["twin", "small"])
def made(request: pytest.FixtureRequest) -> Twin:
    found: Twin = request.getfixturevalue(request.param)
    return found


def close(found: dict[str, float], printed: dict[tuple[str, ...], float], area: str, far: float) -> None:
    """Hold an area's figures against the printed ones."""
    wanted = {key[1]: value for key, value in printed.items() if key[0] == area and key[1] in found}
    assert wanted
    apart = {key: (found[key], value) for key, value in wanted.items() if abs(found[key] - value) > far}
    assert not apart, area


def applications(made: Twin) -> pl.DataFrame:
    """Take the cohort's grants, and refused or undecided cases of the window in the municipalities."""
    grants = made.registers["GRANTS2009"].with_columns(
        pl.col("KOM").replace_strict({v: k for k, v in AREAS.items()}, default=None).alias("area")
    )
    own = made.truth.select("PNR", AFGDATO="index_date", AFGTYPE=pl.lit("1"))
    cohort = grants.join(own, on=["PNR", "AFGDATO", "AFGTYPE"], how="semi")
    inside = pl.col("AFGDATO").is_between(FROM, TO) & pl.col("AFGTYPE").is_in(["2", "4"])
    return pl.concat([cohort, grants.filter(inside, pl.col("area").is_not_null())])


def shares(column: pl.Series, names: dict[str, str]) -> dict[str, float]:
    counted = dict(column.value_counts(normalize=True).rows())
    return {name: 100 * counted.get(code, 0.0) for name, code in names.items()}


@pytest.mark.parametrize("area", AREAS)
def test_applications_by_outcome_basis_and_referral(made: Twin, area: str):
    own = applications(made).filter(area=area)
    outcome = shares(own["AFGTYPE"], {"granted": "1", "rejected": "2", "undecided": "4"})
    close(outcome, figures("table_5_2", "share", "area", "key"), area, 0.5)
    close(shares(own["HJEMMEL"], BASES), figures("table_5_1", "share", "area", "key"), area, 0.5)
    refused = own.filter(AFGTYPE="2")
    close(shares(refused["HENVIS"], REFERRALS), figures("table_5_4", "share", "area", "key"), area, 3.0)
    assert refused.height == figures("table_5_2", "count", "area", "key")[area, "rejected"]
    assert own.filter(pl.col("AFGTYPE") != "2")["HENVIS"].null_count() == own.height - refused.height


@pytest.mark.parametrize("area", AREAS)
def test_persons_of_the_cohort(made: Twin, area: str):
    truth = made.truth.filter(area=area)
    bef = pl.concat([made.registers[f"BEF{year}"] for year in (2006, 2007, 2008)])
    last = bef.join(truth, on="PNR").filter(pl.col("REFERENCETID") <= pl.col("index_date"))
    known = last.sort("REFERENCETID").unique("PNR", keep="last")
    found = {
        "women": 100 * (known["KOEN"] == 2).mean(),
        "immigrants": 100 * (known["IE_TYPE"] == 2).mean(),
        "partner": 100 * known["E_FAELLE_ID"].is_not_null().mean(),
    }
    close(found, figures("table_6_1", "share", "area", "key"), area, 1.5)
    income = pl.concat([made.registers[f"IND{year}"] for year in (2006, 2007, 2008)])
    year = income.join(truth, on="PNR").filter(pl.col("AAR") == pl.col("index_date").dt.year() - 1)
    wanted = figures("table_6_3", "mean", "area", "key")[area, "gross_income"]
    assert abs(year["PERINDKIALT_13"].mean() / wanted - 1) < 0.01


@pytest.mark.parametrize("area", AREAS)
def test_diagnoses_of_the_cohort(made: Twin, area: str):
    own = applications(made).filter(area=area, AFGTYPE="1")
    group = {code: name for name, codes in ICD.items() for code in codes}
    named = own["DIAG1"].str.slice(0, 3).replace_strict(group)
    found = shares(named, {name: name for name in ICD})
    close(found, figures("table_5_3", "share", "area", "key"), area, 1.5)


@pytest.mark.parametrize("area", AREAS)
def test_medicine_of_the_cohort(made: Twin, area: str):
    born = made.registers["BEF2006"].select("PNR", "FOED_DAG")
    truth = made.truth.filter(area=area).join(born, on="PNR")
    age = (pl.col("index_date") - pl.col("FOED_DAG")).dt.total_days() / 365.25
    aged = truth.filter((age >= 19) & (age < 60))
    drugs = pl.concat([made.registers[f"LMDB{year}"] for year in range(2006, 2010)]).join(aged, on="PNR")
    days = (pl.col("index_date") - pl.col("EKSD")).dt.total_days()
    taken = drugs.filter(days.is_between(1, 365))
    found = {
        name: 100 * taken.filter(pl.col("ATC").is_in(codes))["PNR"].n_unique() / aged.height
        for name, codes in ATC.items()
    }
    printed = figures("table_6_5", "share", "base", "area", "key")
    own = {key[1:]: value for key, value in printed.items() if key[0] == "grants_19_59"}
    close(found, own, area, 2.0)
