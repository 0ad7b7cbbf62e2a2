"""The sections of method: definitions with this run's thresholds, every setting, and what is withheld."""

from __future__ import annotations

from typing import Any

from veje.report.blocks import Block, Field, Row, Section, Table, Terms, Text
from veje.report.context import Context
from veje.report.texts import readable
from veje.settings import Section as SettingsSection
from veje.settings import Settings, sections

TERMS = ("cohort", "week", "window", "state", "distance", "cluster", "type", "timing", "measure")


def method(context: Context) -> Section:
    """Show the definitions, the states, the costs and every setting."""
    t = context.texts
    values = _values(context)
    terms = [(t(f"term_{name}"), t(f"define_{name}", **values)) for name in TERMS]
    blocks: list[Block] = [Text(t("method_lead")), Terms(terms), states_table(context)]
    blocks += costs_blocks(context)
    blocks.append(settings_table(context))
    return Section("method", t("method"), blocks)


def _values(context: Context) -> dict[str, object]:
    """Give the thresholds of this run that definitions name."""
    s, t = context.settings, context.texts
    number = "number_auto" if s.clusters.k == "auto" else "number_fixed"
    return {
        "first": t.date(s.cohort.from_),
        "last": t.date(s.cohort.to),
        "quarters": s.window.quarters,
        "anchor": t(f"anchor_{s.window.anchor}"),
        "min_weeks": s.sequences.min_weeks,
        "tie": t(f"tie_{s.sequences.tie}"),
        "method": s.distances.method,
        "costs": s.distances.costs,
        "ward": s.clusters.ward,
        "k_min": s.clusters.k_min,
        "k_max": s.clusters.k_max,
        "number": t(number, k=s.clusters.k, criterion=s.clusters.criterion),
        "named": t("named_by_reference" if s.typology.reference else "named_by_states"),
        "share": t.number(100 * s.timing.concentration),
        "run": s.timing.passive_run,
        "begin": s.timing.continuous_from,
        "end": s.timing.continuous_to,
        "gap": s.timing.continuous_gap,
        "days": s.timing.gap_days,
    }


def states_table(context: Context) -> Table:
    """Show the alphabet: the states in order with their colours and keys."""
    t = context.texts
    rows = [
        Row(context.labels.state(state), [Field(state, "code")], colour=colour)
        for state, colour in zip(context.alphabet.states, context.alphabet.colours, strict=True)
    ]
    return Table(t("states"), t("state"), [t("key")], rows)


def costs_blocks(context: Context) -> list[Block]:
    """Show substitution costs to one decimal, between states that enough persons hold in every quarter."""
    t = context.texts
    if context.costs.height == 0:
        return [Text(t("no_costs"), "missing")]
    shown = [state for state in context.alphabet.states if _well_held(context, state)]
    if len(shown) < 2 or not _coarse_enough(context):
        return [Text(t("costs_withheld"), "missing")]
    known = {(row["from"], row["to"]): row["cost"] for row in context.costs.to_dicts()}
    rows = []
    for state in shown:
        fields = [Field(t.number(known.get((state, other), 0.0), 1), "number") for other in shown]
        colour = context.alphabet.colours[context.alphabet.code(state)]
        rows.append(Row(context.labels.state_short(state), fields, colour=colour))
    indel = t.number(float(context.costs["indel"].max() or 0.0), 1)  # type: ignore[arg-type]
    heads = [context.labels.state_short(state) for state in shown]
    note = t("costs_note", indel=indel, n=context.settings.disclosure.threshold)
    return [Table(t("costs_title"), t("state"), heads, rows, note)]


def _well_held(context: Context, state: str) -> bool:
    """Tell whether the release shows the state in every quarter: then enough persons hold it throughout."""
    known = context.released
    cells = [
        known.cell("state_distribution", known.pooled, "", f"q{q:02d}_{state}", "share")
        for q in range(1, known.last_quarter() + 1)
    ]
    return bool(cells) and all(cell.status == "published" for cell in cells)


def _coarse_enough(context: Context) -> bool:
    """Tell whether one decimal hides fewer shifts than the threshold.

    A shown cost moves from 2.0 when the two transition rates add up to 0.05; a state that at least
    `threshold` persons hold in each of Q quarters has (Q - 1) x threshold steps below its rate, so
    that this takes more than threshold - 1 shifts when (Q - 1) x 0.05 x threshold > threshold - 1.
    """
    threshold = context.settings.disclosure.threshold
    steps = max(context.released.last_quarter() - 1, 0) * threshold
    return context.settings.distances.costs == "CONSTANT" or 0.05 * steps > threshold - 1


def settings_table(context: Context) -> Table:
    """Show every setting with its value, unit and meaning, a group of rows for each section."""
    t = context.texts
    rows: list[Row] = []
    models: dict[str, type[SettingsSection]] = {"": Settings, **sections(Settings)}
    for name, model in models.items():
        values = getattr(context.settings, name) if name else context.settings
        opened = name or t("whole")
        for key, field in model.model_fields.items():
            shown = field.alias or key
            if not name and (shown in sections(model) or key == "results"):
                continue
            meaning, own = t.meaning(f"{name}.{shown}".strip("."), field.description or "")
            extra: Any = field.json_schema_extra or {}
            told = [
                Field(_value(getattr(values, key), t)),
                Field(t.unit(str(extra.get("unit", "")))),
                Field(meaning, language="" if own else "en"),
            ]
            rows.append(Row(shown, told, group=opened))
            opened = ""
    heads = [t("value"), t("unit"), t("meaning")]
    return Table(t("settings_title"), t("setting"), heads, rows, texts=True)


def _value(value: Any, texts: Any) -> str:
    """Write a value; a register is told by its files' names."""
    return readable(getattr(value, "files", value), texts)


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
        Text(t("disclosure_lead", n=rules.threshold, most=rules.threshold - 1, base=rules.rounding)),
        Text(t("owners_rule", rule=rules.rule)),
        Table(t("withheld_title"), t("table"), [t("file"), t("figures"), t("withheld")], rows),
    ]
    return Section("disclosure", t("disclosure"), blocks)
