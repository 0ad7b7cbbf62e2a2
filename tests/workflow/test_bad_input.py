"""A bad delivery: one clear line, a failure, nothing half-written, the former release untouched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.workflow.conftest import Study, hashes
from veje.scan import find_identifiers, scan_files


def edit(name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    """Rewrite one delivered file."""

    def apply(registers: Path) -> None:
        path = registers / name
        if path.suffix == ".csv":
            change(pl.read_csv(path, infer_schema=False)).write_csv(path)
        else:
            change(pl.read_parquet(path)).write_parquet(path)

    return apply


def set_first(column: str, value: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        first = pl.int_range(pl.len()) == 0
        return frame.with_columns(pl.when(first).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))

    return change


def cohort_persons(registers: Path) -> list[str]:
    grants = pl.read_csv(registers / "GRANTS2009.csv", infer_schema=False)
    inside = pl.col("AFGDATO").is_between(pl.lit("2008-01-01"), pl.lit("2008-12-31"))
    study = pl.col("KOM").is_in(["657", "661", "740", "791"])
    return (
        grants.filter(inside & study & (pl.col("AFGTYPE") == "1"))["PNR"]
        .unique(maintain_order=True)
        .to_list()
    )


def drop_from_dream(registers: Path) -> None:
    gone = cohort_persons(registers)[:3]
    edit("DREAM200912.parquet", lambda f: f.filter(~pl.col("PNR").is_in(gone)))(registers)


def unknown_code(registers: Path) -> None:
    everyone = cohort_persons(registers)
    code = pl.when(pl.col("PNR").is_in(everyone)).then(pl.lit("555")).otherwise(pl.col("Y_0601"))
    edit("DREAM200912.parquet", lambda f: f.with_columns(code.alias("Y_0601")))(registers)


CASES: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "missing file": (
        lambda r: (r / "UDDA2008.parquet").unlink(),
        ["no such file", "UDDA2008.parquet", "udda"],
    ),
    "missing column": (
        edit("GRANTS2009.csv", lambda f: f.rename({"AFGDATO": "AFG_DATO"})),
        ["GRANTS2009.csv", "no column 'afgdato'", "did you mean 'afg_dato'"],
    ),
    "unreadable date": (
        edit("GRANTS2009.csv", set_first("AFGDATO", "2008-13-45")),
        ["GRANTS2009.csv", "'afgdato'", "not a date", "1 rows", "row 2"],
    ),
    "code not in the list": (unknown_code, ["dream", "555 (", "weeks"]),
    "person twice": (
        edit("UDDA2008.parquet", lambda f: pl.concat([f, f.head(2)])),
        ["UDDA2008.parquet", "2 rows too many", "one row per person"],
    ),
    "person twice in dream": (
        edit("DREAM200912.parquet", lambda f: pl.concat([f, f.head(2)])),
        ["DREAM200912.parquet", "2 rows too many", "one row per person"],
    ),
    "grant without dream weeks": (drop_from_dream, ["dream", "3 of 1,553 persons"]),
    "empty cohort": (
        edit("GRANTS2009.csv", lambda f: f.with_columns(pl.lit("101").alias("KOM"))),
        ["cohort", "nobody is left", "in_municipalities 0"],
    ),
    "missing week": (edit("DREAM200912.parquet", lambda f: f.drop("Y_0520")), ["Y_0520", "missing"]),
    "truncated csv": (
        lambda r: (r / "GRANTS2009.csv").write_bytes((r / "GRANTS2009.csv").read_bytes()[:-9]),
        ["GRANTS2009.csv", "truncated"],
    ),
    "truncated parquet": (
        lambda r: (r / "BEF2007.parquet").write_bytes((r / "BEF2007.parquet").read_bytes()[:-100]),
        ["BEF2007.parquet", "cut short"],
    ),
}


def written(study: Study) -> list[tuple[str, bytes]]:
    """Give the logs, the rows kept aside and Snakemake's own folder with their bytes and names."""
    folders = [study.private / "study/logs", study.private / "study/quarantine", study.folder / ".snakemake"]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(paths) > 10
    return [(path.relative_to(study.folder).as_posix(), path.read_bytes()) for path in paths]


@pytest.mark.parametrize("case", CASES)
def test_bad_delivery_is_one_line_and_changes_nothing(broken: Study, case: str) -> None:
    registers = broken.folder / "twin/registers"
    known = frozenset(p.encode() for p in pl.read_parquet(registers / "PARENTS.parquet")["PNR"])
    before = hashes(broken.release)
    spoil, told = CASES[case]
    spoil(registers)
    done = broken.run()
    assert done.returncode != 0
    said = [line for line in (done.stdout + done.stderr).splitlines() if all(part in line for part in told)]
    assert said, f"no line with {told} in:\n{done.stdout}{done.stderr}"
    assert find_identifiers((done.stdout + done.stderr).encode(), known) == 0
    assert scan_files(written(broken), known) == {}
    assert hashes(broken.release) == before
    assert [p for p in (broken.folder / "results").rglob(".*") if p.name.endswith(".part")] == []
