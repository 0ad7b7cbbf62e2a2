"""The section of the reading: rows of each register, rows kept aside by rule, and unknown codes."""

from __future__ import annotations

from veje.names import RULES
from veje.report.blocks import Block, Row, Section, Table, Text
from veje.report.context import Context

CODES = (
    "dream/weeks",
    "dream/unknown_week_codes",
    "dream/uncertain_week_codes",
    "dream/blank_present",
    "dream/blank_absent",
    "dream/blank_unknown",
    "amfo/unknown_measure_codes",
)


def reading(context: Context) -> Section:
    """Show what was read of the deliveries, and what could not be."""
    t = context.texts
    blocks: list[Block] = [Text(t("reading_lead", base=context.settings.disclosure.rounding))]
    blocks += [rules_table(context), codes_table(context)]
    return Section("reading", t("reading"), context.need("reading", blocks))


def rules_table(context: Context) -> Table:
    """Show the rows read of each register, and those kept aside, a row for each rule."""
    t, known, labels = context.texts, context.released, context.labels
    split = [key.split("/") for key in known.keys("reading") if key not in CODES]
    registers = labels.ordered("registers", {register for register, _ in split})
    found = {rule for _, rule in split} - {"rows"}
    rules = ["rows", *(rule for rule in RULES if rule in found), *sorted(found - set(RULES))]
    rows = []
    for rule in rules:
        cells = [known.cell("reading", known.pooled, "", f"{one}/{rule}", "count") for one in registers]
        made = context.row(labels.of("rules", rule), cells)
        rows.append(Row(made.head, made.fields, strong=rule == "rows"))
    heads = [labels.of("registers", one) for one in registers]
    return Table(labels.title("reading"), t("rule"), heads, rows, labels.note("reading"))


def codes_table(context: Context) -> Table:
    """Show how many weekly codes and measure codes no list knows, or only a line of low confidence."""
    t, known, labels = context.texts, context.released, context.labels
    rows = []
    there = set(known.keys("reading"))
    for key in [one for one in CODES if one in there and (context.measured or not one.startswith("amfo/"))]:
        cell = known.cell("reading", known.pooled, "", key, "count")
        name = labels.row("reading", key)
        rows.append(context.row(f"{name}, {labels.of('units', cell.unit)}", [cell]))
    return Table(t("codes_read"), t("row"), [t("number")], rows, t("codes_read_note"))
