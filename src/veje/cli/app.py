"""The command `veje`: one subcommand a stage, and the commands around the workflow."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from veje.cli.codes import app as codes
from veje.cli.operating import add_to
from veje.cli.reviewing import not_granted, sample_cases, sample_results
from veje.cli.running import run_part, run_stage
from veje.cli.stages import PARTS, STAGES
from veje.cli.telling import say as say
from veje.cli.telling import scrub_tracebacks
from veje.cli.telling import told as told
from veje.errors import BadInput

if TYPE_CHECKING:
    from veje.formats import Encoding

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Pathways to disability pension from weekly benefit records; the workflow calls the stages.",
)

Config = Annotated[str, typer.Option("--config", help="A config file, or its settings as JSON.")]
Inputs = Annotated[list[str] | None, typer.Option("--in", help="An input as name=path; repeat for several.")]
Outputs = Annotated[list[str] | None, typer.Option("--out", help="An output as name=path.")]
Part = Annotated[str, typer.Option("--part", help="Which part of how many, as 2-of-8.")]
Log = Annotated[Path | None, typer.Option("--log", help="Write messages to this file too.")]
Ledger = Annotated[
    Path | None,
    typer.Option(envvar="VEJE_LEDGER", help="Note the digests of what was read and written in this folder."),
]


def _add_stage(name: str) -> None:
    def command(
        config: Config,
        inputs: Inputs = None,
        outputs: Outputs = None,
        log: Log = None,
        ledger: Ledger = None,
    ) -> None:
        run_stage(name, config, inputs or [], outputs or [], log, ledger)

    app.command(name, help=STAGES[name].help)(command)


def _add_part(name: str) -> None:
    def command(
        config: Config,
        part: Part,
        inputs: Inputs = None,
        outputs: Outputs = None,
        log: Log = None,
        ledger: Ledger = None,
    ) -> None:
        run_part(name, part, config, inputs or [], outputs or [], log, ledger)

    app.command(f"{name}-part", help=PARTS[name])(command)


for _name in STAGES:
    _add_stage(_name)
for _name in PARTS:
    _add_part(_name)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="SOURCE TARGET, or several such pairs.")],
    weeks: Annotated[
        list[Path] | None, typer.Option(help="Of a DREAM source: the file for its weeks.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of a CSV delivery; never guessed.")] = "utf-8",
    separator: Annotated[str, typer.Option(help="Separator of a CSV delivery.")] = ",",
    log: Log = None,
    ledger: Ledger = None,
) -> None:
    """Convert delivered files (SAS, Stata, CSV, gzip, Parquet) to Parquet, in bounded memory.

    A target that holds a source's content already, known by its SHA-256, is kept.
    """
    from veje.cli.importing import convert

    started = time.perf_counter()
    with told("import", log):
        lines = convert(files, weeks or [], cast("Encoding", encoding), separator, ledger)
    say(f"veje import: {', '.join(lines)}: done in {time.perf_counter() - started:.1f} s", log)


@app.command()
def twin(
    out: Annotated[Path, typer.Option(help="Folder to write: registers/ and, apart, truth/.")],
    seed: Annotated[
        int, typer.Option(help="Another seed gives another population with the same law.")
    ] = 2012,
    others: Annotated[
        int | None, typer.Option(help="Persons without a grant (24,000; with --regime 1,200).")
    ] = None,
    population: Annotated[
        int | None, typer.Option(help="A national file of so many persons instead, in bounded memory.")
    ] = None,
    dirty: Annotated[bool, typer.Option(help="Plant faults in the rows; truth/ lists them.")] = False,
    industry: Annotated[bool, typer.Option(help="DREAM has its industry months too.")] = False,
    regime: Annotated[
        str | None, typer.Option(help="Grants of these years instead, such as 2013..2022.")
    ] = None,
) -> None:
    """Write the synthetic twin's registers, as they would be delivered."""
    from veje import twin as twins

    with told("twin"):
        check_kinds(population, regime, dirty or industry)
        if population is not None:
            paths = twins.write_national(out, population, seed)
        elif regime is not None:
            paths = write_regime(out, regime, seed, others)
        else:
            made = twins.make_twin(seed=seed, others=24_000 if others is None else others, industry=industry)
            paths = twins.write_dirty(made, out, seed) if dirty else twins.write_twin(made, out)
    say(f"veje twin: {len(paths)} files in {out} (synthetic, seed {seed})", None)


def check_kinds(population: int | None, regime: str | None, changed: bool) -> None:
    """Raise `BadInput` for kinds of twins that exclude each other. changed: --dirty or --industry."""
    if population is not None and changed:
        raise BadInput("--population goes neither with --dirty nor with --industry")
    if regime is not None and (population is not None or changed):
        raise BadInput("--regime goes with --seed and --others alone")


def write_regime(out: Path, regime: str, seed: int, others: int | None) -> list[Path]:
    """Write the twin of grants after the reforms."""
    from veje.twin import after

    years = after.parse_years(regime)
    made = after.make_after(years, seed=seed, others=1_200 if others is None else others)
    return after.write_after(made, out)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(
    context: typer.Context,
    config: Annotated[str, typer.Option(help="The config file of the run.")] = "config/config.yaml",
    cores: Annotated[int, typer.Option(help="Jobs at once.")] = 2,
    verbose: Annotated[bool, typer.Option(help="Show what Snakemake does and why.")] = False,
) -> None:
    """Run the whole workflow; further options go to Snakemake, whose output is then shown."""
    from veje.cli.launch import launch, outcome, release_state

    with told("run"):
        before = release_state(config)
        code = launch(config, cores, context.args, verbose)
        if code == 0:
            say(f"veje run: {outcome(config, before)}", None)
    raise typer.Exit(code)


@app.command()
def check(
    config: Annotated[str, typer.Option(help="The config file of the run.")] = "config/config.yaml",
) -> None:
    """Show what the delivered files hold, before anything runs; exit code 10 when there are problems."""
    from veje.cli import check as rim

    with told("check"):
        screen = rim.check(config)
    rim.show(screen)
    raise typer.Exit(BadInput.exit_code if screen.problems else 0)


@app.command()
def export(
    to: Annotated[Literal["traminer"], typer.Option(help="The program to write for.")],
    config: Annotated[str, typer.Option(help="The config file of a finished run.")] = "config/config.yaml",
) -> None:
    """Write a run's sequences and results for TraMineR, with a script that derives them again.

    The files hold single persons' records and lie with the private results.
    """
    from veje.cli.export import export as write

    with told("export"):
        folder = write(config)
    say(f"veje export: {folder} for {to} (private: single persons' records)", None)


@app.command()
def replicate(
    config: Annotated[str, typer.Option(help="The config file of a finished run.")] = "config/config.yaml",
) -> None:
    """Count by table how many of the publication's figures a finished run reproduces; list the others."""
    from veje.cli import replicate as rim

    with told("replicate"):
        replication = rim.read_replication(config)
    rim.show(replication)


@app.command()
def docs() -> None:
    """Write config/README.md, data_schema/config.schema.yaml and the registers' page from the code."""
    from veje.cli import docs as pages

    with told("docs"):
        paths = pages.write()
    say("veje docs: " + ", ".join(str(path) for path in paths), None)


add_to(app)
for _command in (sample_cases, sample_results, not_granted):
    app.command()(_command)
app.add_typer(codes, name="codes")


def main() -> None:
    """Run the command line."""
    scrub_tracebacks()
    app()
