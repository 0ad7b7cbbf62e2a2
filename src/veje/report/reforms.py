"""The chapter on reforms: regimes, and types across them."""

from __future__ import annotations

from datetime import date

from veje.names import NO_MATCH
from veje.report.blocks import Block, Field, Row, Section, Table, Text
from veje.report.context import Context
from veje.report.eras import groups_of, types_of
from veje.report.flags import flag_blocks
from veje.report.law import Law
from veje.report.pictures import picture

STATISTICS = ("pseudo_R2", "pseudo_F", "pseudo_F.p", "levene", "levene.p")


def reforms(context: Context) -> Section:
    """Show what the reforms changed; nothing when the run has no regimes."""
    t = context.texts
    if not context.released.has("regimes") or context.law is None:
        return Section("reforms", t("reforms"))
    blocks: list[Block] = [
        Text(t("reforms_lead")),
        regime_list(context, context.law),
        regimes_table(context),
        *compared(context),
        *flag_blocks(context, context.law),
    ]
    return Section("reforms", t("reforms"), blocks)


def regime_list(context: Context, law: Law) -> Table:
    """Show the regimes with dates, source and certainty, folded away."""
    t, language = context.texts, context.labels.language
    rows = [
        Row(
            row["regime"],
            [
                Field(_dates(context, row["from"], row["to"])),
                Field(row[f"what_{language}"]),
                Field(row["source"], language="en"),
                Field(context.labels.of("certainties", row["certainty"])),
            ],
        )
        for row in law.regimes.to_dicts()
    ]
    heads = [t(key) for key in ("regime_dates", "regime_what", "regime_source", "regime_certainty")]
    return Table(t("regime_list"), t("regime"), heads, rows, folded=True, texts=True)


def _dates(context: Context, first: str | None, last: str) -> str:
    end = context.texts.date(date.fromisoformat(last))
    if not first:
        return context.texts("regime_until", last=end)
    return context.texts("regime_from_to", first=context.texts.date(date.fromisoformat(first)), last=end)


def regimes_table(context: Context) -> Table:
    """Show the share of grants in each regime and of windows that straddle, by municipality."""
    labels = context.labels
    keys = [key for key in context.released.keys("regimes") if key not in ("straddles", "total")]
    rows = [(labels.row("regimes", key), "", key, "share") for key in [*keys, "straddles"]]
    rows.append((labels.of("rows", "total"), "", "total", "count"))
    return context.cross("regimes", rows, context.all_areas(), corner=context.texts("regime"))


def compared(context: Context) -> list[Block]:
    """Show types, profiles, matches and discrepancy across groups, where any was clustered."""
    if not context.released.has("regime_types"):
        return []
    blocks: list[Block] = [picture(context, "regime_types"), types_table(context)]
    if context.released.has("regime_matches"):
        blocks.append(matches_table(context))
    blocks += [picture(context, "regime_profiles"), profiles_table(context)]
    if context.released.has("regime_discrepancy"):
        blocks.append(discrepancy_table(context))
    return blocks


def types_table(context: Context) -> Table:
    """Show each type's share within each group, and the persons of the groups' types."""
    known, labels, groups = context.released, context.labels, groups_of(context)
    rows = [
        context.row(
            labels.type(one),
            [
                known.cell("regime_types", known.pooled, one, f"{group}.{key}", kind)
                for group in groups
                for key, kind in (("share", "share"), ("persons", "count"))
            ],
        )
        for one in types_of(context)
    ]
    heads = [labels.row("regime_types", f"{group}.{key}") for group in groups for key in ("share", "persons")]
    return Table(
        labels.title("regime_types"), context.texts("type"), heads, rows, labels.note("regime_types")
    )


def matches_table(context: Context) -> Table:
    """Show which earlier type is matched with which later one, their shares and the distance."""
    known, labels, t = context.released, context.labels, context.texts
    found = known.frame.filter(table="regime_matches").select("type_key", "key", "measure").rows()
    order = {name: at for at, name in enumerate(groups_of(context))}
    rows = []
    last = ""
    for first, key, measure in sorted(found, key=lambda row: (order.get(row[1].split(".")[0], 0), row[0])):
        before, after, second = key.split(".", 2)
        told = t(
            "match_groups",
            before=labels.of("regime_groups", before),
            after=labels.of("regime_groups", after),
        )
        shares = [
            known.cell("regime_types", known.pooled, one, f"{group}.share", "share")
            for one, group in ((first, before), (second, after))
        ]
        distance = known.cell("regime_matches", known.pooled, first, key, measure)
        far = t.cell(distance) if NO_MATCH not in (first, second) else Field("–", "absent")
        fields = [Field(labels.type(second)), *(t.cell(share) for share in shares), far]
        rows.append(Row(labels.type(first), fields, group=told if told != last else ""))
        last = told
    heads = [t(f"match_{key}") for key in ("after", "share_before", "share_after", "distance")]
    return Table(
        labels.title("regime_matches"), t("match_before"), heads, rows, labels.note("regime_matches")
    )


def profiles_table(context: Context) -> Table:
    """Show mean quarters in each state by group and type, folded away."""
    known, labels = context.released, context.labels
    rows = []
    for group in groups_of(context):
        for one in types_of(context):
            size = known.cell("regime_types", known.pooled, one, f"{group}.persons", "count")
            if size.value is None:
                continue
            cells = [
                known.cell("regime_profiles", known.pooled, one, f"{group}.{state}", "mean")
                for state in context.alphabet.states
            ]
            rows.append(context.row(f"{labels.of('regime_groups', group)}: {labels.type(one)}", cells))
    heads = [labels.state_short(state) for state in context.alphabet.states]
    title, note = labels.title("regime_profiles"), labels.note("regime_profiles")
    return Table(title, context.texts("type"), heads, rows, note, folded=True)


def discrepancy_table(context: Context) -> Table:
    """Show what the groups of regimes explain of the differences between paths."""
    known, labels = context.released, context.labels
    rows = [
        context.row(
            labels.of("statistics", one.removesuffix(".p")) + (", p" if one.endswith(".p") else ""),
            [known.cell("regime_discrepancy", known.pooled, "", f"regimes.{one}", "index")],
        )
        for one in STATISTICS
    ]
    title, note = labels.title("regime_discrepancy"), labels.note("regime_discrepancy")
    return Table(title, context.texts("statistic"), [context.texts("value")], rows, note)
