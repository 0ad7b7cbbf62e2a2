"""Rim of `veje replicate`: what a finished run makes of the publication's figures, on one screen."""

from __future__ import annotations

import polars as pl
from rich.console import Console
from rich.table import Table

from veje import config
from veje.cli.finished import private_of, read_finished
from veje.errors import BadInput
from veje.replication import DIFFERS, VERDICTS, count_verdicts

WHERE = ("table", "area", "type_key", "key")
NUMBERS = {"compared": 1, "reproduced": 2, "tolerance": 2}
"""Columns of a differing figure with their decimals."""


def read_replication(file: str) -> pl.DataFrame:
    """Read the comparison of exact figures of a config's run.

    Raises `BadInput` when the config names no publication, or its run has not come that far.
    """
    settings = config.load(file)
    if settings.replication.publication is None:
        raise BadInput(f"{file}: replication.publication is not set: there is nothing to compare with")
    return read_finished(private_of(settings), {"replication": "replication"}, file)["replication"]


def show(replication: pl.DataFrame) -> None:
    """Print the counts by table and every figure that differs."""
    console = Console(width=max(140, Console().width))
    console.print(counts(replication))
    differing = replication.filter(verdict=DIFFERS)
    if differing.height:
        console.print(listed(differing))
    console.print("Exact figures of groups of persons: private, not for release; the released comparison is")
    console.print("tables/replication.csv.", highlight=False)


def counts(replication: pl.DataFrame) -> Table:
    """Lay out the counts by table, all tables together last."""
    by_table = count_verdicts(replication)
    whole = count_verdicts(replication.with_columns(pl.lit("all tables").alias("table")))
    made = Table(box=None)
    for name in ("table", *VERDICTS, "figures", "% agreeing"):
        made.add_column(name, justify="left" if name == "table" else "right", no_wrap=True)
    for name, *numbers, share in pl.concat([by_table, whole]).iter_rows():
        made.add_row(name, *(f"{number:,}" for number in numbers), "-" if share is None else f"{share:.1f}")
    return made


def listed(differing: pl.DataFrame) -> Table:
    """Lay out figures: table, area, type and key, what is printed, the run's own, and the tolerance."""
    made = Table(box=None)
    for name in (*WHERE, "printed", "ours", "tolerance"):
        made.add_column(name, justify="left" if name in WHERE else "right", no_wrap=True)
    for row in differing.iter_rows(named=True):
        places = [row[name] or "-" for name in WHERE]
        numbers = (
            "-" if row[name] is None else f"{row[name]:,.{digits}f}" for name, digits in NUMBERS.items()
        )
        made.add_row(*places, *numbers)
    return made
