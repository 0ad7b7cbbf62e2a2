"""A finished run's private tables, for commands that read them after the workflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from veje import io
from veje.errors import BadInput
from veje.settings import Settings


def private_of(settings: Settings) -> Path:
    """Name the folder of a run's private tables."""
    return Path(settings.results) / "private" / settings.scenario


def refuse_absent(paths: Iterable[Path], file: str, condition: str = "") -> None:
    """Raise `BadInput` when a run of the config has not come as far as one of these files.

    condition: what the run must be asked for besides, as `, with …`.
    """
    absent = next((path for path in paths if not path.is_file()), None)
    if absent is not None:
        raise BadInput(f"{absent}: no such file: run `veje run --config {file}` first{condition}")


def read_finished(
    private: Path, stages: Mapping[str, str], file: str, condition: str = ""
) -> dict[str, pl.DataFrame]:
    """Read tables of a finished run; stages: the folder of each. Raises `BadInput` as `refuse_absent`."""
    paths = {name: private / stage / f"{name}.parquet" for name, stage in stages.items()}
    refuse_absent(paths.values(), file, condition)
    return {name: io.read_table(path, name) for name, path in paths.items()}
