"""The chapter on those who were not granted: how often a path ends in a grant, and what that does not say."""

from __future__ import annotations

from veje.names import NOT_GRANTED
from veje.report.blocks import Block, Section, Table, Text
from veje.report.context import Context
from veje.report.pictures import picture
from veje.report.risks import types_of


def not_granted(context: Context) -> Section:
    """Show the paths of persons without a grant; nothing when the run did not keep them."""
    t, rules = context.texts, context.settings.not_granted
    if not context.released.has(NOT_GRANTED):
        return Section(NOT_GRANTED, t(NOT_GRANTED))
    made = t("not_granted_made", days=rules.free_days, each=rules.per_grant, band=rules.age_band)
    blocks: list[Block] = [
        Text(t("not_granted_lead")),
        Text(t("not_granted_caution"), "note"),
        picture(context, NOT_GRANTED),
        shares_table(context),
        persons_table(context),
        Text(made),
    ]
    return Section(NOT_GRANTED, t(NOT_GRANTED), blocks)


def shares_table(context: Context) -> Table:
    """Show the share of each path that ends in a grant, by municipality."""
    return _by_type(context, "granted", "share", context.labels.title(NOT_GRANTED), ["all"])


def persons_table(context: Context) -> Table:
    """Show how many persons without a grant were drawn and placed on each type."""
    return _by_type(context, "compared", "count", context.texts("not_granted_persons"), [])


def _by_type(context: Context, key: str, measure: str, title: str, last: list[str]) -> Table:
    known, labels = context.released, context.labels
    places = context.all_areas()
    rows = [
        context.row(
            labels.type(one),
            [known.cell(NOT_GRANTED, area, "" if one == "all" else one, key, measure) for area, _ in places],
            "total" if one == "all" else "",
        )
        for one in [*types_of(context), *last]
    ]
    note = labels.note(NOT_GRANTED) if measure == "share" else ""
    return Table(title, context.texts("type"), context.columns(places), rows, note)
