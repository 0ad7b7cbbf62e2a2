"""The sections of method: definitions with this run's thresholds, every setting, and what is withheld."""

from __future__ import annotations

from typing import Any

from veje.dissimilarity import WITH_COSTS, WITH_INDELS, Distances, Parameters
from veje.provenance import without_folders
from veje.report.blocks import Block, Field, Row, Section, Table, Terms, Text
from veje.report.context import Context
from veje.report.naming import criterion_told, fixed_number
from veje.report.texts import Texts, readable
from veje.settings import OPERATING, Clusters, Settings, sections
from veje.settings import Section as SettingsSection

TERMS = ("cohort", "week", "window", "state", "distance", "cluster", "type", "timing", "measure")


def method(context: Context) -> Section:
    """Show the definitions, the states, the costs and every setting that has an effect."""
    t = context.texts
    values = _values(context)
    told = [name for name in TERMS if context.measured or name not in ("timing", "measure")]
    terms = [(t(f"term_{name}"), t(f"define_{name}", **values)) for name in told]
    blocks: list[Block] = [Text(t("method_lead")), Terms(terms), states_table(context)]
    blocks += costs_blocks(context)
    blocks.append(settings_table(context))
    return Section("method", t("method"), blocks)


def _values(context: Context) -> dict[str, object]:
    """Give the thresholds of this run that definitions name."""
    s, t = context.settings, context.texts
    return {
        "first": t.date(s.cohort.from_),
        "last": t.date(s.cohort.to),
        "quarters": s.window.quarters,
        "anchor": t(f"anchor_{s.window.anchor}", weeks=s.window.weeks_per_quarter),
        "blank": context.blank_told(),
        "min_weeks": s.sequences.min_weeks,
        "tie": t(f"tie_{s.sequences.tie}"),
        **_distance(context),
        "clustered": t(f"clustered_{s.clusters.method}", ward=s.clusters.ward, **_samples(s.clusters, t)),
        "k_min": s.clusters.k_min,
        "k_max": s.clusters.k_max,
        "number": _number(context),
        "named": _named(context),
        "weeks": s.timing.active_weeks,
        "share": t.number(100 * s.timing.concentration),
        "run": s.timing.passive_run,
        "begin": s.timing.continuous_from,
        "end": s.timing.continuous_to,
        "gap": s.timing.continuous_gap,
        "days": s.timing.gap_days,
    }


def _samples(rules: Clusters, t: Texts) -> dict[str, str]:
    return {"samples": t.number(rules.samples), "sample_size": t.number(rules.sample_size)}


def _distance(context: Context) -> dict[str, str]:
    """Tell of the method and the costs that this run used, and of no others."""
    t, rules = context.texts, context.settings.distances
    costs = ""
    if rules.method in WITH_COSTS and rules.costs == "CONSTANT":
        price = 2.0 if rules.cval is None else rules.cval
        indel = price / 2 if rules.indel is None else rules.indel
        form = "indels" if rules.method in WITH_INDELS else "swaps"
        costs = t(f"costs_CONSTANT_{form}", cost=readable(price, t), indel=readable(indel, t))
    elif rules.method in WITH_COSTS:
        costs = t(f"costs_{rules.costs}")
    norm = t("normalised", norm=rules.norm) if rules.norm else ""
    return {"method": t(f"method_{rules.method}"), "costs": costs, "norm": norm}


def _number(context: Context) -> str:
    """Tell how the numbers of clusters came about: set for which areas, or chosen by quality."""
    t, rules = context.texts, context.settings.clusters
    areas = context.settings.cohort.areas
    fixed = [f"{context.labels.area(a)} {k}" for a in areas if (k := fixed_number(context, a))]
    text = "number_mixed" if fixed else "number_auto"
    if len(fixed) == len(areas):
        text = "number_fixed"
    return t(text, set=t.listing(fixed), criterion=criterion_told(context), smallest=rules.smallest)


def _named(context: Context) -> str:
    """Tell what clusters are named by."""
    t, rules = context.texts, context.settings.typology
    if rules.reference:
        return t("named_by_reference", limit=readable(rules.limit, t))
    return t("named_by_states", dominant=readable(rules.dominant_quarters, t))


def states_table(context: Context) -> Table:
    """Show the alphabet: the states in order with their colours and keys."""
    t = context.texts
    rows = [
        Row(context.labels.state(state), [Field(state, "code")], swatch=context.swatch(state))
        for state in context.alphabet.states
    ]
    return Table(t("states"), t("state"), [t("key")], rows)


