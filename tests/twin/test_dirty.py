"""Planted faults: the list is complete and exact when the files are read again by a judge of its own."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from veje.errors import BadInput
from veje.names import RULES
from veje.twin import Dirty, Twin, make_dirty, write_dirty, write_twin
from veje.twin.dirty import COPIES, register_of
from veje.twin.faults import FAULTS
from veje.twin.law import AREAS
from veje.twin.spells import CODES

SEED = 5
DATES = {"grants": "AFGDATO", "bef": "FOED_DAG", "udda": "HF_VFRA", "lmdb": "EKSD"}
CLOSED = {"KOEN": "12", "IE_TYPE": "123", "AFGTYPE": "1234"}
REQUIRED = {"grants": ("AFGDATO",), "amfo": ("FORANST", "STARTDTO", "SLUTDTO"), "lmdb": ("EKSD", "ATC")}
ONE_ROW = {"dream": ("PNR",), "udda": ("PNR",), "parents": ("PNR",), "bef": ("PNR", "REFERENCETID")}
Rows = list[list[str]]


@pytest.fixture(scope="module")
def dirty(small: Twin) -> Dirty:
    return make_dirty(small.registers, SEED)


@pytest.fixture(scope="module")
def files(small: Twin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dirty")
    assert all(path.is_file() for path in write_dirty(small, out, SEED))
    return out


@pytest.fixture(scope="module")
def clean(small: Twin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    write_twin(small, out)
    return out


@cache
def read_rows(path: Path) -> Rows:
    """Cells as text, header first; null and empty alike, as CSV cannot tell them apart."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    frame = pl.read_parquet(path).select(pl.all().cast(pl.String).fill_null(""))
    return [frame.columns, *map(list, frame.iter_rows())]


def planted(out: Path) -> pl.DataFrame:
    return pl.read_csv(out / "truth" / "planted_faults.csv", schema_overrides={"row": pl.Int64})


def listed(out: Path, name: str) -> dict[int, tuple[str, str]]:
    """Rule and expected by position in read_rows."""
    shift = 0 if name.endswith(".parquet") else 1
    own = planted(out).filter(pl.col("file") == name)
    return {
        row - shift: (rule, expected) for row, rule, expected in own.select("row", "rule", "expected").rows()
    }


def number_of(cell: str) -> str:
    digits = re.sub(r"^(\d{6})-", r"\1", re.sub(r"\.0+$", "", cell.strip()))
    return digits.zfill(10) if len(digits) == 9 else digits


def judge_number(cell: str) -> str | None:
    if cell.strip() in {"", "."}:
        return "identifier_missing"
    return "header_again" if cell.strip().lower() == "pnr" else judge_day(number_of(cell))


def judge_day(number: str) -> str | None:
    if not re.fullmatch(r"\d{10}", number):
        return "identifier_impossible"
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    try:
        date(1900 + year, month, day - 60 if day > 60 else day)
    except ValueError:
        return "identifier_impossible"
    return None


def judge_date(cell: str, form: str) -> str | None:
    try:
        day = datetime.strptime(re.sub(r"(\.0| 00:00:00)$", "", cell), form)
    except ValueError:
        return "date_unreadable"
    return None if 1900 <= day.year <= 2100 else "date_out_of_range"


def judge_spell(row: dict[str, str]) -> str | None:
    ends = [row["STARTDTO"].removesuffix(".0"), row["SLUTDTO"]]
    # strptime reads "17532" as 1753-02-?? in places: eight digits or nothing.
    told = [judge_date(cell, "%Y%m%d") if len(cell) == 8 else "date_unreadable" for cell in ends]
    if any(told):
        return next(rule for rule in told if rule)
    if not re.fullmatch(r"\d+([.,]\d+)?", row["TIMERPU"]):
        return "number_unreadable"
    return "spell_reversed" if ends[1] < ends[0] else None


