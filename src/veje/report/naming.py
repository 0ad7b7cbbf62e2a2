"""The section of clusters: how good every number of clusters is, and how clusters became types."""

from __future__ import annotations

from dataclasses import dataclass

from veje.clusters.quality import LOWER_IS_BETTER
from veje.names import WITHHELD
from veje.report.blocks import Block, Field, Points, Row, Section, Table, Text
from veje.report.context import Context
from veje.report.texts import readable
from veje.typology import UNMATCHED


def naming(context: Context) -> Section:
    """Show the quality of every number of clusters, and the clusters with their names and merges."""
    t = context.texts
    taken = [number_told(context, area) for area in context.released.areas if _chosen(context, area)]
    blocks: list[Block] = [Text(t("naming_lead"))]
    if taken:
        blocks.append(Points(taken))
    blocks += context.need("quality", [context.picture("quality")])
    blocks += [quality_table(context, area) for area in context.released.areas if _chosen(context, area)]
    blocks += context.need("clusters", [clusters_table(context)])
    return Section("naming", t("naming"), blocks)


def number_told(context: Context, area: str) -> str:
    """Say how an area's number of clusters came about, and which one the criterion would take."""
    t, rules, k = context.texts, context.settings.clusters, _chosen(context, area)
    rated = _rated(context, area)
    told = {"area": context.labels.area(area), "k": k, "criterion": rules.criterion}
    if not fixed_number(context, area):
        text = "naming_auto" if k > 1 else "naming_whole"
        return t(text, smallest=rules.smallest, **told)
    if k not in rated:
        return t("naming_fixed_only", **told)
    sign = 1 if rules.criterion in LOWER_IS_BETTER else -1
    best = min(rated, key=lambda one: (sign * rated[one], one))
    if best == k:
        return t("naming_fixed_best", value=t.index(rated[k]), **told)
    values = {"best_value": t.index(rated[best]), "value": t.index(rated[k])}
    return t("naming_fixed", best=best, **values, **told)


def fixed_number(context: Context, area: str) -> int | None:
    """Give the number of clusters that the settings fix for an area, None when it is chosen by quality."""
    rules = context.settings.clusters
    fixed = rules.k if area == context.released.pooled else rules.k_by_area.get(area, "auto")
    return fixed if isinstance(fixed, int) else None


def _rated(context: Context, area: str) -> dict[int, float]:
    """Give the criterion's value for every number of clusters that has one."""
    known, end = context.released, f"_{context.settings.clusters.criterion}"
    cells = {
        int(key[1:].split("_")[0]): known.cell("quality", area, "", key, "index").value
        for key in known.keys("quality")
        if key.endswith(end)
    }
    return {k: value for k, value in sorted(cells.items()) if value is not None}


@dataclass(frozen=True)
class Far:
    """A cluster that is far from the type that it is named as."""

    key: str
    type_key: str
    distance: float


def far_clusters(context: Context, area: str) -> list[Far]:
    """List an area's clusters further from their reference profile than half of the limit."""
    rules, known = context.settings.typology, context.released
    found = [
        Far(key, type_key, known.value("clusters", area, type_key, key, "index"))
        for key, type_key in known.frame.filter(table="clusters", area=area, measure="index")
        .select("key", "type_key")
        .iter_rows()
        if type_key not in (UNMATCHED, WITHHELD)
    ]
    return [one for one in found if rules.reference and one.distance > rules.limit / 2]


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
