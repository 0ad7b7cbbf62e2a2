"""Rims of `veje sample-cases` and `veje sample-results`: cases of a finished run, for reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from veje import config, io
from veje.cli.finished import private_of, read_finished
from veje.cli.sheets import sheets_of
from veje.errors import BadInput, near
from veje.flags.facts import births
from veje.flags.predicates import anchor
from veje.sampling import Design, Draw, Stratum, draw_cases, estimate, place_cases, read_outcomes, read_strata
from veje.sampling.frame import FLAGS, Scope
from veje.sampling.outcomes import COLUMNS, read_coding
from veje.settings import Settings

STAGES = {
    "cohort": "cohort",
    "flags": "reforms",
    "grant_regimes": "reforms",
    "sequences": "sequences",
    "spells": "timing",
    "bef": "ingest",
    "cases": "ingest",
}
"""The stage's folder of each table that is needed."""
OUTCOMES = "outcomes.csv"
"""The reviewers' file, written with the drawn cases and nothing found yet."""


@dataclass(frozen=True)
class Drawn:
    """Where the drawn cases lie, and what is told of the draw."""

    folder: Path
    told: list[str]


def sample_cases(file: str) -> Drawn:
    """Draw cases from a config's run and write them, with a sheet each, among the private results.

    All of it is written, or nothing: the folder appears when it is whole, and replaces the last draw.
    Raises `BadInput` when the run is not there, when it has no flags, and as `draw_cases` does.
    """
    settings = config.load(file)
    tables = read_run(settings, file)
    strata = read_strata(io.read_list("strata", "sampling"), "strata")
    frame = place_cases(grants_of(settings, tables), strata, scope_of(settings))
    rules = settings.sampling
    design = Design(rules.quota, rules.least, rules.reserves, settings.seed)
    draw = draw_cases(frame, [one.name for one in strata], design)
    pages = sheets_of(settings, tables, draw.cases, strata)
    folder = folder_of(settings)
    keep_filled(folder)
    # A folder of its own until it is whole.
    part = folder.with_name("cases.part")
    io.clear_folder(part)
    io.write_table(draw.cases, part / "cases.parquet", "sample_cases")
    io.write_csv(counted(frame, draw.cases), part / "counts.csv")
    io.write_csv(blank(draw.cases), part / OUTCOMES)
    for case, page in pages.items():
        io.write_text(page, part / "sheets" / f"{case}.html")
    io.clear_folder(folder)
    io.rename(part, folder)
    return Drawn(folder, [*told_of(frame, draw, strata), *draw.notes])


def keep_filled(folder: Path) -> None:
    """Raise `BadInput` when a new draw would take away what reviewers have written."""
    held, cases = folder / OUTCOMES, folder / "cases.parquet"
    if held.is_file() and cases.is_file():
        empty = blank(io.read_table(cases, "sample_cases")).write_csv()
        if held.read_text(encoding="utf-8") != empty:
            raise BadInput(f"{held}: reviewers have written in it; move it away before a new draw")


def sample_results(file: str, outcomes: Path) -> tuple[Path, pl.DataFrame, list[str]]:
    """Weight what the reviewers found to all cases, and write it beside the published figures.

    Gives the file, the table, and notes. Raises `BadInput` when no cases were drawn, for a file that
    cannot be read, and as `read_outcomes` and `estimate` do.
    """
    settings = config.load(file)
    folder = folder_of(settings)
    if not (folder / "cases.parquet").is_file():
        raise BadInput(f"{folder}: no cases were drawn: run `veje sample-cases --config {file}` first")
    cases = io.read_table(folder / "cases.parquet", "sample_cases")
    coding = read_coding(io.read_list("outcomes", "sampling"), io.read_list("reasons", "sampling"))
    found = read_outcomes(read_text(outcomes), outcomes.name, cases, coding)
    published = io.read_list("published", "sampling")
    table = estimate(cases, found, coding, published, settings.sampling.confidence)
    target = folder.with_name("review") / "results.csv"
    io.make_folder(target.parent)
    io.write_csv(table.with_columns(pl.col(pl.Float64).round(1)), target)
    drawn = cases.filter(~pl.col("reserve"))
    missing = drawn.height - drawn.join(found, on="case", how="semi").height
    reserves = cases.filter("reserve").join(found, on="case", how="semi").height
    notes = [f"{missing} drawn cases were not reviewed, {reserves} in reserve were"] if missing else []
    return target, table, notes