def judge(register: str, header: list[str], cells: list[str]) -> str | None:
    """Name the rule that a row breaks, by its own cells."""
    if len(cells) != len(header):
        return "short_row" if len(cells) < len(header) else "long_row"
    row = dict(zip(header, cells, strict=True))
    if rule := judge_number(row["PNR"]):
        return rule
    relatives = [row[name] for name in ("MOR_ID", "FAR_ID", "E_FAELLE_ID") if row.get(name)]
    if any(judge_day(number_of(cell)) for cell in relatives):
        return "identifier_impossible"
    if any(not row[name].strip() for name in REQUIRED.get(register, ())):
        return "cell_missing"
    if register == "idap" and not 0 <= float(row["ARLEDGR"]) <= 1000:
        return "number_out_of_range"
    if register in DATES and (rule := judge_date(row[DATES[register]], "%Y-%m-%d")):
        return rule
    closed = [name for name in CLOSED if name in row and row[name].removesuffix(".0") not in CLOSED[name]]
    if closed:
        return "code_unknown"
    return judge_spell(row) if register == "amfo" else None


def judge_file(register: str, rows: Rows) -> dict[int, str]:
    """Broken rules by position; duplicates are found last, among rows with a number."""
    header = rows[0]
    found = {at: rule for at, cells in enumerate(rows) if at and (rule := judge(register, header, cells))}
    if register in ONE_ROW:
        at_key = [header.index(name) for name in ONE_ROW[register]]
        keys = {
            at: (number_of(cells[at_key[0]]), *(cells[k] for k in at_key[1:]))
            for at, cells in enumerate(rows)
        }
        times = Counter(key for at, key in keys.items() if at not in found)
        found |= {at: "duplicate" for at, key in keys.items() if at not in found and times[key] > 1}
    return found


def test_every_fault_of_every_register_is_planted(dirty: Dirty):
    wanted = {
        (register, fault.rule, fault.expected) for register, faults in FAULTS.items() for fault in faults
    }
    assert set(dirty.planted.select("register", "rule", "expected").rows()) == wanted
    assert dirty.planted.select("file", "row").is_duplicated().sum() == 0
    once = dirty.planted.filter(pl.col("file") != "DREAM200912.csv")
    rows = {
        register: sum(COPIES * len(f.forms) * (2 if f.adds == 2 else 1) for f in faults if not f.cells)
        for register, faults in FAULTS.items()
    }
    rows["grants"] += 2 * COPIES
    assert dict(once.group_by("register").len().iter_rows()) == rows


def test_every_rule_of_ingest_is_planted():
    rules = {fault.rule for faults in FAULTS.values() for fault in faults if fault.expected == "quarantine"}
    assert rules == set(RULES)


def test_rows_to_quarantine_are_exactly_the_listed_ones(files: Path):
    for path in sorted((files / "registers").iterdir()):
        wanted = {
            at: rule for at, (rule, expected) in listed(files, path.name).items() if expected == "quarantine"
        }
        assert judge_file(register_of(path.stem), read_rows(path)) == wanted, path.name


def test_clean_files_break_no_rule(clean: Path):
    for path in sorted((clean / "registers").iterdir()):
        assert judge_file(register_of(path.stem), read_rows(path)) == {}, path.name


def test_rows_not_listed_are_as_in_the_clean_twin(files: Path, clean: Path):
    for path in sorted((files / "registers").iterdir()):
        before, after = read_rows(clean / "registers" / path.name), read_rows(path)
        marked = listed(files, path.name)
        assert all(
            a == b for at, (a, b) in enumerate(zip(before, after, strict=False)) if at not in marked
        ), path
        added = range(len(before), len(after))
        assert all(marked[at][0] in {"duplicate", "spell_overlap"} for at in added), path
        untold = [
            at
            for at in marked
            if at < len(before) and before[at] == after[at] and marked[at][0] != "duplicate"
        ]
        assert untold == [], path


