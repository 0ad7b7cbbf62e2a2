"""The sections of tables shown as they stand: applications, other citizens, and those without a place."""

from __future__ import annotations

from collections.abc import Mapping

from veje.names import EXPECTED, NOT_GRANTED, OTHER_TYPES, TYPE_TABLES
from veje.report.blocks import Block, Row, Section, Table, Text
from veje.report.context import Context

COMPARED: Mapping[str, str | None] = {
    **dict.fromkeys(("table_4_1", "table_5_1", "table_5_2", "table_5_3", "table_5_4", "table_6_1")),
    "table_6_2": "udda",
    "table_6_3": None,
    "table_6_5": "lmdb",
    "figure_6_1": "lmdb",
    "bilag_2": "lmdb",
    "table_6_6": "parents",
}
"""Tables of applications and of persons beside other citizens, and the register that tells them all."""
LISTED = 150
"""Rows that a table without a place may have in the page."""
PLACED = frozenset(
    {
        *("flow", "measure_flow", "table_7_1", "table_7_2", "bilag_1", "table_6_4", "state_distribution"),
        *("shifts", "table_6_7", "table_6_8", *TYPE_TABLES.values(), OTHER_TYPES),
        *("timing", "timing_quarters", "timing_grid", "timing_clusters", "timing_agreement"),
        *("timing_by_kind", "timing_class_kinds", "phases", "handovers"),
        *("profile", "quality", "clusters", "reading", "stability", "null_models", "discrepancy"),
        *("regression_tree", "indicators", "movers", "sensitivity", *COMPARED),
        *("regimes", "regime_types", "regime_profiles", "regime_matches", "regime_discrepancy"),
        *("flags", "flags_by_regime", "flag_variants", EXPECTED, NOT_GRANTED),
    }
)
"""Tables that have a place of their own in the page; all others are shown in a section for them."""


def compared(context: Context) -> Section:
    """Show the applications, and the persons beside other citizens, regions and the country."""
    registers, there = context.settings.registers, context.released
    told = [
        table
        for table, name in COMPARED.items()
        if there.has(table) and (name is None or getattr(registers, name) is not None)
    ]
    lead: list[Block] = [Text(context.texts("compared_lead"))] if told else []
    return Section(
        "compared",
        context.texts("compared"),
        [*lead, *(other_table(context, table) for table in told)],
    )


def others(context: Context) -> Section:
    """Show every released table that has no place of its own, so that none is left out."""
    tables = [table for table in context.released.tables() if table not in PLACED]
    return Section("others", context.texts("others"), [shown_or_named(context, table) for table in tables])


def shown_or_named(context: Context, table: str) -> Table | Text:
    """Show a table as it stands; name the file of one that is too long for anybody to read in a page."""
    made = other_table(context, table)
    if len(made.rows) <= LISTED:
        return made
    n = context.texts.number(len(made.rows))
    return Text(context.texts("in_file", title=made.caption, n=n, file=f"{table}.csv"))


def other_table(context: Context, table: str) -> Table:
    """Show a table as it stands: its areas as columns, its types as groups of rows."""
    known, labels = context.released, context.labels
    frame = known.frame.filter(table=table)
    areas = [area for area in (*known.areas, *known.compared) if area in set(frame["area"])]
    rows: list[Row] = []
    opened = ""
    many = frame["base"].n_unique() > 1
    for type_key, key, measure, unit, base in (
        frame.select("type_key", "key", "measure", "unit", "base").unique(maintain_order=True).iter_rows()
    ):
        cells = [known.cell(table, area, type_key, key, measure, base) for area in areas]
        name = f"{labels.row(table, key)}, {labels.of('units', unit)}"
        name += f" ({labels.of('bases', base)})" if many else ""
        group = labels.type(type_key) if type_key and type_key != opened else ""
        rows.append(Row(name, [context.texts.cell(cell) for cell in cells], group=group))
        opened = type_key
    heads = [labels.area(area) for area in areas]
    return Table(labels.title(table), context.texts("row"), heads, rows, labels.note(table))
