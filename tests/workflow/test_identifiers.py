"""No personal number of the twin in any byte of the release, of a log, or of a file name."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.workflow.conftest import Study
from veje.scan import find_identifiers

pytestmark = pytest.mark.xdist_group("study")


def personal_numbers(study: Study) -> frozenset[bytes]:
    delivered = pl.read_parquet(study.folder / "twin/registers/DREAM200912.parquet", columns=["PNR"])["PNR"]
    grants = pl.read_csv(study.folder / "twin/registers/GRANTS2009.csv", infer_schema=False)["PNR"]
    return frozenset(pnr.encode() for pnr in {*delivered, *grants})


def forms(pnr: str) -> list[bytes]:
    plain = pnr.encode()
    return [plain, plain[:6] + b"-" + plain[6:], pnr.encode("utf-16-le")]


def places(study: Study) -> list[Path]:
    folders = [study.release, study.private / "study/logs", study.folder / ".snakemake"]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_no_byte_holds_a_personal_number(study: Study) -> None:
    known = personal_numbers(study)
    assert len(known) > 3_000
    looked_at = places(study)
    assert len(looked_at) > 40
    hits = {path.name: find_identifiers(path.read_bytes(), known) for path in looked_at}
    assert {name: count for name, count in hits.items() if count} == {}
    assert find_identifiers(study.output.encode(), known) == 0


def test_no_file_name_holds_a_personal_number(study: Study) -> None:
    known = personal_numbers(study)
    names = "\n".join(str(p) for p in study.folder.rglob("*")).encode()
    assert find_identifiers(names, known) == 0


def test_only_the_key_file_links_numbers_to_persons(study: Study) -> None:
    known = {pnr.decode() for pnr in personal_numbers(study)}
    holders = []
    for path in study.private.rglob("*.parquet"):
        frame = pl.read_parquet(path)
        texts = [name for name, kind in frame.schema.items() if kind == pl.String]
        if any(not known.isdisjoint(frame[name].drop_nulls().to_list()) for name in texts):
            holders.append(path.relative_to(study.private).as_posix())
    assert holders == ["keys/study.parquet"]


def test_the_scan_finds_planted_numbers() -> None:
    known = frozenset({b"7203541234"})
    for content in (b"x 7203541234 y", b"<td>720354-1234</td>", b"7203541234"):
        assert find_identifiers(content, known) == 1
    assert find_identifiers(b"72035412345 8203541234", known) == 0
