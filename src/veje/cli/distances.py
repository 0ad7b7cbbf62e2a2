"""Rim of stage `distances`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from veje import io
from veje.cli.files import Files
from veje.cli.kept import read_known, write_known
from veje.cli.lists import alphabet_of, own_costs
from veje.cli.machine import memory_gb
from veje.distances.build import (
    DistancesResult,
    build_costs,
    build_distances,
    build_from_stretches,
    build_onto,
    build_stretch,
)
from veje.distances.known import Known
from veje.distances.pairs import cores
from veje.lists import Alphabet
from veje.preflight import preflight, refuse_unless_fits
from veje.provenance import code_digest, versions
from veje.settings import Distances, Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read unique sequences, write costs and condensed distances; costs alone where no others are asked for.

    Distances that `run_part` computed are given as `part`, in order. Notes what was predicted, and
    what is odd in a user's own costs.
    """
    rules = settings.distances
    unique, alphabet, own = inputs.table("unique"), alphabet_of(settings.sequences), own_costs(rules)
    if not outputs.many("distances"):
        result = build_costs(unique, alphabet, rules, own)
        outputs.write(result.costs, "costs")
        return result.notes
    predicted = [_predict(unique, rules)] if unique.height > 1 else []
    for line in predicted:
        # Told now as well as in the notes: it is of use before the hours it speaks of.
        print(f"veje distances: {line}", file=sys.stderr, flush=True)
    parts = inputs.many("part")
    if parts:
        stretches = [io.read_array(path) for path in parts]
        result = build_from_stretches(unique, alphabet, rules, own, stretches)
    elif outputs.many("kept"):
        result, note = _onto_kept(unique, alphabet, rules, own, outputs.one("kept"))
        predicted.append(note)
    else:
        result = build_distances(unique, alphabet, rules, own)
    outputs.write(result.costs, "costs")
    io.write_array(result.distances, outputs.one("distances"))
    return [*predicted, *result.notes]


def _onto_kept(
    unique: pl.DataFrame, alphabet: Alphabet, rules: Distances, own: pl.DataFrame | None, folder: Path
) -> tuple[DistancesResult, str]:
    """Compute the pairs that the former run did not keep, keep all, and say how many were new."""
    why = ""

    def read(key: str) -> Known | None:
        nonlocal why
        known, why = read_known(folder, key)
        return known

    version = f"{code_digest('veje.distances.pairs')} {sorted(versions().items())}"
    result, key = build_onto(unique, alphabet, rules, own, version, read)
    if not key:
        return result, f"no distance is kept: with {rules.method} each depends on all sequences"
    states = np.array(unique["states"].to_list(), dtype=np.uint8)
    write_known(Known(states, result.distances), key, folder)
    told = f"{result.computed:,} of {result.distances.size:,} pairs computed, the others kept"
    return result, told + (f" ({why})" if why else "")


def run_part(settings: Settings, inputs: Files, outputs: Files, part: int, parts: int) -> None:
    """Read unique sequences, write one stretch of the condensed distances."""
    rules = settings.distances
    unique, alphabet = inputs.table("unique"), alphabet_of(settings.sequences)
    made = build_stretch(unique, alphabet, rules, own_costs(rules), part, parts)
    io.write_array(made, outputs.one("stretch"))


def _predict(unique: pl.DataFrame, settings: Distances) -> str:
    """Say what distances and a tree will take; `BadInput` when they would not fit the memory."""
    limit = memory_gb() if settings.memory_gb is None else settings.memory_gb
    length = len(unique["states"][0])
    forecast = preflight(unique.height, length, settings.method, cores(), limit)
    refuse_unless_fits(forecast)
    return forecast.line
