"""The section of the publication: its figures beside the run's own, its claims, and what agreement proves."""

from __future__ import annotations

from typing import Any

import polars as pl

from veje.claims import CLAIM_VERDICTS, FAILS, HOLDS
from veje.labels import plain
from veje.names import ALL_TYPES
from veje.replication import AGREES, DIFFERS, MISPRINT, VERDICTS
from veje.report.blocks import Block, Field, Points, Row, Section, Table, Terms, Text
from veje.report.context import Context
from veje.report.contradictions import contradictions_table


def replication(context: Context) -> Section:
    """Show counts by table, figures that differ, printing errors, claims, and what all this proves."""
    t, compared = context.texts, context.comparison
    if compared.by_table.is_empty():
        return Section("replication", t("replication"))
    kind = "synthetic" if context.settings.synthetic else "real"
    blocks: list[Block] = [
        Text(t("replication_lead")),
        Points([figures_told(context), claims_told(context)]),
        Terms([(t("proves"), t(f"proves_{kind}")), (t("proves_not"), t(f"proves_not_{kind}"))]),
        counts_table(context),
        *(table for table in (differing_table(context), errors_table(context)) if table.rows),
        *(table for table in (lost_table(context), claims_table(context)) if table.rows),
        contradictions_table(context),
    ]
    return Section("replication", t("replication"), blocks)


def figures_told(context: Context) -> str:
    """Say how many of the printed figures agree."""
    counted, t = context.comparison.by_table, context.texts
    sums = {name: int(counted[name].sum()) for name in (*VERDICTS, "figures")}
    tried = sums[AGREES] + sums[DIFFERS]
    share = t.number(100 * sums[AGREES] / tried, 1) if tried else t("none")
    told = {name: t.number(number) for name, number in sums.items()}
    return t("replication_told", share=share, tried=t.number(tried), **told)


def claims_told(context: Context) -> str:
    """Say how many of the study's claims in words hold, here and by its own tables."""
    claims, t = context.comparison.claims, context.texts
    counts = {one: t.number(claims.filter(verdict=one).height) for one in CLAIM_VERDICTS}
    by_print = t.number(claims.filter(verdict_in_print=FAILS).height)
    return t("claims_told", number=t.number(claims.height), by_print=by_print, **counts)


def counts_table(context: Context) -> Table:
    """Show the verdicts counted by table, all tables together last."""
    t, counted = context.texts, context.comparison.by_table
    rows = [counts_row(context, printed_table(context, row["table"]), row) for row in counted.to_dicts()]
    sums = {name: int(counted[name].sum()) for name in (*VERDICTS, "figures")}
    tried = sums[AGREES] + sums[DIFFERS]
    share = 100 * sums[AGREES] / tried if tried else None
    rows.append(counts_row(context, t("all_tables"), {**sums, "share_agreeing": share}, strong=True))
    heads = [*(t(f"verdict_{name}") for name in VERDICTS), t("printed_figures"), t("share_agreeing")]
    return Table(t("replication_counts"), t("table"), heads, rows, t("replication_counts_note"))


def counts_row(context: Context, head: str, row: dict[str, Any], strong: bool = False) -> Row:
    """Make a row of counts with the share that agrees."""
    fields = [Field(context.texts.number(row[name]), "number") for name in (*VERDICTS, "figures")]
    return Row(head, [*fields, number_field(context, row["share_agreeing"], 1)], strong)


def differing_table(context: Context) -> Table:
    """List the figures that differ, by table."""
    t = context.texts
    rows, opened = [], ""
    for row in context.comparison.figures.filter(verdict=DIFFERS).iter_rows(named=True):
        digits = 0 if row["measure"] in ("count", "presence") else 1
        numbers = [number_field(context, row[name], digits) for name in ("compared", "reproduced")]
        numbers += [number_field(context, row[name], 1) for name in ("difference", "tolerance")]
        places = [Field(context.labels.area(row["area"])), type_field(context, row["type_key"])]
        group = "" if row["table"] == opened else printed_table(context, row["table"])
        rows.append(Row(with_unit(context, row), [*places, *numbers], group=group))
        opened = row["table"]
    heads = [t(name) for name in ("area", "type", "printed", "this_run", "difference", "tolerance")]
    note = t("differing_note")
    return Table(t("differing"), t("row"), heads, rows, note)