def costs_blocks(context: Context) -> list[Block]:
    """Show substitution costs to one decimal, between states that enough persons hold in every quarter."""
    t = context.texts
    rules = context.settings.distances
    if rules.costs == "CONSTANT" or rules.method not in WITH_COSTS:
        return []
    if context.costs.height == 0:
        return [Text(t("no_costs"), "missing")]
    shown = [state for state in context.alphabet.states if _well_held(context, state)]
    if len(shown) < 2 or not _coarse_enough(context):
        return [Text(t("costs_withheld"), "missing")]
    known = {(row["from"], row["to"]): row["cost"] for row in context.costs.to_dicts()}
    rows = []
    for state in shown:
        fields = [Field(t.number(known.get((state, other), 0.0), 1), "number") for other in shown]
        rows.append(Row(context.labels.state_short(state), fields, swatch=context.swatch(state)))
    indel = ""
    if rules.method in WITH_INDELS:
        price = float(context.costs["indel"].max() or 0.0)  # type: ignore[arg-type]
        indel = t("costs_indel", indel=t.number(price, 1))
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
    return 0.05 * steps > threshold - 1


def settings_table(context: Context) -> Table:
    """Show every setting with its value, unit and meaning, a group of rows for each section."""
    t, unused = context.texts, _unused(context)
    rows: list[Row] = []
    inner = {name: model for name, model in sections(Settings).items() if name not in OPERATING}
    models: dict[str, type[SettingsSection]] = {"": Settings, **inner}
    for name, model in models.items():
        values = getattr(context.settings, name) if name else context.settings
        opened = name or t("whole")
        for key, field in model.model_fields.items():
            shown = field.alias or key
            if not name and (shown in sections(model) or key in OPERATING):
                continue
            if f"{name}.{shown}" in unused:
                continue
            meaning, own = t.meaning(f"{name}.{shown}".strip("."), field.description or "")
            extra: Any = field.json_schema_extra or {}
            told = [
                Field(_value(shown, getattr(values, key), t)),
                Field(t.unit(str(extra.get("unit", "")))),
                Field(meaning, language="" if own else "en"),
            ]
            rows.append(Row(shown, told, group=opened))
            opened = ""
    heads = [t("value"), t("unit"), t("meaning")]
    note = t("settings_unused", names=", ".join(sorted(unused))) if unused else ""
    return Table(t("settings_title"), t("setting"), heads, rows, note, texts=True)


def _unused(context: Context) -> set[str]:
    """List the settings that have no effect because of others."""
    s, registers = context.settings, context.settings.registers
    without = {
        "window.weeks_per_quarter": s.window.anchor != "grant_week",
        "sequences.priority": s.sequences.tie != "priority",
        **_unused_costs(s.distances),
        "clusters.ward": s.clusters.method != "ward",
        "clusters.samples": not s.clusters.sampled,
        "clusters.sample_size": not s.clusters.sampled,
        "typology.limit": not s.typology.reference,
        "typology.dominant_quarters": bool(s.typology.reference),
        "background.education_codes": registers.udda is None,
        "background.medicine_codes": registers.lmdb is None,
        "background.medicine_days": registers.lmdb is None,
        "background.income_groups": registers.ind is None,
        "background.unemployment_groups": registers.idap is None,
        "cohort.abroad": registers.migration is None,
        "timing.codes": registers.amfo is None,
        "timing.offl_codes": registers.offl is None,
        "timing.switches": registers.offl is None,
        "timing.offl_from": registers.offl is None or registers.amfo is None,
    }
    timing = [f"timing.{name}" for name in type(s.timing).model_fields] if not context.measured else []
    return {name for name, off in without.items() if off} | set(timing)


def _unused_costs(rules: Distances) -> dict[str, bool]:
    """Say which settings of distances have no effect with this method and these costs."""
    without = rules.method not in WITH_COSTS
    return {
        "distances.indel": rules.method not in WITH_INDELS,
        "distances.parameters": not rules.parameters.given(),
        "distances.costs": without,
        "distances.miss_cost": without,
        "distances.cval": without or rules.costs not in ("TRATE", "CONSTANT"),
        "distances.lag": without or rules.costs not in ("TRATE", "FUTURE"),
        "distances.features": without or rules.costs != "FEATURES",
        "distances.matrix": without or rules.costs != "OWN",
    }


def _value(key: str, value: Any, texts: Texts) -> str:
    """Write a value without folders; a register is told by its files' names."""
    if isinstance(value, Parameters):
        value = value.given()
    return readable(without_folders(getattr(value, "files", value), key), texts)
