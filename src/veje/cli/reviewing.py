"""The commands on a finished run's persons: cases for reviewers, what these found, who was not granted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veje.cli.telling import say, told

if TYPE_CHECKING:
    import polars as pl

Config = Annotated[str, typer.Option(help="The config file of a finished run.")]
SHIPPED = "config/config.yaml"


def sample_cases(config: Config = SHIPPED) -> None:
    """Draw cases of a finished run for reviewers, by strata, with a sheet of each (private)."""
    from veje.cli.sampling import sample_cases as draw

    with told("sample-cases"):
        drawn = draw(config)
    for line in drawn.told:
        say(f"veje sample-cases: {line}", None)
    say(f"veje sample-cases: {drawn.folder} (private: single persons' records)", None)


def sample_results(
    outcomes: Annotated[Path, typer.Argument(help="The reviewers' file: case, outcome, eligible, reason.")],
    config: Config = SHIPPED,
) -> None:
    """Weight the reviewers' outcomes to all cases, beside the practice review of 2025 (private)."""
    from veje.cli.sampling import sample_results as weigh

    with told("sample-results"):
        path, table, notes = weigh(config, outcomes)
    show(table)
    for note in notes:
        say(f"veje sample-results: note: {note}", None)
    say(f"veje sample-results: {path} (private: no figure of it has passed the disclosure rules)", None)


def not_granted(config: Config = SHIPPED) -> None:
    """Set persons without a grant beside a finished run's, on the same days and types (private)."""
    from veje.cli.nongrants import not_granted as draw

    with told("not-granted"):
        folder, paths, notes = draw(config)
    for note in notes:
        say(f"veje not-granted: note: {note}", None)
    show_paths(paths)
    say("veje not-granted: it describes how often paths end in a grant, and does not explain why", None)
    say(f"veje not-granted: {folder} (private: no figure of it has passed the disclosure rules)", None)


def show_paths(paths: pl.DataFrame) -> None:
    """Print grants and persons without one by area and type."""
    from rich.console import Console
    from rich.table import Table

    made = Table(box=None)
    for name in paths.columns:
        made.add_column(name.replace("_", " "), justify="left" if name in ("area", "type_key") else "right")
    for area, type_key, granted, compared, standing, percent in paths.iter_rows():
        made.add_row(area, type_key, f"{granted:,}", f"{compared:,}", f"{standing:,.0f}", f"{percent:.1f}")
    Console(width=max(110, Console().width)).print(made)


def show(table: pl.DataFrame) -> None:
    """Print the shares of all strata together: counts, weighted percent with limits, and the published."""
    from rich.console import Console
    from rich.table import Table

    made = Table(box=None)
    for name in ("", "cases", "%", "weighted %", "from", "to", "published", "of", "published %"):
        made.add_column(name, justify="right" if name else "left", no_wrap=True)
    columns = (
        "count",
        "percent",
        "weighted",
        "low",
        "high",
        "published",
        "published_of",
        "published_percent",
    )
    for row in table.filter(stratum="all").iter_rows(named=True):
        cells = [row[name] for name in columns]
        told = ["-" if one is None else f"{one:.1f}" if isinstance(one, float) else str(one) for one in cells]
        made.add_row(row["row"], *told)
    Console(width=max(110, Console().width)).print(made)