def test_accepted_rows_mean_what_a_clean_row_means(files: Path, clean: Path):
    forms = Counter()
    for path in sorted((files / "registers").iterdir()):
        before, after = read_rows(clean / "registers" / path.name), read_rows(path)
        for at, (rule, expected) in listed(files, path.name).items():
            if expected != "accepted":
                continue
            changed = [(a, b) for a, b in zip(before[at], after[at], strict=True) if a != b]
            assert len(changed) == 1
            forms[rule] += 1
            old, new = changed[0]
            if rule == "identifier_zero_lost":
                assert re.fullmatch(r"\d{9}(\.0)?", new)
                assert number_of(new)[0] == "0"
            elif rule != "number_decimal_comma":
                meant = {
                    new.strip(),
                    new.removesuffix(".0"),
                    new.removesuffix(" 00:00:00"),
                    new.replace("-", ""),
                }
                assert meant & {
                    old,
                    ".",
                    "NaN",
                }
    assert set(forms) == {f.rule for faults in FAULTS.values() for f in faults if f.expected == "accepted"}


def test_unknown_codes_and_overlaps_are_countable(files: Path, small: Twin):
    known = {code for kind in CODES.values() for code in kind}
    for stem in [stem for stem in small.registers if stem.startswith("AMFO")]:
        rows = pl.read_parquet(files / "registers" / f"{stem}.parquet")
        told = listed(files, f"{stem}.parquet")
        unknown = [
            at + 1 for at, code in enumerate(rows["FORANST"]) if (code or "").strip() not in {"", *known}
        ]
        assert unknown == sorted(at for at, (rule, _) in told.items() if rule == "code_unknown")
        for at in (at for at, (rule, _) in told.items() if rule == "spell_overlap"):
            spell = rows.row(at - 1, named=True)
            own = rows.filter(pl.col("PNR") == spell["PNR"])
            assert own["FORANST"].n_unique() == own.height == 2
            assert own["STARTDTO"].n_unique() == own["SLUTDTO"].n_unique() == 1


def test_the_cohort_stays_as_planted(files: Path, small: Twin):
    path = files / "registers" / "GRANTS2009.csv"
    rows = read_rows(path)
    broken = judge_file("grants", rows)
    kept = [cells for at, cells in enumerate(rows) if at and at not in broken]
    grants = pl.DataFrame(kept, schema=rows[0], orient="row").with_columns(
        pl.col("PNR").map_elements(number_of, return_dtype=pl.String), pl.col("AFGTYPE", "KOM").str.head(3)
    )
    only = grants.filter(pl.col("AFGTYPE").str.head(1) == "1").sort("AFGDATO").unique("SAGSNR", keep="last")
    first = only.sort("AFGDATO").unique("PNR", keep="first")
    found = first.filter(pl.col("AFGDATO").is_between(pl.lit("2007-07-01"), pl.lit("2009-03-31")))
    here = found.filter(pl.col("KOM").is_in(list(AREAS.values())))
    assert set(here["PNR"]) == set(small.truth["PNR"])
    assert here.height == 1553


def test_no_planted_row_is_of_a_study_person(dirty: Dirty, small: Twin):
    people = set(small.truth["PNR"])
    for name, rows in dirty.planted.group_by("file"):
        stem = str(name[0]).split(".")[0]
        shift = 1 if str(name[0]).endswith(".parquet") else 2
        hit = dirty.registers[stem]["PNR"].gather(rows["row"] - shift)
        assert not people & set(hit), name


def test_a_seed_gives_the_same_faults(dirty: Dirty, small: Twin):
    again, other = make_dirty(small.registers, SEED), make_dirty(small.registers, SEED + 1)
    assert again.planted.equals(dirty.planted)
    assert all(frame.equals(dirty.registers[stem]) for stem, frame in again.registers.items())
    assert not other.planted.equals(dirty.planted)


def test_a_register_without_rows_to_spare_is_refused(small: Twin):
    with pytest.raises(BadInput, match="udda has"):
        make_dirty({**small.registers, "UDDA2008": small.registers["UDDA2008"].head(10)}, SEED)
