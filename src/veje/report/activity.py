"""The sections of activity: measures per person and by kind, and when they fall."""

from __future__ import annotations

from veje.names import BANDS, OTHER_TYPES, SCENARIOS, TYPE_TABLES
from veje.report.blocks import Block, Row, Section, Table, Text
from veje.report.context import Context
from veje.report.pictures import picture
from veje.report.results import flow_table


def measures(context: Context) -> Section:
    """Show measures per person, by kind, and by kind for each type: tables 6.7, 6.8, 7.3 to 7.7."""
    t, labels = context.texts, context.labels
    if not context.measured:
        return Section("measures", t("measures"))
    rows = [(labels.row("table_6_7", key), "", key, "share") for key in BANDS]
    rows += [
        (labels.row("table_6_7", "any_measure"), "", "any_measure", "share"),
        (labels.row("table_6_7", "measures_per_person"), "", "measures_per_person", "mean"),
        (labels.row("table_6_7", "total"), "", "total", "count"),
    ]
    blocks: list[Block] = [Text(t("measures_lead")), _two_counts(context)]
    blocks += context.need("measure_flow", [flow_table(context, "measure_flow")])
    blocks.append(context.cross("table_6_7", rows, context.all_areas(), corner=t("measures_each")))
    blocks += context.need(
        "table_6_8", [kinds_table(context, "table_6_8", "", t("kinds_of", type=t("all_persons")))]
    )
    for table in (*TYPE_TABLES.values(), OTHER_TYPES):
        here = set(context.released.frame.filter(table=table)["type_key"])
        for key in [one for one in context.released.types() if one in here]:
            caption = t("kinds_of", type=labels.type(key))
            blocks.append(kinds_table(context, table, key, caption))
    return Section("measures", t("measures"), context.need("table_6_7", blocks))


def kinds_table(context: Context, table: str, type_key: str, caption: str) -> Table:
    """Show the kinds of measures in each municipality, for one type or for all persons."""
    labels = context.labels
    keys = labels.ordered("kinds", set(context.released.keys(table)) - {"total"})
    rows = [(labels.row(table, key), type_key, key, "share") for key in keys]
    rows.append((labels.of("rows", "measures"), type_key, "total", "count"))
    columns = [
        (area, type_key)
        for area, _ in context.all_areas()
        if context.released.cell(table, area, type_key, "total", "count").status != "absent"
    ]
    return context.cross(table, rows, columns, caption, context.texts("kind"), note="")


def timing(context: Context) -> Section:
    """Show the classes of timing, by type, by municipality, and by type within each municipality."""
    t, labels = context.texts, context.labels
    if not context.measured:
        return Section("timing", t("timing"))
    rows = [(labels.row("timing", key), "", key, "share") for key in SCENARIOS]
    rows.append((labels.row("timing", "total"), "", "total", "count"))
    blocks: list[Block] = [
        Text(t("timing_lead")),
        _two_counts(context),
        picture(context, "timing_classes"),
        context.cross("timing", rows, context.pooled_types(), t("timing_by_type"), t("timing_class")),
        context.cross("timing", rows, context.all_areas(), t("timing_by_area"), t("timing_class")),
        own_types(context),
        picture(context, "timing_heat_map"),
    ]
    return Section("timing", t("timing"), context.need("timing", blocks))


def _two_counts(context: Context) -> Text:
    """Say that measures begun and activity are counted in two ways."""
    return Text(context.texts("two_counts", weeks=context.settings.timing.active_weeks), "note")


def own_types(context: Context) -> Table:
    """Show the classes of timing of each municipality's own types, a group of rows for each municipality."""
    known, labels = context.released, context.labels
    rows: list[Row] = []
    places = [(area, key) for area in known.local() for key in known.types(area)]
    for area in known.local():
        for at, key in enumerate(known.types(area)):
            cells = [known.cell("timing", area, key, name, "share") for name in SCENARIOS]
            cells.append(known.cell("timing", area, key, "total", "count"))
            plain = context.row(labels.type(key), cells)
            rows.append(Row(plain.head, plain.fields, group="" if at else labels.area(area)))
    heads = [f"{labels.row('timing', name)}, %" for name in SCENARIOS]
    heads.append(labels.of("rows", "persons"))
    title = context.texts("timing_by_both")
    note = f"{labels.note('timing')} {context.steps(context.base('timing', *place) for place in places)}"
    return Table(title, context.texts("type"), heads, rows, note.strip())