def errors_table(context: Context) -> Table:
    """List the publication's errors that concern figures, and how each is treated."""
    t, compared = context.texts, context.comparison
    concerned = compared.figures.filter(pl.col("inconsistency") != "")
    rows = []
    for number, figures in concerned.group_by("inconsistency", maintain_order=True):
        told = compared.register.filter(id=number[0]).row(0, named=True)
        parts = [f"{told[f'location_{i}']}: {told[f'printed_{i}']}" for i in (1, 2) if told[f"location_{i}"]]
        lost = figures.filter(verdict=MISPRINT).height
        treated = t("not_compared" if lost else "compared_right")
        texts = ["; ".join(parts), told["likely_correct"] or "–", told["note"] or "–"]
        fields = [Field(text, "text", language="en") for text in texts]
        rows.append(Row(str(number[0]), [*fields, Field(t.number(figures.height), "number"), Field(treated)]))
    heads = [t(name) for name in ("printed", "likely_right", "explanation", "printed_figures", "treated")]
    return Table(t("errors"), t("entry"), heads, sorted(rows, key=lambda row: row.head), t("errors_note"))


def lost_table(context: Context) -> Table:
    """List the claims that hold by the printed tables and not in this run."""
    lost = context.comparison.claims.filter(verdict=FAILS, verdict_in_print=HOLDS)
    return claims_listed(context, context.texts("claims_lost"), lost)


def claims_table(context: Context) -> Table:
    """List all claims."""
    t = context.texts
    return claims_listed(context, t("claims_all"), context.comparison.claims, t("claims_note"))


def claims_listed(context: Context, caption: str, claims: pl.DataFrame, note: str = "") -> Table:
    """List claims with what is claimed, what the printed tables and this run give, and the verdicts."""
    t = context.texts
    rows = []
    for row in claims.iter_rows(named=True):
        places = [context.labels.area(area) for area in row["area"].split(";") if area not in ("", "all")]
        types = [context.labels.type(row["type_key"])] if row["type_key"] not in ("", ALL_TYPES) else []
        fields = [
            Field(", ".join([*places, *types]) or "–"),
            Field(claimed(context, row), "text"),
            given(context, row, "printed", "verdict_in_print"),
            given(context, row, "reproduced", "verdict"),
            Field(t(f"claim_{row['verdict_in_print']}")),
            Field(t(f"claim_{row['verdict']}")),
        ]
        rows.append(Row(context.labels.of("claims", row["key"]), fields))
    heads = ["where", "claimed", "by_print", "this_run", "in_print", "here"]
    return Table(caption, t("claim"), [t(f"claims_{name}") for name in heads], rows, note)


def claimed(context: Context, row: dict[str, Any]) -> str:
    """Write what is claimed: a number with its qualifier and unit, or that something is so."""
    if row["qualifier"] == "flag":
        return context.texts("yes")
    digits = 0 if row["claimed"] == int(row["claimed"]) else 1
    unit = context.texts(f"claim_unit_{row['unit']}")
    number = context.texts.number(row["claimed"], digits)
    return context.texts(f"claim_{row['qualifier']}", number=f"{number} {unit}".strip())


def given(context: Context, row: dict[str, Any], name: str, verdict: str) -> Field:
    """Write the figure that a claim comes to; of something that is so or not, a word."""
    if row[name] is None:
        return Field("–", "absent", context.texts("claims_absent"))
    if row["qualifier"] == "flag":
        return Field(context.texts("yes" if row[verdict] == HOLDS else "no"), "text")
    whole = row["unit"] in ("persons", "measures", "types")
    return Field(context.texts.number(row[name], 0 if whole else 1), "number")


def number_field(context: Context, value: float | None, digits: int) -> Field:
    """Write a number, or a dash when there is none."""
    if value is None:
        return Field("–", "absent", context.texts("absent_tip"))
    return Field(context.texts.number(value, digits), "number")


def type_field(context: Context, type_key: str) -> Field:
    """Name a type, or leave the field empty for all of them."""
    return Field(context.labels.type(type_key) if type_key not in ("", ALL_TYPES) else "–")


def with_unit(context: Context, row: dict[str, Any]) -> str:
    """Name a printed row with its unit, unless the name ends with it already."""
    name, unit = row_label(context, row), context.labels.of("units", row["unit"])
    return name if name.lower().endswith(unit.lower()) else f"{name}, {unit}"


def row_label(context: Context, row: dict[str, Any]) -> str:
    """Name a printed row: as the report does, else in Danish as it is printed."""
    found = context.labels.find_row(row["table"], row["key"])
    if found is None and context.texts.language == "da":
        printed = context.comparison.labels.filter(table=row["table"], key=row["key"])
        found = printed["label_da"][0] if printed.height else None
    return found or plain(row["key"])


def printed_table(context: Context, table: str) -> str:
    """Name a printed table by its number."""
    kind, _, number = table.partition("_")
    return context.texts(f"printed_{kind}", number=number.replace("_", "."))
