"""Rim of stage `figures`: pictures of the release, and apart from them those of single persons."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.figures import draw_private, draw_public
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read the release, write the pictures of each language that an output is named after.

    With an output `private`, write the pictures of single persons too, from sequences, types and
    distances; without distances of all pairs there is no picture of the sequences in the middle.
    """
    areas, alphabet = settings.cohort.areas, alphabet_of(settings.sequences)
    asked = [language for language in settings.languages if outputs.many(language)]
    if asked:
        released = inputs.table("released")
        for language in asked:
            drawn = draw_public(released, areas, alphabet, settings.languages, [language])
            write_pictures(drawn, outputs.one(language))
    if outputs.many("private"):
        sequences, types = inputs.table("sequences"), inputs.table("types")
        drawn = {}
        if types.height:
            given = inputs.many("distances")
            central = central_sequences(sequences, types, given[0]) if given else None
            drawn = draw_private(sequences, types, central, areas, alphabet, settings.languages)
        write_pictures(drawn, outputs.one("private"))


def central_sequences(sequences: pl.DataFrame, types: pl.DataFrame, distances: Path) -> pl.DataFrame:
    """Find the medoid of each pooled cluster: cluster, type_pooled, persons, states."""
    # Here, because released pictures need nothing of the engine, which takes half a second to load.
    from veje.clusters import medoids

    placed = (
        sequences.join(types, on="person")
        .group_by("sequence")
        .agg(pl.len().alias("persons"), pl.first("states", "cluster_pooled", "type_pooled"))
    )
    unique = placed.sort("sequence")
    clusters = unique["cluster_pooled"]
    rows = medoids(io.read_array(distances), clusters.to_numpy(), unique["persons"].to_numpy())
    sizes = unique.group_by("cluster_pooled").agg(pl.col("persons").sum())
    central = unique[rows].select("cluster_pooled", "type_pooled", "states")
    return central.join(sizes, on="cluster_pooled").sort("cluster_pooled")


def write_pictures(pictures: dict[str, bytes], folder: Path) -> None:
    """Write pictures into a folder and take away those of an earlier run that are not drawn now."""
    io.make_folder(folder)
    for name, data in pictures.items():
        io.write_whole(folder / name, lambda file, data=data: file.write(data))  # type: ignore[misc]
    for old in folder.glob("*.png"):
        if old.name not in pictures:
            old.unlink()
