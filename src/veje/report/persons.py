"""The section of the persons' profile."""

from __future__ import annotations

import re
from collections.abc import Sequence

from veje.labels import LIMITED
from veje.report.blocks import Block, Row, Section, Table, Text
from veje.report.context import Context

GROUPS = ("age_group", "education", "diagnosis", "income_group", "unemployment_group")
TOLD_BY = {
    "education": "udda",
    "psychopharmaceuticals": "lmdb",
    "adhd_medicine": "lmdb",
    "parent_on_pension": "parents",
    "income_group": "ind",
    "unemployment_group": "idap",
}
"""Rows of the profile and the register that tells them."""


def profile(context: Context) -> Section:
    """Show who the persons are, by type and by municipality."""
    t = context.texts
    gone = context.not_delivered("udda", "lmdb", "parents", "ind", "idap")
    blocks: list[Block] = [
        Text(t("profile_lead")),
        *([Text(gone, "missing")] if gone else []),
        profile_table(context, context.pooled_types(), t("profile_by_type")),
        profile_table(context, context.all_areas(), t("profile_by_area")),
    ]
    return Section("profile", t("profile"), context.need("profile", blocks))


def profile_table(context: Context, columns: Sequence[tuple[str, str]], caption: str) -> Table:
    """Show single traits first, then age, education and diagnosis as groups, the number last."""
    known, labels = context.released, context.labels
    keys = delivered(context, known.keys("profile"))
    plain = [key for key in keys if "." not in key and key not in ("total", "mean_age")]
    places = [(key, "share") for key in labels.ordered("rows", plain)] + [("mean_age", "mean")]
    for group in GROUPS:
        places += [(key, "share") for key in _members(context, group, keys)]
    rows: list[Row] = []
    opened = ""
    for key, measure in [*places, ("total", "count")]:
        cells = [known.cell("profile", area, t, key, measure) for area, t in columns]
        if all(cell.status == "absent" for cell in cells):
            continue
        group, name = labels.trait(key)
        made = context.row(name, cells, key)
        rows.append(Row(name, made.fields, made.strong, group if group != opened else ""))
        opened = group
    corner = context.texts("trait")
    note = f"{labels.note('profile')} {context.steps(context.base('profile', *place) for place in columns)}"
    return Table(caption, corner, context.columns(columns), rows, note.strip())


def delivered(context: Context, keys: Sequence[str]) -> list[str]:
    """Leave out the rows of registers that were not delivered: they would tell of nobody."""
    registers = context.settings.registers
    gone = [key for key, name in TOLD_BY.items() if getattr(registers, name) is None]
    return [key for key in keys if key.partition(".")[0] not in gone]


def _members(context: Context, group: str, keys: Sequence[str]) -> list[str]:
    """List a group's rows: those of a number from the lowest, others as the labels list them."""
    own = [key.partition(".")[2] for key in keys if key.startswith(f"{group}.")]
    ordered = sorted(own, key=_lowest) if group in LIMITED else context.labels.ordered(group, own)
    return [f"{group}.{name}" for name in ordered]


def _lowest(name: str) -> tuple[bool, bool, int]:
    """Sort members of a group of a number: from the lowest, those without a number last."""
    numbers = re.findall(r"\d+", name)
    return not numbers, not name.startswith("under_"), int(numbers[0]) if numbers else 0
