"""The section on what is withheld, and why."""

from __future__ import annotations

from veje.report.blocks import Block, Field, Row, Section, Table, Text
from veje.report.context import Context


def disclosure(context: Context) -> Section:
    """Say what is withheld and why, with counts for each table."""
    t, rules = context.texts, context.settings.disclosure
    counts = context.released.withheld()
    rows = [
        Row(
            context.labels.title(row["table"]),
            [
                Field(row["table"], "code"),
                Field(t.number(row["figures"]), "number"),
                Field(t.number(row["withheld"]), "number"),
            ],
        )
        for row in counts.to_dicts()
    ]
    total = counts.select("figures", "withheld").sum().row(0)
    rows.append(Row(t("in_all"), [Field(""), *[Field(t.number(n), "number") for n in total]], strong=True))
    blocks: list[Block] = [
        Text(t("disclosure_lead", n=rules.threshold, base=rules.rounding)),
        Text(audited(context)),
        Text(t("owners_rule", rule=rules.rule)),
        Table(t("withheld_title"), t("table"), [t("file"), t("figures"), t("withheld")], rows),
    ]
    return Section("disclosure", t("disclosure"), blocks)


def audited(context: Context) -> str:
    """Tell in numbers what the audit found, and what it cost."""
    found, t = context.audit, context.texts
    return t(
        "disclosure_audit",
        n=context.settings.disclosure.threshold,
        protected=t.number(found["protected_counts"]),
        before=t.number(found["too_narrow_before_repair"]),
        left=t.number(found["too_narrow"]),
        besides=t.number(found["figures_withheld_by_audit"]),
        figures=t.number(found["figures"]),
        percent=t.number(found["percent_of_persons_in_withheld_figures"], 1),
    )
