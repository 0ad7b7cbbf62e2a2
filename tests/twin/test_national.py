"""A national file: exact weeks, unique numbers, bytes that no chunk size changes, the study inside it."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from veje.cohort import build_cohort
from veje.errors import BadInput
from veje.settings import Cohort
from veje.twin import Twin, write_national
from veje.twin.codes import ALL_CODES
from veje.twin.hashed import Lot
from veje.twin.law import AREAS
from veje.twin.numbering import SERIALS, make_numbering, number_text, permute, read_pairs, unpermute

N, SEED = 6_000, 7
WINDOW = {"from": date(2007, 7, 1), "to": date(2009, 3, 31)}


def digests(out: Path) -> dict[str, str]:
    files = [path for path in out.rglob("*") if path.is_file()]
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("national")
    paths = write_national(out, N, SEED, block=2_048)
    assert all(path.is_file() for path in paths)
    assert {path.relative_to(out).as_posix() for path in paths} == set(digests(out))
    return out


@pytest.fixture(scope="module")
def dream(national: Path) -> pl.DataFrame:
    return pl.read_parquet(national / "registers" / "DREAM200912.parquet")


def read(out: Path, stem: str) -> pl.DataFrame:
    path = out / "registers" / stem
    if (csv := path.with_suffix(".csv")).is_file():
        return pl.read_csv(csv, infer_schema=False).with_columns(pl.col("AFGDATO").str.to_date())
    return pl.read_parquet(path.with_suffix(".parquet"))


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(person=pl.col("PNR").cast(pl.Int64))


def test_week_columns_are_the_iso_weeks(dream: pl.DataFrame):
    mondays = [date(1996, 1, 1) + timedelta(weeks=k) for k in range(731)]
    weeks = [monday.isocalendar() for monday in mondays]
    assert dream.columns == ["PNR", *(f"Y_{w.year % 100:02d}{w.week:02d}" for w in weeks)]


def test_any_span_of_weeks_and_a_population_without_the_study(tmp_path: Path):
    write_national(tmp_path, 50, SEED, "Y_9132", "Y_2627")
    dream = read(tmp_path, "DREAM202606")
    columns = dream.columns[1:]
    assert (columns[0], columns[-1], len(columns)) == ("Y_9132", "Y_2627", 1822)
    assert {"Y_9253", "Y_9853", "Y_0453", "Y_0953", "Y_1553", "Y_2053"} <= set(columns)
    assert not {"Y_9153", "Y_9953", "Y_2553"} & set(columns)
    assert not (tmp_path / "truth").exists()


def test_numbers_are_unique_and_belong_to_nobody(dream: pl.DataFrame):
    numbers = dream["PNR"]
    assert numbers.len() == numbers.n_unique() == N
    assert numbers.str.contains(r"^(6[1-9]|[78]\d|9[01])(0[1-9]|1[0-2])\d{6}$").all()
    born, _ = read_pairs(numbers)
    years = born.astype("datetime64[Y]").astype(int) + 1970
    assert (np.bincount(years - 1930, minlength=62) > 0).all()


def test_the_permutation_is_one_to_one_and_avoids_taken_numbers():
    lot, days = Lot(3), 50
    ids = np.arange(days * SERIALS)
    day, serial = permute(lot, ids, days)
    assert np.unique(day * SERIALS + serial).size == ids.size
    assert (unpermute(lot, day, serial, days) == ids).all()
    first = make_numbering(lot, 50_000, (1950, 1950), pl.Series([], dtype=pl.String))
    taken = number_text(*first.pairs(np.arange(0, 70_000, 7)))
    second = make_numbering(lot, 50_000, (1950, 1950), taken)
    numbers = number_text(*second.pairs(np.arange(50_000)))
    assert numbers.n_unique() == 50_000
    assert not numbers.is_in(taken.implode()).any()
    parts = [number_text(*second.pairs(np.arange(k, k + 999))) for k in range(0, 50_000, 999)]
    assert pl.concat(parts)[:50_000].equals(numbers)


def test_no_chunk_size_changes_a_byte(national: Path, tmp_path: Path):
    for chunk in (300, 2_000):
        write_national(tmp_path / str(chunk), 3_000, SEED, block=1_024, chunk=chunk)
    assert digests(tmp_path / "300") == digests(tmp_path / "2000")
    write_national(tmp_path / "study", N, SEED, block=2_048, chunk=777)
    assert digests(tmp_path / "study") == digests(national)
    write_national(tmp_path / "other", 3_000, SEED + 1, block=1_024)
    assert digests(tmp_path / "other") != digests(tmp_path / "300")


def test_nothing_of_the_parquet_footer_names_a_person(national: Path):
    for path in (national / "registers").glob("*.parquet"):
        meta = pq.ParquetFile(path).metadata
        chunks = [meta.row_group(g).column(0) for g in range(meta.num_row_groups)]
        assert not any(chunk.is_stats_set for chunk in chunks)


def test_weeks_are_text_codes_mostly_blank_in_spells(dream: pl.DataFrame, national: Path):
    truth = pl.read_csv(national / "truth" / "planted_types.csv", infer_schema=False)
    rest = dream.join(read(national, "GRANTS2009"), on="PNR", how="anti").drop("PNR")
    assert set(dream.dtypes) == {pl.String}
    codes = np.stack([c.fill_null("").cast(pl.Enum(ALL_CODES)).to_physical().to_numpy() for c in rest])
    assert 0.6 < (codes == 0).mean() < 0.95
    assert 0.005 < (codes[1:] != codes[:-1]).mean() < 0.06
    assert truth.height == 1553


def test_pension_follows_the_grant(dream: pl.DataFrame, national: Path):
    grants = read(national, "GRANTS2009").filter(
        pl.col("SAGSNR").str.len_chars() > 9, pl.col("AFGTYPE") == "1"
    )
    paid = dream.join(grants.filter(pl.col("AFGDATO") < date(2009, 11, 1)), on="PNR")
    assert paid.height > 20
    assert set(paid["Y_0952"].unique()) <= {"783", "998"}
    assert not grants["KOM"].is_in(list(AREAS.values())).any()


def test_study_persons_are_as_in_the_twin(dream: pl.DataFrame, small: Twin):
    own = small.registers["DREAM200912"]
    assert dream.join(own.select("PNR"), on="PNR", maintain_order="left").equals(own)
    place = dream["PNR"].is_in(own["PNR"].implode()).arg_true()
    assert np.diff(place.to_numpy()).max() <= 2


def test_registers_belong_to_the_same_population(dream: pl.DataFrame, national: Path):
    people = dream["PNR"]
    for stem in ("BEF2006", "UDDA2008", "LMDB2008", "PARENTS", *(f"AMFO{y}" for y in range(2002, 2010))):
        held = read(national, stem)
        outside = held.filter(~pl.col("PNR").is_in(people.implode()))
        assert outside.is_empty(), stem
    assert read(national, "PARENTS")["PNR"].n_unique() == N
    assert read(national, "UDDA2008")["PNR"].is_duplicated().sum() == 0
    assert read(national, "BEF2006")["PNR"].is_duplicated().sum() == 0
    assert read(national, "BEF2006").height > 0.97 * N


def test_the_study_is_found(national: Path):
    grants = numbered(read(national, "GRANTS2009")).select(
        "person",
        basis="HJEMMEL",
        referral=pl.lit(None, dtype=pl.String),
        case="SAGSNR",
        decision_date="AFGDATO",
        decision=pl.col("AFGTYPE").replace({"1": "grant", "2": "refusal", "3": "reassessment"}),
        municipality="KOM",
        diagnosis="DIAG1",
    )
    bef = numbered(pl.concat([read(national, f"BEF{year}") for year in (2006, 2007, 2008)])).select(
        "person", status_date="REFERENCETID", birth_date="FOED_DAG", municipality="KOM"
    )
    settings = Cohort.model_validate({**WINDOW, "municipalities": {v: k for k, v in AREAS.items()}})
    found = build_cohort(grants, bef, settings).cohort
    truth = pl.read_csv(national / "truth" / "planted_types.csv", infer_schema=False)
    assert found.height == truth.height == 1553
    assert set(found["person"]) == set(truth["PNR"].cast(pl.Int64))


def test_impossible_populations_are_refused(tmp_path: Path):
    with pytest.raises(BadInput, match="nothing to write"):
        write_national(tmp_path, 10, SEED, "Y_0953", "Y_9601")
    with pytest.raises(BadInput, match="personal numbers"):
        make_numbering(Lot(SEED), 10**9, (1930, 1991), pl.Series([], dtype=pl.String))
    assert not list(tmp_path.rglob("*.part"))
