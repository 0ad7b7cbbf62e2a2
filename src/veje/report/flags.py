"""What the chapter on reforms tells of flags: shares, parameters, timing, and what cannot be told."""

from __future__ import annotations

from veje.names import EXPECTED, SCENARIOS
from veje.report.blocks import Block, Field, Row, Table, Terms, Text
from veje.report.context import Context
from veje.report.law import Law


def flag_blocks(context: Context, law: Law) -> list[Block]:
    """Show the flags, what they mean, how they move, and the rules that no register can tell of."""
    return [
        flags_table(context),
        flags_by_regime(context),
        flag_list(context, law),
        *left_out(context, law),
        *variants(context),
        *timing_both_ways(context),
        Text(context.texts("not_computable"), "note"),
        Terms(not_computable(context, law)),
    ]


def flags_table(context: Context) -> Table:
    """Show the share of grants with each flag by municipality."""
    keys = context.labels.ordered("flags", set(context.released.keys("flags")))
    rows = [(context.labels.row("flags", key), "", key, "share") for key in keys]
    return context.cross("flags", rows, context.all_areas(), corner=context.texts("flag"))


def flags_by_regime(context: Context) -> Table:
    """Show the share of grants with each flag within each regime."""
    known, labels = context.released, context.labels
    split = [key.split(".") for key in known.keys("flags_by_regime")]
    regimes = labels.ordered("regimes", {regime for _, regime in split})
    rows = [
        context.row(
            labels.of("flags", flag),
            [known.cell("flags_by_regime", known.pooled, "", f"{flag}.{one}", "share") for one in regimes],
        )
        for flag in labels.ordered("flags", {flag for flag, _ in split})
    ]
    heads = [labels.of("regimes", one) for one in regimes]
    title, note = labels.title("flags_by_regime"), labels.note("flags_by_regime")
    return Table(title, context.texts("flag"), heads, rows, note)


def flag_list(context: Context, law: Law) -> Table:
    """Show what each flag means, its source paragraph, first regime and certainty, folded away."""
    t, labels, language = context.texts, context.labels, context.labels.language
    rows = [
        Row(
            labels.of("flags", row["flag"]),
            [
                Field(row[f"about_{language}"]),
                Field(labels.of("flag_kinds", row["kind"])),
                Field(row["source"], language="en"),
                Field(t("flag_from", regime=row["first_regime"])),
                Field(labels.of("certainties", row["certainty"])),
            ],
        )
        for row in law.flags.to_dicts()
    ]
    heads = [t("meaning"), t("kind_of_flag"), t("regime_source"), t("regime"), t("regime_certainty")]
    return Table(t("flag_list"), t("flag"), heads, rows, folded=True, texts=True)


def left_out(context: Context, law: Law) -> list[Block]:
    """Name the flags of the list that the release does not hold."""
    there = set(context.released.keys("flags"))
    gone = [context.labels.of("flags", one) for one in law.flags["flag"] if one not in there]
    return [Text(context.texts("flag_left_out", flags="; ".join(gone)), "note")] if gone else []


def variants(context: Context) -> list[Block]:
    """Show how the flags move with their parameters, where any was tried otherwise."""
    known, labels = context.released, context.labels
    if not known.has("flag_variants"):
        return []
    heads = sorted({key.rpartition(".")[0] for key in known.keys("flag_variants")})
    rows = []
    for head in heads:
        flag = head.partition(".")[0]
        cells = [
            known.cell("flags", known.pooled, "", flag, "share"),
            *(
                known.cell("flag_variants", known.pooled, "", f"{head}.{part}", "share")
                for part in ("held", "gained", "lost")
            ),
        ]
        rows.append(context.row(labels.row("flag_variants", f"{head}.held").rpartition(": ")[0], cells))
    title, note = labels.title("flag_variants"), labels.note("flag_variants")
    columns = [
        labels.of("variants", "base"),
        *(labels.of("flag_parts", part) for part in ("held", "gained", "lost")),
    ]
    return [Table(title, context.texts("flag_parameter"), columns, rows, note)]


def timing_both_ways(context: Context) -> list[Block]:
    """Show the classes of timing of all grants beside those for which activation is expected."""
    known, labels = context.released, context.labels
    if not known.has(EXPECTED):
        return []
    rows = [
        context.row(
            labels.of("scenarios", one),
            [known.cell(table, known.pooled, "", one, "share") for table in ("timing", EXPECTED)],
        )
        for one in SCENARIOS
    ]
    totals = [known.cell(table, known.pooled, "", "total", "count") for table in ("timing", EXPECTED)]
    rows.append(context.row(labels.of("rows", "total"), totals, "total"))
    heads = [context.texts("timing_all"), context.texts("timing_kept")]
    return [Table(labels.title(EXPECTED), context.texts("timing_class"), heads, rows, labels.note(EXPECTED))]


def not_computable(context: Context, law: Law) -> list[tuple[str, str]]:
    """List the rules that need a case file, with the reason."""
    language = context.labels.language
    return [(row["source"], row[f"reason_{language}"]) for row in law.not_computable.to_dicts()]
