"""The main traits of several groups of persons side by side, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from veje.report.blocks import Row, Table
from veje.report.context import Context
from veje.report.persons import delivered

TRAITS = (
    ("profile", "total", "count"),
    ("profile", "women", "share"),
    ("profile", "mean_age", "mean"),
    ("profile", "education.lower_secondary", "share"),
    ("profile", "diagnosis.mental_disorder", "share"),
    ("profile", "diagnosis.musculoskeletal", "share"),
    ("profile", "psychopharmaceuticals", "share"),
    ("shifts", "shifts", "mean"),
    ("table_6_7", "any_measure", "share"),
    ("table_6_7", "measures_per_person", "mean"),
    ("timing", "continuous", "share"),
    ("timing", "late", "share"),
)
"""Table, key and measure of each line."""
ACTIVITY = ("table_6_7", "timing")


def side_by_side(
    context: Context, places: Sequence[tuple[str, str]], caption: str, corner: str = ""
) -> Table:
    """Show the main traits of areas and types, those that all of them have a figure for.

    places: (area, type), a column each.
    """
    known = context.released
    there = set(delivered(context, [key for _, key, _ in TRAITS]))
    rows: list[Row] = []
    for table, key, measure in TRAITS:
        cells = [known.cell(table, area, type_key, key, measure) for area, type_key in places]
        told = key in there and (context.measured or table not in ACTIVITY)
        if told and all(cell.status != "absent" for cell in cells):
            rows.append(context.row(trait_name(context, table, key), cells))
    note = context.steps(context.base("profile", *place) for place in places)
    return Table(caption, corner or context.texts("trait"), context.columns(places), rows, note)


def trait_name(context: Context, table: str, key: str) -> str:
    """Name a trait so that it is understood alone: with its group, or as a class of timing."""
    labels = context.labels
    if table == "profile":
        group, name = labels.trait(key)
        return f"{group}: {context.texts.inside(name)}" if group else name
    if key == "measures_per_person":
        return context.texts("measures_each")
    name = labels.row(table, key)
    return f"{context.texts('timing_short')}: {context.texts.inside(name)}" if table == "timing" else name
