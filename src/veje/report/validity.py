"""The section of the typology's checks: is it stable, is it more than chance, and what explains it?"""

from __future__ import annotations

from collections.abc import Sequence

from veje.names import INDICATORS, WITHHELD
from veje.report.blocks import Block, Field, Row, Section, Table, Text
from veje.report.context import Context

BAND = ("mean", "low", "high")
NULL = ("observed", "mean", "low", "high", "standardised", "p")
SHOWN = ("PBC", "R2", "HC")
"""Indices that are shown beside the run's criteria."""
EXPLAINED = ("pseudo_R2", "pseudo_F", "pseudo_F.p", "levene", "levene.p", "beside_R2", "beside_F.p")


def validation(context: Context) -> Section:
    """Show stability, null models, what explains the paths, indicators by type, and who moves."""
    t, known = context.texts, context.released
    makers = {
        "stability": (stability_table, clusters_table, choices_table),
        "null_models": (null_table,),
        "discrepancy": (discrepancy_table,),
        "regression_tree": (tree_table,),
        "indicators": (indicators_table,),
        "movers": (agreement_table, *(lambda c, at=area: moved_table(c, at) for area in known.local())),
    }
    blocks: list[Block] = [Text(t("validation_lead"))]
    for table, makes in makers.items():
        made = [make(context) for make in makes] if known.has(table) else []
        blocks += context.need(table, [one for one in made if one.rows])
    return Section("validation", t("validation"), blocks)


def stability_table(context: Context) -> Table:
    """Show each area's agreement over bootstrap samples."""
    rows = [
        Row(context.labels.area(area), _fields(context, "stability", area, "adjusted_rand", BAND))
        for area in context.released.areas
        if context.released.cell("stability", area, "", "adjusted_rand.mean", "index").status != "absent"
    ]
    title = context.labels.title("stability")
    heads = _parts(context, BAND)
    return Table(title, context.texts("area"), heads, rows, context.labels.note("stability"))


def clusters_table(context: Context) -> Table:
    """Show the Jaccard index of each pooled cluster over bootstrap samples, with the type it is named as."""
    known, labels, pooled = context.released, context.labels, context.released.pooled
    named = known.frame.filter(table="clusters", area=pooled, measure="count").select("key", "type_key")
    parts = (*BAND, "recovered")
    rows = []
    for key, type_key in sorted(named.iter_rows(), key=lambda pair: int(pair[0].rsplit("_", 1)[1])):
        if known.cell("stability", pooled, "", f"{key}.mean", "index").status == "absent":
            continue
        name = Field(labels.type(type_key))
        size = context.texts.cell(known.cell("clusters", pooled, type_key, key, "count"))
        fields = _fields(context, "stability", pooled, key, parts)
        hidden = type_key == WITHHELD
        rows.append(
            Row(labels.row("clusters", key), [name, size, *([size] * len(parts) if hidden else fields)])
        )
    heads = [context.texts("named_as"), labels.of("rows", "total"), *_parts(context, parts)]
    return Table(context.texts("stable_clusters"), context.texts("cluster"), heads, rows)


def choices_table(context: Context) -> Table:
    """Show how far the pooled clusters move with orders, ties, and other costs."""
    known = context.released
    keys = dict.fromkeys(key.split(".")[0] for key in known.keys("stability"))
    moved = [key for key in keys if not key.startswith(("cluster_", "adjusted_rand"))]
    order = sorted(moved, key=lambda key: (key.startswith("choice_"), key))
    rows = [
        Row(
            context.labels.row("stability", f"{key}.mean").rsplit(":", 1)[0],
            _fields(context, "stability", known.pooled, key, BAND),
        )
        for key in order
    ]
    note = context.texts("choices_note")
    return Table(context.texts("choices_title"), context.texts("row"), _parts(context, BAND), rows, note)


def null_table(context: Context) -> Table:
    """Show the pooled clusters' quality beside that of random sequences, by null model."""
    known, labels = context.released, context.labels
    split = [key.split(".") for key in known.keys("null_models")]
    models = labels.ordered("null_models", {model for _, model, _ in split})
    wanted = dict.fromkeys([*context.settings.clusters.criteria, *SHOWN])
    rows: list[Row] = []
    for model in models:
        heads = sorted({head for head, of, _ in split if of == model})
        chosen = [head for index in wanted for head in heads if head.split("_", 1)[1] == index]
        for at, head in enumerate(chosen):
            cells = [
                known.cell("null_models", known.pooled, "", f"{head}.{model}.{p}", "index") for p in NULL
            ]
            group = "" if at else labels.of("null_models", model)
            fields = [context.texts.cell(cell) for cell in cells]
            rows.append(Row(labels.row("quality", head), fields, group=group))
    title, sets = labels.title("null_models"), context.settings.validation.null_replications
    least = context.texts("null_least", n=sets, p=context.texts.number(1 / (sets + 1), 3))
    note = f"{labels.note('null_models')} {least}"
    return Table(title, context.texts("index"), _parts(context, NULL), rows, note)


