"""Clusters that are far from the published profile of the type they are named as."""

from __future__ import annotations

from dataclasses import dataclass

from veje.names import WITHHELD
from veje.report.context import Context
from veje.typology import UNMATCHED


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
