"""The section of timing in depth: thresholds moved, activity clustered, kinds, phases, and claims."""

from __future__ import annotations

from veje.names import PASSIVE, SCENARIOS
from veje.report.blocks import Block, Field, Row, Section, Table, Text
from veje.report.context import Context
from veje.timing_claims import FAILS, HOLDS, TOO_CLOSE, UNKNOWN

MARKS = ("contact", "clarification", "earlier_decision")
AGREEMENT = "timing_agreement"
SHOWN = tuple(one for one in SCENARIOS if one != "none")


def timing_depth(context: Context) -> Section:
    """Show the grid, the clusters, kinds and classes, markers of the phases, handovers and claims."""
    t, known = context.texts, context.released
    if not context.measured or not known.has("phases"):
        return Section("timing_depth", t("timing_depth"))
    blocks: list[Block] = [Text(t("depth_lead"))]
    blocks += [grid_table(context)] if known.has("timing_grid") else []
    blocks += [*clusters_table(context), *kinds_tables(context)]
    blocks += [Text(t("depth_phases")), phases_table(context), handovers_table(context), *_trap(context)]
    blocks += claims_blocks(context)
    return Section("timing_depth", t("timing_depth"), blocks)


def grid_table(context: Context) -> Table:
    """Show the classes' pooled shares under each value of each threshold, a group for each threshold."""
    known, labels = context.released, context.labels
    points = list(dict.fromkeys(key.rsplit(".", 1)[0] for key in known.keys("timing_grid")))
    rows: list[Row] = []
    for name, values in context.settings.timing_depth.grid.items():
        for at, value in enumerate(values):
            point = next(one for one in points if one == f"{name}={float(value)}")
            cells = [known.cell("timing_grid", known.pooled, "", f"{point}.{s}", "share") for s in SCENARIOS]
            own = getattr(context.settings.timing, name) == value
            head = f"{value:g}" + (f" ({context.texts('depth_own')})" if own else "")
            plain = context.row(head, cells)
            rows.append(Row(head, plain.fields, group="" if at else labels.of("thresholds", name)))
    heads = [labels.of("scenarios", one) for one in SCENARIOS]
    return Table(labels.title("timing_grid"), context.texts("row"), heads, rows, labels.note("timing_grid"))


def clusters_table(context: Context) -> list[Block]:
    """Show the clusters crossed with the classes, and how far the two agree."""
    known, labels, table = context.released, context.labels, "timing_clusters"
    names = list(dict.fromkeys(key.split(".")[0] for key in known.keys(table) if "." in key))
    rows = [
        context.row(
            labels.find("activity", name) or labels.row(table, name),
            [known.cell(table, known.pooled, "", f"{name}.{one}", "share") for one in SCENARIOS],
        )
        for name in names
    ]
    heads = [labels.of("scenarios", one) for one in SCENARIOS]
    agreed = [
        Row(
            labels.row(AGREEMENT, key),
            [context.texts.cell(known.cell(AGREEMENT, known.pooled, "", key, "index"))],
        )
        for key in ("adjusted_rand", "adjusted_rand_active")
    ]
    title = labels.title(table)
    return [
        Table(title, context.texts("cluster"), heads, rows, labels.note(table)),
        Table(
            labels.title(AGREEMENT),
            context.texts("row"),
            [context.texts("index")],
            agreed,
            labels.note(AGREEMENT),
        ),
    ]


