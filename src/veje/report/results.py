"""The sections of persons and paths: who is studied, the types, where they are, how long in each state."""

from __future__ import annotations

from veje.released import type_picture
from veje.report.beside import side_by_side
from veje.report.blocks import Block, Card, Row, Section, Table, Text
from veje.report.cards import type_points, type_profile
from veje.report.context import Context
from veje.report.pictures import picture


def who(context: Context) -> Section:
    """Show the flow of exclusions and the municipalities' numbers."""
    t = context.texts
    blocks: list[Block] = [Text(t("who_lead")), picture(context, "flow"), flow_table(context, "flow")]
    return Section("who", t("who"), context.need("flow", blocks))


def flow_table(context: Context, table: str) -> Table:
    """Show persons and records left after each step."""
    known, labels = context.released, context.labels
    keys = [key for key in known.keys(table) if not key.endswith("_rows")]
    rows = [
        Row(
            labels.row(table, key),
            [
                context.texts.cell(known.cell(table, known.pooled, "", name, "count"))
                for name in (key, f"{key}_rows")
            ],
        )
        for key in keys
    ]
    heads = [labels.of("rows", "persons"), labels.of("rows", "rows")]
    return Table(labels.title(table), context.texts("step"), heads, rows, labels.note(table))


def paths(context: Context) -> Section:
    """Show where persons are quarter by quarter: all of them, then each type."""
    t, known = context.texts, context.released
    blocks: list[Block] = [
        Text(t("paths_lead")),
        picture(context, "state_distribution"),
        Text(context.blank_told(), "note"),
        distribution_table(context),
        picture(context, "state_distribution_by_type"),
        *context.step_note([(known.pooled, key) for key in known.types(known.pooled)]),
        picture(context, "mean_time"),
    ]
    for key in known.types(known.pooled):
        name = context.labels.type(key)
        drawn = picture(context, type_picture(key), name)
        blocks.append(Card(name, type_points(context, key), drawn, type_profile(context, key)))
    return Section("paths", t("paths"), context.need("state_distribution", blocks))


def distribution_table(context: Context) -> Table:
    """Show the share in each state in each quarter for all persons, folded away."""
    known = context.released
    quarters = range(1, known.last_quarter() + 1)
    rows = [
        context.row(
            context.labels.state(state),
            [
                known.cell("state_distribution", known.pooled, "", f"q{q:02d}_{state}", "share")
                for q in quarters
            ],
            state,
        )
        for state in context.alphabet.states
    ]
    columns = [str(q) for q in quarters]
    note = context.labels.note("state_distribution")
    title = context.labels.title("state_distribution")
    return Table(title, context.texts("state_by_quarter"), columns, rows, note, folded=True)


def areas(context: Context) -> Section:
    """Show which types occur in which municipality and how many have them: tables 7.1 and 7.2."""
    t, known, labels = context.texts, context.released, context.labels
    local = [(area, "") for area in known.local()]
    types = known.types()
    present = [(labels.type(key), key, "type_present", "presence") for key in types]
    corner = t("type")
    blocks: list[Block] = [
        Text(t("areas_lead")),
        context.cross("table_7_1", present, local, corner=corner),
        picture(context, "types_by_municipality"),
        shares_table(context),
        side_by_side(context, context.all_areas(), t("beside"), t("trait")),
        picture(context, "state_distribution_by_municipality"),
        *context.step_note(local),
    ]
    return Section("areas", t("areas"), context.need("table_7_2", blocks))


def shares_table(context: Context) -> Table:
    """Show table 7.2: each type's share in each municipality, and the persons of the pooled types."""
    t, known, labels = context.texts, context.released, context.labels
    columns = [*known.local(), known.pooled]
    rows = []
    for key in known.types():
        cells = [known.cell("table_7_2", a, key, "share_of_individuals", "share") for a in known.local()]
        cells.append(known.cell("table_7_2", known.pooled, key, "individuals", "count"))
        rows.append(context.row(labels.type(key), cells))
    rows.append(context.row(labels.of("rows", "total"), [known.persons(a) for a in columns], "total"))
    heads = [f"{labels.area(a)}, %" for a in known.local()]
    heads.append(f"{labels.area(known.pooled)}, {labels.of('units', 'persons')}")
    note = f"{labels.note('table_7_2')} {context.steps(known.persons(area) for area in known.local())}"
    return Table(labels.title("table_7_2"), t("type"), heads, rows, note.strip())


def quarters(context: Context) -> Section:
    """Show Bilag 1: mean quarters per state, a table for each type with a column for each municipality."""
    t, labels = context.texts, context.labels
    blocks: list[Block] = [Text(t("quarters_lead"))]
    for key in context.released.types():
        rows = [(labels.row("bilag_1", "n_sequences"), key, "n_sequences", "count")]
        share = labels.row("bilag_1", "share_of_municipality")
        rows.append((share, key, "share_of_municipality", "share"))
        rows += [(labels.state(state), key, state, "mean") for state in context.alphabet.states]
        rows.append((labels.row("bilag_1", "total_quarters"), key, "total_quarters", "total"))
        columns = [
            (area, key)
            for area, _ in context.all_areas()
            if context.released.persons(area, key).status != "absent"
        ]
        caption = t("quarters_of", type=labels.type(key))
        blocks.append(context.cross("bilag_1", rows, columns, caption, t("state"), note=""))
    signs = t("quarters_signs", n=context.settings.disclosure.threshold, low=t.number(0.05, 2))
    blocks.append(Text(f"{labels.note('bilag_1')} {signs}", "note"))
    return Section("quarters", t("quarters"), context.need("bilag_1", blocks))


def last_quarter(context: Context) -> Section:
    """Show table 6.4: the state in the last quarter before the grant."""
    t, labels = context.texts, context.labels
    rows = [(labels.state(state), "", state, "share") for state in context.alphabet.states]
    rows += [(labels.row("table_6_4", key), "", key, "share") for key in ("unknown", "total_share")]
    rows.append((labels.row("table_6_4", "total"), "", "total", "count"))
    blocks: list[Block] = [
        Text(t("last_lead", n=context.released.last_quarter())),
        context.cross("table_6_4", rows, context.all_areas(), corner=t("state")),
    ]
    return Section("last", t("last"), context.need("table_6_4", blocks))
