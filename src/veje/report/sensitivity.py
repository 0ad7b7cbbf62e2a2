"""The section of the choices made otherwise: how far types move with them."""

from __future__ import annotations

from veje.names import COMPARED
from veje.report.blocks import Block, Row, Section, Table, Text
from veje.report.context import Context

TABLE = "sensitivity"


def sensitivity(context: Context) -> Section:
    """Show each variant's agreement with the run, distance of profiles, and sizes of types."""
    t = context.texts
    if not context.settings.sensitivity.variants:
        return Section(TABLE, t("sensitivity"))
    blocks: list[Block] = [
        Text(t("sensitivity_lead")),
        compared_table(context),
        areas_table(context),
        sizes_table(context),
    ]
    return Section(TABLE, t("sensitivity"), context.need(TABLE, blocks))


def variants_of(context: Context) -> list[str]:
    """List the variants in the order of the config, the run's own choices first."""
    return ["base", *context.settings.sensitivity.variants]


def compared_table(context: Context) -> Table:
    """Show what is compared with the run, pooled."""
    known, labels = context.released, context.labels
    shown = {key.partition(".")[2] for key in known.keys(TABLE)}
    keys = [key for key in COMPARED if key in shown]
    rows = [
        context.row(
            labels.of("variants", name),
            [known.cell(TABLE, known.pooled, "", f"{name}.{key}", "index") for key in keys],
        )
        for name in variants_of(context)
    ]
    heads = [labels.of("compared", key) for key in keys]
    return Table(labels.title(TABLE), context.texts("variant"), heads, rows, labels.note(TABLE))


def areas_table(context: Context) -> Table:
    """Show how far each municipality's own types agree with those of the run."""
    known, labels = context.released, context.labels
    areas = known.local()
    rows = [
        context.row(
            labels.of("variants", name),
            [known.cell(TABLE, area, "", f"{name}.adjusted_rand_types", "index") for area in areas],
        )
        for name in variants_of(context)
    ]
    heads = [labels.area(area) for area in areas]
    return Table(context.texts("sensitivity_by_area"), context.texts("variant"), heads, rows)


def sizes_table(context: Context) -> Table:
    """Show the persons of each pooled type."""
    known, labels = context.released, context.labels
    found = set(known.frame.filter(table=TABLE, measure="count")["type_key"])
    types = [key for key in known.types() if key in found] + sorted(found - set(known.types()))
    rows: list[Row] = [
        context.row(
            labels.of("variants", name),
            [known.cell(TABLE, known.pooled, key, f"{name}.persons", "count") for key in types],
        )
        for name in variants_of(context)
    ]
    heads = [labels.type(key) for key in types]
    return Table(context.texts("sensitivity_sizes"), context.texts("variant"), heads, rows)
