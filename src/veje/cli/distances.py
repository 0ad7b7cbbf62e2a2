"""Rim of stage `distances`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.distances.build import build_distances
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read unique sequences, write costs and condensed distances."""
    result = build_distances(inputs.table("unique"), alphabet_of(settings.sequences), settings.distances)
    outputs.write(result.costs, "costs")
    io.write_array(result.distances, outputs.one("distances"))
