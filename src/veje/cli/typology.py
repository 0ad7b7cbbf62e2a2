"""Rim of stage `typology`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.settings import Settings
from veje.typology import build_typology, read_reference


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read partitions and sequences, write types and the named clusters."""
    alphabet, pooled = alphabet_of(settings.sequences), settings.cohort.pooled
    name = settings.typology.reference
    reference = read_reference(io.read_list(name, "reference"), alphabet, pooled) if name else []
    result = build_typology(
        inputs.table("partitions"),
        inputs.table("quality"),
        inputs.table("sequences"),
        reference,
        alphabet,
        settings.typology,
        pooled,
    )
    outputs.write(result.types, "types")
    outputs.write(result.named_clusters, "named_clusters")
