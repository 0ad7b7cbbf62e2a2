"""Rim of stage `typology`."""

from __future__ import annotations

from veje import io
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.cli.profiles import read_former
from veje.profiles import kept_names, profiles_of
from veje.settings import Settings
from veje.typology import build_typology, read_reference


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read partitions and sequences, write types, the named clusters, and their profiles; notes damage.

    With `former`, the profiles that the last published run left, clusters keep the types they had there.
    """
    alphabet, pooled = alphabet_of(settings.sequences), settings.cohort.pooled
    name = settings.typology.reference
    reference = read_reference(io.read_list(name, "reference"), alphabet, pooled) if name else []
    tables = (inputs.table("partitions"), inputs.table("quality"), inputs.table("sequences"))
    now = profiles_of(*tables, alphabet.states, pooled)
    former, notes = read_former(inputs)
    kept = {} if former is None else kept_names(now, former, settings.continuity.limit)
    result = build_typology(*tables, reference, alphabet, settings.typology, pooled, kept)
    outputs.write(result.types, "types")
    outputs.write(result.named_clusters, "named_clusters")
    names = result.named_clusters.select("area", "cluster", "type_key")
    outputs.write(now.join(names, on=["area", "cluster"], maintain_order="left"), "profiles")
    return notes
