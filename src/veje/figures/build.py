"""All pictures of a run: which table each needs, and the ones that can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl
from matplotlib.figure import Figure

from veje.contracts import contract
from veje.figures.bars import draw_flow, draw_mean_time, draw_timing, draw_types_by_area
from veje.figures.grids import draw_activity, draw_heat_map, draw_quality
from veje.figures.lines import draw_dendrogram, draw_entropy
from veje.figures.moves import draw_state_flow, draw_transitions, draw_transitions_by_type
from veje.figures.nongrants import draw_not_granted
from veje.figures.paths import draw_by_area, draw_by_type, draw_distribution, draw_modal_states, draw_type
from veje.figures.private import draw_index_plot, draw_medoids
from veje.figures.reforms import draw_regime_profiles, draw_regime_types
from veje.figures.style import png, styled
from veje.figures.subject import ACTIVITY, Subject, has_activity
from veje.figures.whole import draw_frequency_groups, draw_shared_sequences
from veje.labels import Labels
from veje.lists import Alphabet
from veje.released import Released, type_picture


@dataclass(frozen=True)
class Picture:
    """A public picture: how it is drawn, the tables it needs, and what it has a part for, if anything."""

    draw: Callable[[Subject], Figure]
    tables: tuple[str, ...]
    each: Literal["type", "area", ""] = ""
    found: bool = False
    """Its first table's rows are named by what was found; where none is shown there is no picture."""


PICTURES: dict[str, Picture] = {
    "flow": Picture(draw_flow, ("flow",)),
    "state_distribution": Picture(draw_distribution, ("state_distribution",)),
    "state_distribution_by_type": Picture(draw_by_type, ("state_distribution",), "type"),
    "state_distribution_by_municipality": Picture(draw_by_area, ("state_distribution",), "area"),
    "modal_states": Picture(draw_modal_states, ("state_distribution",), "type"),
    "frequency_groups": Picture(draw_frequency_groups, ("frequency_groups", "bilag_1"), "type", True),
    "shared_sequences": Picture(draw_shared_sequences, ("shared_sequences", "bilag_1"), "type", True),
    "entropy": Picture(draw_entropy, ("entropy", "state_distribution")),
    "transitions": Picture(draw_transitions, ("transitions",)),
    "transitions_by_type": Picture(draw_transitions_by_type, ("transitions", "bilag_1"), "type"),
    "state_flow": Picture(draw_state_flow, ("state_flow", "state_distribution", "table_7_2")),
    "dendrogram": Picture(draw_dendrogram, ("dendrogram", "bilag_1"), "type", True),
    "mean_time": Picture(draw_mean_time, ("bilag_1",), "type"),
    "types_by_municipality": Picture(draw_types_by_area, ("table_7_2", "bilag_1"), "area"),
    "timing_classes": Picture(draw_timing, ("timing",)),
    "timing_heat_map": Picture(draw_heat_map, ("timing_quarters",)),
    "activity_by_type_and_municipality": Picture(draw_activity, ("timing_quarters", "bilag_1"), "area"),
    "quality": Picture(draw_quality, ("quality",)),
    "regime_types": Picture(draw_regime_types, ("regime_types",)),
    "not_granted": Picture(draw_not_granted, ("not_granted",)),
    "regime_profiles": Picture(draw_regime_profiles, ("regime_types", "regime_profiles")),
}


def draw_public(
    released: pl.DataFrame,
    areas: Sequence[str],
    alphabet: Alphabet,
    languages: Sequence[str],
    asked: Sequence[str] | None = None,
) -> dict[str, bytes]:
    """Draw every picture whose table is there, from the release alone: file name to PNG bytes.

    released: table of that name. areas: the pooled area first. languages: the first one's files have
    no language in their names. asked: those of them to draw now, all without it.
    """
    known = Released(released, areas)
    drawn: dict[str, bytes] = {}
    with styled():
        for language in asked or languages:
            subject = Subject(known, alphabet, Labels(language, alphabet))
            for name, figure in _figures(subject):
                drawn[file_name(name, language, languages)] = png(figure)
    return drawn


def draw_private(
    sequences: pl.DataFrame,
    types: pl.DataFrame,
    central: pl.DataFrame | None,
    areas: Sequence[str],
    alphabet: Alphabet,
    languages: Sequence[str],
) -> dict[str, bytes]:
    """Draw the pictures that show single persons, in every language: file name to PNG bytes.

    sequences, types: tables of those names. central: cluster_pooled, type_pooled, states and persons
    of each pooled cluster's medoid; None draws no picture of them.
    """
    nothing = Released(contract("released").empty(), areas)
    drawn: dict[str, bytes] = {}
    with styled():
        for language in languages:
            subject = Subject(nothing, alphabet, Labels(language, alphabet))
            figures = {"index_plot": draw_index_plot(subject, sequences, types)}
            if central is not None:
                figures["medoids"] = draw_medoids(subject, central)
            drawn |= {file_name(name, language, languages): png(made) for name, made in figures.items()}
    return drawn


def file_name(name: str, language: str, languages: Sequence[str]) -> str:
    """Give a picture's file name: `name.png` in the first language, `name.da.png` in another."""
    return f"{name}.png" if language == languages[0] else f"{name}.{language}.png"


def _figures(subject: Subject) -> Iterator[tuple[str, Figure]]:
    """Draw one picture after another, so that no more than one is held."""
    released = subject.released
    types = released.types(released.pooled)
    parts = {"type": types, "area": released.local(), "": [released.pooled]}
    for name, picture in PICTURES.items():
        empty = not set(picture.tables).isdisjoint(ACTIVITY) and not has_activity(released)
        empty |= picture.found and not released.shows(picture.tables[0])
        if all(released.has(table) for table in picture.tables) and parts[picture.each] and not empty:
            yield name, picture.draw(subject)
    if released.has("state_distribution"):
        for key in types:
            yield type_picture(key), draw_type(subject, key)
