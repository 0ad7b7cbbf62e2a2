"""The section of the reading: rows of each register, rows kept aside by rule, and unknown codes."""

from __future__ import annotations

from collections.abc import Mapping

from veje.names import RULES, SPELL_RULES
from veje.report.blocks import Block, Row, Section, Table, Text
from veje.report.context import Context

CODES = (
    "dream/weeks",
    "dream/unknown_week_codes",
    "dream/outside_validity_week_codes",
    "dream/uncertain_week_codes",
    "dream/blank_present",
    "dream/blank_absent",
    "dream/blank_unknown",
    "amfo/unknown_measure_codes",
    "offl/unknown_measure_codes",
)
SPELLS = tuple(f"spells/{rule}" for rule in SPELL_RULES)
CHANGE = ("left_to_offl", "left_to_amfo", "across_change")
"""Rules that two registers of measures need."""


def reading(context: Context) -> Section:
    """Show what was read of the deliveries, and what could not be."""
    t = context.texts
    blocks: list[Block] = [Text(t("reading_lead", base=context.settings.disclosure.rounding))]
    blocks += [rules_table(context), codes_table(context)]
    if context.measured:
        blocks.append(spells_table(context))
    return Section("reading", t("reading"), context.need("reading", blocks))


def rules_table(context: Context) -> Table:
    """Show the rows read of each register, and those kept aside, a row for each rule."""
    t, known, labels = context.texts, context.released, context.labels
    split = [key.split("/") for key in known.keys("reading") if key not in (*CODES, *SPELLS)]
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
    given = context.settings.registers
    gone = [f"{name}/" for name, one in (("amfo", given.amfo), ("offl", given.offl)) if one is None]
    t = context.texts
    there = set(context.released.keys("reading"))
    keys = [key for key in CODES if key in there and not key.startswith(tuple(gone))]
    rows = _rows(context, {key: context.labels.row("reading", key) for key in keys})
    return Table(t("codes_read"), t("row"), [t("number")], rows, t("codes_read_note"))


def spells_table(context: Context) -> Table:
    """Show how many records of measures were joined or cut, by rule."""
    t, given = context.texts, context.settings.registers
    one = given.amfo is None or given.offl is None
    rules = [rule for rule in SPELL_RULES if not (one and rule in CHANGE)]
    rows = _rows(context, {f"spells/{rule}": context.labels.of("rules", rule) for rule in rules})
    return Table(t("spells_joined"), t("row"), [t("number")], rows, t("spells_joined_note"))


def _rows(context: Context, names: Mapping[str, str]) -> list[Row]:
    """Show figures of the reading, a row each, with their units; names: what each key is called."""
    known, labels = context.released, context.labels
    rows = []
    for key, name in names.items():
        cell = known.cell("reading", known.pooled, "", key, "count")
        rows.append(context.row(f"{name}, {labels.of('units', cell.unit)}", [cell]))
    return rows
