"""Rim of `veje export`: a finished run laid out for another program, among the private results."""

from __future__ import annotations

from pathlib import Path

from veje import config, io
from veje.cli.finished import private_of, read_finished, refuse_absent
from veje.cli.lists import alphabet_of
from veje.errors import BadInput
from veje.traminer import build_export
from veje.traminer.frames import Run

PLACES = {
    "sequences": "sequences",
    "unique": "sequences",
    "costs": "distances",
    "partitions": "clusters",
    "quality": "clusters",
    "trees": "clusters",
}
"""The stage's folder of each table that is needed."""


def export(file: str) -> Path:
    """Write the files for TraMineR; gives their folder, which lies with the private results.

    Raises `BadInput` when the run of the config is not there.
    """
    settings = config.load(file)
    if settings.clusters.sampled:
        raise BadInput("clusters.method: clara holds no distances of all pairs, which the export needs")
    private = private_of(settings)
    distances = private / "distances" / "distances.npy"
    tables = read_finished(private, PLACES, file)
    refuse_absent([distances], file)
    made = build_export(
        Run(
            **tables,
            distances=io.read_array(distances),
            alphabet=alphabet_of(settings.sequences),
            how=settings.distances,
            clusters=settings.clusters,
            pooled=settings.cohort.pooled,
        )
    )
    folder = private / "traminer"
    io.clear_folder(folder)
    for name, table in made.tables.items():
        io.write_csv(table, folder / name)
    for name, text in made.texts.items():
        io.write_text(text, folder / name)
    io.write_whole(folder / "distances.bin", lambda target: target.write(made.distances.tobytes()))
    return folder
