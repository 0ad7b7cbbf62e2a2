"""Lists that several stages read at their rims."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.lists import Alphabet, read_alphabet
from veje.settings import Distances, Sequences, Settings


def alphabet_of(settings: Sequences) -> Alphabet:
    """Read the alphabet that the config names."""
    return read_alphabet(io.read_list(settings.alphabet, "alphabets"), settings.alphabet)


def types_of(settings: Settings) -> list[str]:
    """List the types that the config's reference profiles name; none without a reference."""
    named = settings.typology.reference
    if named is None:
        return []
    return io.read_list(named, "reference")["type_key"].unique(maintain_order=True).to_list()


def own_costs(settings: Distances) -> pl.DataFrame | None:
    """Read the user's own features or costs, where the config names a table of them."""
    named = settings.features or settings.matrix
    return io.read_list(named, "costs") if named else None
