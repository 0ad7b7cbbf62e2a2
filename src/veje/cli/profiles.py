"""Reads the clusters' profiles that the last published run left for the next one to find them again by."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.errors import BadInput


def read_former(inputs: Files) -> tuple[pl.DataFrame | None, list[str]]:
    """Read the clusters' profiles that the last published run left; None when nothing was published yet.

    Those that are damaged are as none, which the note says: no night stops for what an earlier one left.
    """
    given = [path for path in inputs.many("former") if path.is_file()]
    try:
        return (io.read_table(given[0], "profiles") if given else None), []
    except BadInput:
        return None, ["the last run's profiles are damaged: clusters are numbered and named anew"]
