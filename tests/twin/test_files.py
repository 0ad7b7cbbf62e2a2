"""Exact for a seed, the written files, and the published figures that the twin rests on."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from veje.twin import Twin, make_twin, write_twin
from veje.twin.diagnoses import GROUPS, ICD
from veje.twin.medicine import ATC
from veje.twin.population import LEVELS
from veje.twin.spells import CODES

CODE_LISTS = Path("data_schema/codes")


def code_list(name: str) -> pl.DataFrame:
    return pl.read_csv(CODE_LISTS / f"{name}.csv", infer_schema=False)


def test_a_seed_gives_the_same_bytes(small: Twin, tmp_path: Path):
    again = make_twin(seed=7, others=1_000)
    assert small.truth.equals(again.truth)
    for name, frame in small.registers.items():
        assert frame.equals(again.registers[name]), name
    first, second = write_twin(small, tmp_path / "a"), write_twin(again, tmp_path / "b")
    for one, other in zip(first, second, strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes(), one.name


def test_another_seed_gives_other_people_with_the_same_counts(twin: Twin, small: Twin):
    assert not set(twin.truth.rows()) & set(small.truth.rows())
    keys = ["type", "area"]
    assert twin.truth.group_by(keys).len().sort(keys).equals(small.truth.group_by(keys).len().sort(keys))


def test_number_of_others_leaves_the_cohort_alone(small: Twin):
    more = make_twin(seed=7, others=1_200)
    days = small.truth["index_date"].sort()
    assert more.truth["index_date"].sort().equals(days)
    assert more.registers["DREAM200912"].height == small.registers["DREAM200912"].height + 200


def test_dream_csv_and_parquet_are_equal(written: Path):
    parquet = pl.read_parquet(written / "registers" / "DREAM200912.parquet")
    csv = pl.read_csv(written / "registers" / "DREAM200912.csv", infer_schema=False)
    assert csv.equals(parquet)


def test_written_files(written: Path, twin: Twin):
    names = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    registers = {f"registers/{n}.parquet" for n in twin.registers if n != "GRANTS2009"}
    extra = {"registers/DREAM200912.csv", "registers/GRANTS2009.csv", "README.txt"}
    truth = {f"truth/{name}.csv" for name in ("planted_types", "planted_cases", "conflicts")}
    assert names == registers | extra | truth
    told = (written / "README.txt").read_text(encoding="utf-8")
    assert "SYNTHETIC" in told
    assert "seed 2012" in told
    assert "day + 60" in told
    first = (written / "registers" / "GRANTS2009.csv").read_text(encoding="utf-8").splitlines()[0]
    assert first == "PNR,SAGSNR,AFGDATO,AFGTYPE,HJEMMEL,KOM,DIAG1,HENVIS"
    planted = pl.read_csv(written / "truth" / "planted_types.csv", infer_schema=False)
    assert planted.columns == ["PNR", "type", "area", "index_date"]


def test_code_lists_know_every_code_of_the_twin():
    measures = dict(code_list("measures").select("code", "kind").iter_rows())
    assert measures.items() >= {code: kind for kind, codes in CODES.items() for code in codes}.items()
    diagnoses = code_list("diagnoses")
    for group, codes in ICD.items():
        prefixes = tuple(diagnoses.filter(group=group)["prefix"])
        assert all(code.startswith(prefixes) for code in codes), group
    assert set(diagnoses["group"]) == set(GROUPS)
    medicine = code_list("medicine")
    for group, codes in ATC.items():
        prefixes = tuple(medicine.filter(group=group)["atc_prefix"])
        assert all(code.startswith(prefixes) for code in codes), group
    assert set(LEVELS) <= set(code_list("education")["code"])
