"""The section of provenance: the deliveries, the software, and how to cite."""

from __future__ import annotations

from veje.disclosure import round_to
from veje.provenance import without_folders
from veje.report.blocks import Block, Field, Row, Section, Table, Text
from veje.report.context import Context


def origin(context: Context) -> Section:
    """Show what the page was made from."""
    t = context.texts
    blocks: list[Block] = [
        Text(t("origin_lead")),
        deliveries_table(context),
        versions_table(context),
        Text(t("cite", version=context.versions.get("veje", ""), commit=_commit(context))),
        Text(t("licence")),
    ]
    return Section("origin", t("origin"), blocks)


def deliveries_table(context: Context) -> Table:
    """Show every delivered file by its name, with its rounded rows and SHA-256."""
    t, rules = context.texts, context.settings.disclosure
    rows = [
        Row(
            str(one["register"]),
            [
                Field(str(without_folders(one["file"])), "code"),
                Field(t.number(round_to(int(one["rows"]), rules)), "number"),
                Field(str(one["sha256"]), "code"),
            ],
        )
        for one in context.deliveries
    ]
    note = t("deliveries_note", base=rules.rounding)
    return Table(t("deliveries"), t("register"), [t("file"), t("rows"), "SHA-256"], rows, note)


def versions_table(context: Context) -> Table:
    """Show the commit and the versions of everything that figures depend on."""
    t = context.texts
    rows = [Row(name, [Field(text, "code")]) for name, text in context.versions.items()]
    rows.append(Row(t("commit"), [Field(_commit(context), "code")]))
    return Table(t("software"), t("name"), [t("version")], rows, t("commit_note"))


def _commit(context: Context) -> str:
    return context.commit or context.texts("unknown")
