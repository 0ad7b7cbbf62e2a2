from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from veje.errors import BadInput
from veje.formats import Problem, read_batches

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "registers" / "sas"


@pytest.fixture
def samples() -> Path:
    """The folder of files written by a real SAS writer, with their content as CSV beside them."""
    if not SAMPLES.is_dir():
        pytest.skip(f"no sample SAS files at {SAMPLES}: they are not part of the checkout")
    return SAMPLES


@pytest.fixture
def read():
    """Read a whole file as one frame."""

    def whole(path: Path, **options) -> pl.DataFrame:
        return pl.concat(list(read_batches(path, **options)))

    return whole


@pytest.fixture
def refused(told):
    """Give the line with which a file is refused; it names the file and is one line."""

    def line(path: Path, *cells: str, problems: list[Problem] | None = None, **options) -> str:
        with pytest.raises(BadInput) as error:
            for _ in read_batches(path, problems=problems, **options):
                pass
        text = told(error, *cells)
        assert text.startswith(f"{path}: ")
        return text

    return line
