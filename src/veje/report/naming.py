"""The section of clusters: how good every number of clusters is, and how clusters became types."""

from __future__ import annotations

import math
from collections import Counter

from veje.criteria import best_numbers, choose_k
from veje.names import WITHHELD
from veje.report.blocks import Block, Field, Points, Row, Section, Table, Text
from veje.report.context import Context
from veje.report.far import far_clusters
from veje.report.pictures import picture
from veje.report.texts import readable


def naming(context: Context) -> Section:
    """Show the quality of every number of clusters, and the clusters with their names and merges."""
    t = context.texts
    taken = [number_told(context, area) for area in context.released.areas if _chosen(context, area)]
    blocks: list[Block] = [Text(t("naming_lead"))]
    if taken:
        blocks.append(Points(taken))
    blocks += context.need("quality", [picture(context, "quality")])
    blocks += [quality_table(context, area) for area in context.released.areas if _chosen(context, area)]
    blocks += context.need("clusters", [clusters_table(context)])
    return Section("naming", t("naming"), blocks)


def number_told(context: Context, area: str) -> str:
    """Say how an area's number of clusters came about, and which one the criterion would take."""
    t, rules, k = context.texts, context.settings.clusters, _chosen(context, area)
    told = {"area": context.labels.area(area), "k": k, "criterion": criterion_told(context)}
    if not fixed_number(context, area):
        text = "naming_auto" if k > 1 else "naming_whole"
        return t(text, smallest=rules.smallest, **told)
    table = _rated(context, area)
    rated = _values(table, rules.criteria)
    if k not in rated:
        return t("naming_fixed_only", **told)
    best, shown = choose_k(table, rules.criteria), t.index if len(rules.criteria) == 1 else t.number
    if best == k:
        return t("naming_fixed_best", value=shown(rated[k]), **told)
    values = {"best_value": shown(rated[best]), "value": shown(rated[k])}
    return t("naming_fixed", best=best, **values, **told)


def criterion_told(context: Context) -> str:
    """Name the index that numbers of clusters are chosen by, or the vote of several."""
    names = context.settings.clusters.criteria
    return names[0] if len(names) == 1 else context.texts("vote_of", names=context.texts.listing(names))


def fixed_number(context: Context, area: str) -> int | None:
    """Give the number of clusters that the settings fix for an area, None when it is chosen by quality."""
    rules = context.settings.clusters
    fixed = rules.k if area == context.released.pooled else rules.k_by_area.get(area, "auto")
    return fixed if isinstance(fixed, int) else None


def _rated(context: Context, area: str) -> dict[int, dict[str, float]]:
    """Give the criterion's indices for every number of clusters, NaN where there is no value."""
    known, names = context.released, context.settings.clusters.criteria
    numbers = sorted({int(key[1:].split("_")[0]) for key in known.keys("quality") if key != "chosen_k"})
    table: dict[int, dict[str, float]] = {}
    for k in numbers:
        values = {name: known.cell("quality", area, "", f"k{k:02d}_{name}", "index").value for name in names}
        table[k] = {name: math.nan if value is None else value for name, value in values.items()}
    return table


def _values(table: dict[int, dict[str, float]], names: list[str]) -> dict[int, float]:
    """Give what numbers of clusters are compared by: the index, or how many indices are best there."""
    if len(names) == 1:
        return {k: row[names[0]] for k, row in table.items() if not math.isnan(row[names[0]])}
    votes = Counter(best_numbers(table, names).values())
    return {k: float(votes[k]) for k in table} if votes else {}


def quality_table(context: Context, area: str) -> Table:
    """Show the quality indices of one area, a row for each number of clusters, the chosen one set apart."""
    known, labels, t = context.released, context.labels, context.texts
    split = [key.split("_", 1) for key in known.keys("quality") if key != "chosen_k"]
    names = labels.ordered("quality", {name for _, name in split})
    chosen = _chosen(context, area)
    rows = []
    for k in sorted({int(part[0][1:]) for part in split}):
        cells = [known.cell("quality", area, "", f"k{k:02d}_{name}", "index") for name in names]
        head = t("k_set" if fixed_number(context, area) else "k_chosen", k=k) if k == chosen else str(k)
        rows.append(Row(head, [t.cell(cell) for cell in cells], strong=k == chosen))
    caption = t("quality_of", area=labels.area(area))
    note = "; ".join(f"{name}: {labels.of('quality', name)}" for name in names)
    folded = area != known.pooled
    return Table(caption, t("clusters_number"), names, rows, note if not folded else "", folded)


def clusters_table(context: Context) -> Table:
    """Show each cluster with its persons, the type it is named as, the distance, and whether it is merged."""
    known, labels, t = context.released, context.labels, context.texts
    frame = known.frame.filter(table="clusters", measure="count")
    rows: list[Row] = []
    for area in known.areas:
        own = frame.filter(area=area).select("key", "type_key").rows()
        own.sort(key=lambda pair: int(pair[0].rsplit("_", 1)[1]))
        names = [type_key for _, type_key in own if type_key != WITHHELD]
        far = {one.key for one in far_clusters(context, area)}
        for at, (key, type_key) in enumerate(own):
            name = labels.type(type_key)
            size = t.cell(known.cell("clusters", area, type_key, key, "count"))
            merged = Field(t("yes") if names.count(type_key) > 1 else t("no"))
            fields = [
                Field(t("weak_name", type=name) if key in far else name),
                size,
                t.cell(known.cell("clusters", area, type_key, key, "index"), 1),
                size if type_key == WITHHELD else merged,
            ]
            rows.append(Row(labels.row("clusters", key), fields, group="" if at else labels.area(area)))
    heads = [t("named_as"), labels.of("rows", "persons"), labels.of("rows", "distance"), t("merged")]
    return Table(labels.title("clusters"), t("cluster"), heads, rows, _clusters_note(context))


def _clusters_note(context: Context) -> str:
    t, limit = context.texts, context.settings.typology.limit
    if not any(far_clusters(context, area) for area in context.released.areas):
        return t("clusters_note")
    return f"{t('clusters_note')} {t('weak_note', limit=readable(limit, t))}"


def _chosen(context: Context, area: str) -> int:
    value = context.released.cell("quality", area, "", "chosen_k", "index").value
    return int(value) if value is not None else 0
