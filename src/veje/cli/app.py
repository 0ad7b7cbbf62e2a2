"""The command `veje`: one subcommand a stage, and the commands around the workflow."""

from __future__ import annotations

import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from veje import config
from veje.cli.files import Files
from veje.cli.stages import STAGES
from veje.errors import VejeError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Pathways to disability pension from weekly benefit records. The workflow calls the stages in order.",
)

Config = Annotated[str, typer.Option("--config", help="A config file, or its settings as JSON.")]
Inputs = Annotated[list[str], typer.Option("--in", help="An input as name=path; repeat for several.")]
Outputs = Annotated[list[str], typer.Option("--out", help="An output as name=path.")]
Log = Annotated[Path | None, typer.Option("--log", help="Write messages to this file too.")]


def run_stage(stage: str, text: str, inputs: list[str], outputs: list[str], log: Path | None) -> None:
    """Run one stage and say how long it took; a failure is one line."""
    started = time.perf_counter()
    log_file = log or Path("/dev/null")
    try:
        settings = config.part(text, STAGES[stage].settings)
        import_module(f"veje.cli.{stage}").run(settings, Files(inputs), Files(outputs))
    except VejeError as error:
        _say(f"veje {stage}: {error}", log_file)
        raise typer.Exit(error.exit_code) from None
    except Exception as error:
        # A library's message may quote a cell: only its kind and the places in the code are told.
        _say(f"veje {stage}: internal error: {type(error).__name__}{_places(error)}", log_file)
        raise typer.Exit(VejeError.exit_code) from None
    _say(f"veje {stage}: done in {time.perf_counter() - started:.1f} s", log_file)


def _say(line: str, log: Path) -> None:
    print(line, file=sys.stderr)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(line + "\n", encoding="utf-8")


def _places(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "veje" in Path(f.filename).parts]
    return "".join(f" < {Path(f.filename).name}:{f.lineno}" for f in reversed(own[-4:]))


def _add_stage(name: str) -> None:
    def command(
        config: Config,
        inputs: Inputs = [],
        outputs: Outputs = [],
        log: Log = None,
    ) -> None:
        run_stage(name, config, inputs, outputs, log)

    app.command(name, help=STAGES[name].help)(command)


for _name in STAGES:
    _add_stage(_name)


@app.command()
def twin(
    out: Annotated[Path, typer.Option(help="Folder to write: registers/ and, apart, truth/.")],
    seed: Annotated[
        int, typer.Option(help="Another seed gives another population with the same law.")
    ] = 2012,
    others: Annotated[int, typer.Option(help="Persons without a grant.")] = 24_000,
) -> None:
    """Write the synthetic twin's registers, as they would be delivered."""
    from veje.twin import make_twin, write_twin

    paths = write_twin(make_twin(seed=seed, others=others), out)
    print(f"veje twin: {len(paths)} files in {out} (synthetic, seed {seed})", file=sys.stderr)


def main() -> None:
    """Run the command line."""
    app()
