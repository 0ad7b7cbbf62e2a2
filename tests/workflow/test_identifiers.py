"""No personal number of the twin in any byte of the release, of a log, or of a file name."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from pathlib import Path

import polars as pl
import pytest

from tests.workflow.conftest import Study
from veje import io
from veje.cli.files import Files
from veje.cli.publish import scan
from veje.errors import Unsafe
from veje.scan import scan_files


def personal_numbers(study: Study) -> frozenset[bytes]:
    """Give everyone of the key file: persons of all registers, their parents and partners."""
    return frozenset(pnr.encode() for pnr in pl.read_parquet(study.private / "keys/study.parquet")["pnr"])


def places(study: Study) -> list[tuple[str, bytes]]:
    folders = [study.release, study.private / "study/logs", study.folder / ".snakemake"]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [(path.relative_to(study.folder).as_posix(), path.read_bytes()) for path in paths]


def test_the_key_file_has_everyone(study: Study) -> None:
    known = {pnr.decode() for pnr in personal_numbers(study)}
    registers = study.folder / "twin/registers"
    delivered = pl.read_parquet(registers / "DREAM200912.parquet", columns=["PNR"])["PNR"]
    grants = pl.read_csv(registers / "GRANTS2009.csv", infer_schema=False)["PNR"]
    parents = pl.read_parquet(registers / "PARENTS.parquet")
    columns = [delivered, grants, *(parents[name].drop_nulls() for name in parents.columns)]
    assert all(set(column) - {""} <= known for column in columns)
    assert len(known) > len(set(delivered)) > 3_000


def test_no_byte_holds_a_personal_number(study: Study) -> None:
    known = personal_numbers(study)
    looked_at = places(study)
    assert len(looked_at) > 40
    assert scan_files([*looked_at, ("output", study.output.encode())], known) == {}


def test_no_file_name_holds_a_personal_number(study: Study) -> None:
    names = [(path.relative_to(study.folder).as_posix(), b"") for path in study.folder.rglob("*")]
    assert len(names) > 100
    assert scan_files(names, personal_numbers(study)) == {}


def test_only_the_key_file_links_numbers_to_persons(study: Study) -> None:
    known = {pnr.decode() for pnr in personal_numbers(study)}
    holders = []
    for path in study.private.rglob("*.parquet"):
        frame = pl.read_parquet(path)
        texts = [name for name, kind in frame.schema.items() if kind == pl.String]
        if any(not known.isdisjoint(frame[name].drop_nulls().to_list()) for name in texts):
            holders.append(path.relative_to(study.private).as_posix())
    # Converted deliveries lie beside the key file.
    assert [name for name in holders if not name.startswith("keys/imported/")] == ["keys/study.parquet"]


def in_text_chunk(png: bytes, text: bytes) -> bytes:
    """Put a tEXt chunk after a PNG's header."""
    body = b"tEXtComment\x00" + text
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]


FORMS = {
    "plain": lambda pnr: pnr,
    "hyphen": lambda pnr: f"{pnr[:6]}-{pnr[6:]}",
    "space": lambda pnr: f"{pnr[:6]} {pnr[6:]}",
    "no leading zero": lambda pnr: pnr.removeprefix("0"),
    "glued": lambda pnr: f"19{pnr}x",
}


ZERO = "0203541234"
"""The twin's numbers begin with 7 or more; real ones may lose a zero."""
SMALL = ("tables/bilag_1.csv", "figures/flow.png")


@pytest.fixture(scope="module")
def whole(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the release in which a scan finds nothing, beside a key file with one number more."""
    folder = tmp_path_factory.mktemp("release")
    keys = pl.read_parquet(study.private / "keys/study.parquet")
    keys = pl.concat([keys, pl.DataFrame({"pnr": [ZERO], "person": [keys.height + 1]})])
    io.write_table(keys, folder / "keys.parquet", "keys")
    for name in ("report.html", *SMALL):
        (folder / "staged" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(study.release / name, folder / "staged" / name)
    scan(folder / "staged", Files([f"keys={folder / 'keys.parquet'}"]))
    return folder


@pytest.mark.parametrize("wide", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", ["report.html", "tables/bilag_1.csv", "figures/flow.png", "a new file"])
def test_a_number_planted_in_the_release_is_found(
    whole: Path, tmp_path: Path, where: str, form: str, wide: str
) -> None:
    staged, keys = tmp_path / "staged", whole / "keys.parquet"
    # The page is large: it is there where the number is in it.
    for name in {*SMALL, where} - {"a new file"}:
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(whole / "staged" / name, staged / name)
    pnr = ZERO if form == "no leading zero" else pl.read_parquet(keys)["pnr"][7]
    planted = FORMS[form](pnr)
    if where == "a new file":
        (staged / "tables" / f"{planted}.csv").write_bytes(b"area\n")
    else:
        path, text = staged / where, f" {planted} ".encode(wide)
        content = path.read_bytes()
        png = where.endswith(".png")
        path.write_bytes(in_text_chunk(content, text) if png else content + text)
    with pytest.raises(Unsafe) as stopped:
        scan(staged, Files([f"keys={keys}"]))
    assert ("not shown" if where == "a new file" else where) in str(stopped.value)
    assert not re.search(r"\d{6}", str(stopped.value))