def kinds_tables(context: Context) -> list[Block]:
    """Show each kind's own timing, the kinds of each class, and what continuous activity mostly is."""
    known, labels = context.released, context.labels
    found = {key.split(".")[0] for key in known.keys("timing_by_kind")}
    kinds = labels.ordered("kinds", found)
    by_kind = [
        context.row(
            labels.of("kinds", kind),
            [known.cell("timing_by_kind", known.pooled, "", f"{kind}.persons", "count")]
            + [known.cell("timing_by_kind", known.pooled, "", f"{kind}.{one}", "share") for one in SHOWN],
        )
        for kind in kinds
    ]
    classes = ("any", *SHOWN)
    has = [
        context.row(
            labels.of("kinds", kind),
            [known.cell("timing_class_kinds", known.pooled, "", f"{c}.has.{kind}", "share") for c in classes],
        )
        for kind in kinds
    ]
    heads = [labels.of("rows", "persons"), *(labels.of("scenarios", one) for one in SHOWN)]
    corner = context.texts("kind")
    whole = [labels.of("scenarios", one) for one in classes]
    titles = [labels.title(table) for table in ("timing_by_kind", "timing_class_kinds")]
    notes = [labels.note(table) for table in ("timing_by_kind", "timing_class_kinds")]
    return [
        Table(titles[0], corner, heads, by_kind, notes[0]),
        Table(titles[1], corner, whole, has, notes[1]),
    ]


def phases_table(context: Context) -> Table:
    """Show markers and passive runs by pooled type."""
    rows = []
    for mark in MARKS:
        rows += [(f"has_{mark}", "share"), (mark, "mean")]
    rows += [(key, "mean") for key in ("longest_passive", "passive_before", "passive_after")]
    rows += [(key, "share") for key in PASSIVE]
    lines = [(context.labels.row("phases", key), "", key, measure) for key, measure in rows]
    return context.cross("phases", lines, context.pooled_types(), corner=context.texts("row"))


def handovers_table(context: Context) -> Table:
    """Show where the benefit that is followed leads, by pooled type."""
    source = context.labels.state(context.settings.timing_depth.handed_from)
    lines = [
        (context.labels.state(state), "", f"to.{state}", "share")
        for state in context.alphabet.states
        if state != context.settings.timing_depth.handed_from
    ]
    caption = f"{context.labels.title('handovers')}: {source}"
    return context.cross("handovers", lines, context.pooled_types(), caption, context.texts("state"))


def _trap(context: Context) -> list[Block]:
    """Say that a passage to the state of blank weeks may be one to nothing."""
    if context.blank is None or context.settings.sequences.blank == "by_industry":
        return []
    names = {
        "source": context.labels.state(context.settings.timing_depth.handed_from),
        "blank": context.labels.state(context.blank),
    }
    return [Text(context.texts("depth_trap", **names), "note")]


def claims_blocks(context: Context) -> list[Block]:
    """Show every claim of the study on timing with its verdict, when the run is about its places."""
    t, labels = context.texts, context.labels
    judged = context.comparison.timing_claims
    if judged.is_empty():
        return []
    numbers = dict(judged["verdict"].value_counts().iter_rows())
    counted = t(
        "claims_counted",
        n=judged.height,
        holds=numbers.get(HOLDS, 0),
        fails=numbers.get(FAILS, 0),
        close=numbers.get(TOO_CLOSE, 0),
        unknown=numbers.get(UNKNOWN, 0),
    )
    heads = [t(f"claim_{one}") for one in ("about", "says", "test", "value", "compared", "verdict")]
    rows = [_claim(context, row) for row in judged.iter_rows(named=True)]
    title, note = labels.title("timing_claims"), labels.note("timing_claims")
    return [Text(counted), Table(title, t("claim_class"), heads, rows, note, texts=True)]


def _claim(context: Context, row: dict[str, object]) -> Row:
    labels, t = context.labels, context.texts
    groups = {"measure_kind": "kinds", "pathway_type": "types", "municipality": "areas"}
    group, subject = groups.get(str(row["dimension"]), "subjects"), str(row["subject"])
    about = labels.find(group, subject) or labels.of("subjects", subject)
    numbers = [
        Field("–", "absent") if value is None else Field(t.number(float(str(value)), 1), "number")
        for value in (row["value"], row["compared"])
    ]
    words = [labels.of("emphasis", str(row["emphasis"])), labels.of("tests", str(row["test"]))]
    fields = [Field(about), *(Field(word) for word in words), *numbers]
    verdict = Field(labels.of("timing_verdicts", str(row["verdict"])))
    return Row(labels.of("scenarios", str(row["scenario"])), [*fields, verdict])
