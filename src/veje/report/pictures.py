"""The pictures of the page: where each stands, its caption, and what it shows in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from veje.released import type_picture
from veje.report.blocks import Block, Picture, Section, Text, embed
from veje.report.context import Context
from veje.report.messages import message

STANDING = frozenset(
    {
        *("flow", "state_distribution", "state_distribution_by_type", "state_distribution_by_municipality"),
        *("mean_time", "types_by_municipality", "timing_classes", "timing_heat_map", "quality"),
        *("regime_types", "regime_profiles", "not_granted"),
    }
)
"""Pictures that their sections put between other blocks."""


@dataclass(frozen=True)
class Place:
    """Where a picture stands: at the end of a section; and the table whose note is its caption."""

    section: str
    table: str


PLACES: Mapping[str, Place] = {
    "state_flow": Place("paths", "state_flow"),
    "activity_by_type_and_municipality": Place("timing", "timing_quarters"),
    "dendrogram": Place("naming", "dendrogram"),
    "modal_states": Place("pictures", "state_distribution"),
    "entropy": Place("pictures", "entropy"),
    "transitions": Place("pictures", "transitions"),
    "transitions_by_type": Place("pictures", "transitions"),
    "frequency_groups": Place("pictures", "frequency_groups"),
    "shared_sequences": Place("pictures", "shared_sequences"),
}
"""The other pictures by name, in the order in which they stand.

Those that neither this nor `STANDING` names come last in the section `pictures`, so that none is left out.
"""


def picture(context: Context, name: str, title: str = "") -> Picture | Text:
    """Give a picture with its caption and alternative text, or a sentence when it was not drawn.

    name: the file's name without language. title: the caption's first words, else the picture's.
    """
    t, shown = context.texts, title or context.labels.picture(name)
    if name not in context.pictures:
        return Text(t("no_picture", title=shown), "missing")
    told = f"{t('alt', title=shown)} {message(context, name)}".strip()
    return embed(context.pictures[name], shown, told, f"{shown}. {_caption(context, name)}".strip())


def placed(context: Context, anchor: str) -> list[Block]:
    """Give the pictures of this run that stand at the end of a section."""
    return [
        picture(context, name)
        for name, place in PLACES.items()
        if place.section == anchor and name in context.pictures
    ]


def pictures(context: Context) -> Section:
    """Show every picture that is named nowhere; those that are placed here are added as elsewhere."""
    t, known = context.texts, context.released
    elsewhere = {*STANDING, *PLACES, *(type_picture(key) for key in known.types(known.pooled))}
    free = sorted(set(context.pictures) - elsewhere)
    return Section("pictures", t("pictures"), [picture(context, name) for name in free])


def _caption(context: Context, name: str) -> str:
    """Give what stands below a picture after its title: its own text, or the note of its table."""
    t, s = context.texts, context.settings
    alone = "" if context.measured else "_alone"
    key = f"caption_type_path{alone}" if name.startswith("type_") else f"caption_{name}"
    if not t.has(key):
        return context.labels.note(PLACES[name].table) if name in PLACES else ""
    values = {"threshold": s.disclosure.threshold, "quarters": s.window.quarters}
    return t(key, weeks=s.timing.active_weeks, **values)
