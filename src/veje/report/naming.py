"""The section of clusters: how good every number of clusters is, and how clusters became types."""

from __future__ import annotations

from veje.report.blocks import Block, Field, Row, Section, Table, Text
from veje.report.context import Context


def naming(context: Context) -> Section:
    """Show the quality of every number of clusters, and the clusters with their names and merges."""
    t = context.texts
    taken = [
        f"{context.labels.area(area)} {k}" for area in context.released.areas if (k := _chosen(context, area))
    ]
    blocks: list[Block] = [Text(t("naming_lead"))]
    if taken:
        blocks.append(Text(t("naming_taken", taken=t.listing(taken))))
    blocks += context.need("quality", [context.picture("quality")])
    blocks += [quality_table(context, area) for area in context.released.areas if _chosen(context, area)]
    blocks += context.need("clusters", [clusters_table(context)])
    return Section("naming", t("naming"), blocks)


def quality_table(context: Context, area: str) -> Table:
    """Show the quality indices of one area, a row for each number of clusters, the chosen one set apart."""
    known, labels, t = context.released, context.labels, context.texts
    split = [key.split("_", 1) for key in known.keys("quality") if key != "chosen_k"]
    names = labels.ordered("quality", {name for _, name in split})
    chosen = _chosen(context, area)
    rows = []
    for k in sorted({int(part[0][1:]) for part in split}):
        cells = [known.cell("quality", area, "", f"k{k:02d}_{name}", "index") for name in names]
        head = t("k_chosen", k=k) if k == chosen else str(k)
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
        names = [type_key for _, type_key in own]
        for at, (key, type_key) in enumerate(own):
            fields = [
                Field(labels.type(type_key)),
                t.cell(known.cell("clusters", area, type_key, key, "count")),
                t.cell(known.cell("clusters", area, type_key, key, "index"), 1),
                Field(t("yes") if names.count(type_key) > 1 else t("no")),
            ]
            rows.append(Row(labels.row("clusters", key), fields, group="" if at else labels.area(area)))
    heads = [t("named_as"), labels.of("rows", "persons"), labels.of("rows", "distance"), t("merged")]
    return Table(labels.title("clusters"), t("cluster"), heads, rows, t("clusters_note"))


def _chosen(context: Context, area: str) -> int:
    value = context.released.cell("quality", area, "", "chosen_k", "index").value
    return int(value) if value is not None else 0