def discrepancy_table(context: Context) -> Table:
    """Show what each covariate explains, alone and beside the others."""
    known, labels = context.released, context.labels
    found = {key.split(".")[0] for key in known.keys("discrepancy")}
    rows = [
        Row(
            labels.of("covariates", name),
            _fields(context, "discrepancy", known.pooled, name, EXPLAINED),
            name == "all",
        )
        for name in labels.ordered("covariates", found - {"all"}) + sorted(found & {"all"})
    ]
    heads = ["p" if one.endswith(".p") else labels.of("statistics", one) for one in EXPLAINED]
    title, note = labels.title("discrepancy"), labels.note("discrepancy")
    return Table(title, context.texts("covariate"), heads, rows, note)


def tree_table(context: Context) -> Table:
    """Show the nodes of the regression tree, each below the one that it divides."""
    known, labels, pooled = context.released, context.labels, context.released.pooled
    rows = []
    for way in sorted(known.keys("regression_tree")):
        counted = known.cell("regression_tree", pooled, "", way, "count")
        share = known.cell("regression_tree", pooled, "", way, "index")
        fields = [context.texts.cell(counted), context.texts.cell(share)]
        depth, last = way.count("/"), way.rsplit("/", 1)[-1]
        name = labels.row("regression_tree", way if way == "all" else f"all/{last}")
        rows.append(Row("› " * depth + name, fields, way == "all"))
    heads = [labels.of("rows", "total"), context.texts("division_explains")]
    title, note = labels.title("regression_tree"), labels.note("regression_tree")
    return Table(title, context.texts("part"), heads, rows, note, ordered=True)


def indicators_table(context: Context) -> Table:
    """Show the mean of every indicator by pooled type."""
    rows = [(context.labels.row("indicators", key), "", key, "index") for key in INDICATORS]
    return context.cross("indicators", rows, context.pooled_types(), corner=context.texts("indicator"))


def agreement_table(context: Context) -> Table:
    """Show how far each municipality's own clusters agree with the pooled ones."""
    local = [(area, "") for area in context.released.local()]
    rows = [
        (context.labels.row("movers", "adjusted_rand"), "", "adjusted_rand", "index"),
        (context.labels.row("movers", "moved"), "", "moved", "share"),
    ]
    return context.cross("movers", rows, local, corner=context.texts("row"))


def moved_table(context: Context, area: str) -> Table:
    """Cross a municipality's persons by pooled type and by the type of its own cluster."""
    known, labels = context.released, context.labels
    own = [key for key in known.keys("movers") if key.startswith("to.")]
    pooled = [key for key in known.types() if _counted(context, area, key, own)]
    columns = [key for key in own if any(_counted(context, area, one, [key]) for one in pooled)]
    rows = [
        Row(
            labels.type(one),
            [
                context.texts.cell(known.cell("movers", area, one, key, "count"))
                for key in (*columns, "total")
            ],
        )
        for one in pooled
    ]
    heads = [labels.type(key.removeprefix("to.")) for key in columns] + [labels.of("rows", "total")]
    caption = context.texts("moved_in", area=labels.area(area))
    return Table(caption, context.texts("pooled_type"), heads, rows, context.texts("moved_note"), folded=True)


def _counted(context: Context, area: str, type_key: str, keys: Sequence[str]) -> bool:
    """Tell whether any of the figures of a pooled type is shown."""
    cells = [context.released.cell("movers", area, type_key, key, "count") for key in keys]
    return any(cell.value is not None for cell in cells)


def _fields(context: Context, table: str, area: str, key: str, parts: Sequence[str]) -> list[Field]:
    """Give the fields of one row: a statistic's parts."""
    cells = [context.released.cell(table, area, "", f"{key}.{part}", "index") for part in parts]
    return [context.texts.cell(cell) for cell in cells]


def _parts(context: Context, parts: Sequence[str]) -> list[str]:
    return [context.labels.of("parts", part) for part in parts]
