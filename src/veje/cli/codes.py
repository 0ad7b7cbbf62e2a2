"""The command `veje codes`: which code lists there are, and how one compares with the server's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from veje import io
from veje.codescheck import ALIKE, compare_lists
from veje.contracts import data_schema
from veje.errors import BadInput, near
from veje.formats import Encoding, read_batches
from veje.lists import read_switches

app = typer.Typer(no_args_is_help=True, help="The code lists, and how one compares with the server's own.")

ListName = Annotated[str, typer.Argument(metavar="LIST", help="One of veje's lists by name, or a path.")]
Against = Annotated[Path, typer.Option("--against", help="The server's list: CSV, SAS, Stata or Parquet.")]
CodeColumn = Annotated[str, typer.Option("--code-column", help="Its column of codes.")]
LabelColumn = Annotated[str, typer.Option("--label-column", help="Its column of labels.")]
EncodingOption = Annotated[Encoding, typer.Option("--encoding", help="The encoding of a CSV.")]
Separator = Annotated[str, typer.Option("--separator", help="The separator of a CSV.")]
Alike = Annotated[float, typer.Option("--alike", min=0, max=1, help="Labels with this ratio are alike.")]


@app.command("list")
def show() -> None:
    """Show the lists that veje ships: lines, confidence and switches."""
    from veje.cli.app import told

    with told("codes list"):
        for name in _names():
            typer.echo(describe(io.read_list(name, "codes"), name))


@app.command()
def check(
    name: ListName,
    against: Against,
    code_column: CodeColumn = "code",
    label_column: LabelColumn = "label",
    encoding: EncodingOption = "utf-8",
    separator: Separator = ",",
    alike: Alike = ALIKE,
) -> None:
    """Compare a list with the server's own: exit code 0 when equal, else 10 and one line per problem."""
    # Imported here because the app takes this module's commands in.
    from veje.cli.app import say, told

    with told("codes check"):
        own = _read_own(name)
        theirs = pl.concat(read_batches(against, encoding=encoding, separator=separator))
        found = compare_lists(own, theirs, code_column.lower(), label_column.lower(), alike)
        for line in found.problems:
            typer.echo(line)
        for line in found.notes:
            typer.echo(f"note: {line}")
        if found.problems:
            raise BadInput(f"{len(found.problems):,} problems, {found.codes:,} codes in both lists")
    say(f"veje codes check: equal, {found.codes:,} codes in both lists", None)


def describe(table: pl.DataFrame, name: str) -> str:
    """Say in one line what a list holds: lines, confidence and switches with their defaults."""
    parts = [f"{name}: {table.height:,} lines"]
    if "confidence" in table.columns:
        counted = table.group_by("confidence", maintain_order=True).len().rows()
        parts.append("confidence " + ", ".join(f"{kind} {count:,}" for kind, count in counted))
    switches = read_switches(table, {}, name)
    if switches:
        parts.append(
            "switches " + ", ".join(f"{key} {'on' if on else 'off'}" for key, on in switches.items())
        )
    return "; ".join(parts)


def _names() -> list[str]:
    return sorted(path.stem for path in (data_schema() / "codes").glob("*.csv"))


def _read_own(name: str) -> pl.DataFrame:
    if not name.endswith(".csv") and name not in _names():
        raise BadInput(f"no code list '{name}': {near(name, _names())}")
    return io.read_list(name, "codes")