def folder_of(settings: Settings) -> Path:
    """Name the folder of a run's drawn cases."""
    return private_of(settings) / "cases"


def read_run(settings: Settings, file: str) -> dict[str, pl.DataFrame]:
    """Read what a finished run knows of its grants."""
    return read_finished(private_of(settings), STAGES, file, ", with `reforms.chapter: always`")


def scope_of(settings: Settings) -> Scope:
    """Read whose cases are drawn. Raises `BadInput` for a municipality that the cohort does not have."""
    rules, areas = settings.sampling, settings.cohort.areas[1:]
    for area in rules.municipalities:
        if area not in areas:
            raise BadInput(f"config: sampling.municipalities: no municipality '{area}': {near(area, areas)}")
    if rules.team_only and settings.registers.cases is None:
        raise BadInput("config: sampling.team_only needs registers.cases, which is not delivered")
    return Scope(
        rules.municipalities or areas,
        rules.from_ or settings.cohort.from_,
        rules.to or settings.cohort.to,
        rules.team_only,
    )


def grants_of(settings: Settings, tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Put beside each grant what strata ask for. Raises `BadInput` for a flag that was not computed."""
    flags = tables["flags"].filter(pl.col("flag").is_in(FLAGS))
    for name in FLAGS:
        if name not in set(flags["flag"]):
            raise BadInput(f"flag '{name}' was not computed by the run: strata ask for it")
    wide = flags.pivot("flag", index="person", values="value")
    cases = tables["cases"].drop("scheme", "case_start")
    grants = tables["cohort"].select("person", "area", decision_date="index_date")
    return (
        grants.join(births(tables["bef"]), on="person", how="left")
        .join(cases, on=["person", "decision_date"], how="left")
        .join(wide, on="person", how="left")
        .with_columns(anchor(settings.flags).alias("anchor"))
    )


def counted(frame: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Count by stratum or reason and municipality who could be drawn and who was."""
    drawn = cases.filter(~pl.col("reserve")).group_by("stratum", "area").len("drawn")
    sizes = frame.group_by("stratum", "reason", "area").len("persons")
    return (
        sizes.join(drawn, on=["stratum", "area"], how="left")
        .with_columns(pl.when(pl.col("stratum").is_not_null()).then(pl.col("drawn").fill_null(0)))
        .sort("stratum", "reason", "area", nulls_last=True)
    )


def blank(cases: pl.DataFrame) -> pl.DataFrame:
    """Give the reviewers' file with the drawn cases and nothing found yet."""
    empty = [pl.lit(None, dtype=pl.String).alias(column) for column in COLUMNS[1:]]
    return cases.filter(~pl.col("reserve")).select("case", *empty)


def told_of(frame: pl.DataFrame, draw: Draw, strata: list[Stratum]) -> list[str]:
    """Say how many could be drawn in each stratum, and how many are in none and why."""
    sizes = dict(frame.drop_nulls("stratum").group_by("stratum").len().iter_rows())
    drawn = dict(draw.cases.filter(~pl.col("reserve")).group_by("stratum").len().iter_rows())
    lines = [f"stratum {one.name}: {drawn[one.name]} of {sizes[one.name]:,} drawn" for one in strata]
    reasons = frame.drop_nulls("reason").group_by("reason").len().sort("reason")
    return [*lines, *(f"not drawn from: {reason}: {count:,}" for reason, count in reasons.iter_rows())]


def read_text(path: Path) -> pl.DataFrame:
    """Read a CSV of the reviewers as text. Raises `BadInput` when it is not there or is no table."""
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    return io.read_cells(path)
