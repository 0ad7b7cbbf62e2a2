"""Rim of stage `sequences`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from veje import io
from veje.branche import Industry, check_self_supporting, needed_months
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.errors import some
from veje.lists import Alphabet, read_codes
from veje.sequences import build_sequences, find_rows, needed_weeks
from veje.settings import Settings
from veje.versions import dream_version
from veje.weekfile import read_industry, read_weekly


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read DREAM's weeks and the cohort, write quarter states and unique sequences.

    Notes unknown codes, and blank weeks that could not be told apart by industry.
    """
    own = settings.sequences
    alphabet = alphabet_of(own)
    table = io.read_list(own.codes, "codes")
    version = dream_version(settings.registers.dream.files, settings.registers.dream.version)
    codes = read_codes(table, own.state_column, alphabet, version, own.codes, own.switches)
    cohort = inputs.table("cohort")
    rows = find_rows(inputs.table("dream"), cohort)
    files = {path.stem: path for path in inputs.many("dream_weeks")}
    needed = needed_weeks(cohort, settings.window)
    industry = read_industry_of(files, rows, needed, settings, alphabet)
    weekly = read_weekly(files, rows, *needed)
    listed = set(table["code"].drop_nulls())
    result = build_sequences(weekly, cohort, codes, alphabet, own, settings.window, industry, listed)
    outputs.write(result.sequences, "sequences")
    outputs.write(result.unique, "unique")
    outputs.write(result.week_codes, "week_codes")
    return [
        *note_unknown(result.week_codes),
        *note_outside(result.week_codes),
        *note_split(result.week_codes),
    ]


def read_industry_of(
    files: Mapping[str, Path],
    rows: pl.DataFrame,
    needed: tuple[int, int],
    settings: Settings,
    alphabet: Alphabet,
) -> Industry | None:
    """Read the industry months that the config asks for; None when blank weeks are not split."""
    own = settings.sequences
    if own.blank == "by_list":
        return None
    check_self_supporting(alphabet, own.self_supporting, own.alphabet)
    return read_industry(files, rows, needed_months(*needed))


def note_unknown(week_codes: pl.DataFrame) -> list[str]:
    """Say how many weeks have a code that is not in the list."""
    unknown = week_codes.filter(pl.col("state").is_null())
    if not unknown.height:
        return []
    return [f"{unknown['weeks'].sum():,} weeks have one of {unknown.height:,} codes that are not in the list"]


def note_outside(week_codes: pl.DataFrame) -> list[str]:
    """Say how many of these weeks have a code that is in the list for other weeks or other versions."""
    outside = week_codes.filter(pl.col("outside").fill_null(False))
    if not outside.height:
        return []
    codes = some(sorted(set(outside["code"])))
    return [f"{outside['weeks'].sum():,} of them have a code outside its dates or version: {codes}"]


def note_split(week_codes: pl.DataFrame) -> list[str]:
    """Say how the blank weeks were split by industry, and how many could not be."""
    split = week_codes.filter(pl.col("industry").is_not_null())
    if not split.height:
        return []
    weeks = dict(split.group_by("industry").agg(pl.col("weeks").sum()).rows())
    present, absent, unknown = (weeks.get(kind, 0) for kind in ("present", "absent", "unknown"))
    return [
        f"{split['weeks'].sum():,} blank weeks: {present:,} with an industry, {absent:,} without; "
        f"{unknown:,} lie before 2008 and are read as the code list says"
    ]
