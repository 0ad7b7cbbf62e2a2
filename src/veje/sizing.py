"""What a job asks a cluster for: memory and time by the pairs of unlike sequences that it handles.

Bytes a pair are those measured (benchmarks/README.md: "Growth" for distances and trees, "Clusters" for
partitions with their indices), rounded up; a job that ran out all the same asks for twice as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from veje.preflight import PROGRAM, RATES, START, TREE_NS

MEGABYTE = 1e6
# What a queue kills a job for is not what the job had at its peak: room above the prediction.
ROOM = 1.3
# A node may be so much slower than the machine that the rates are of.
SLOWER = 4.0
LEAST_MINUTES = 10
# Bytes for each unlike sequence and the persons who have it, as tables and as arrays.
ROW = 12_000


@dataclass(frozen=True)
class Load:
    """What a job of a stage holds and does for each pair of unlike sequences.

    bytes: of memory. ns: nanoseconds beside the distances themselves, on one core. distances: it
    computes them.
    """

    bytes: float
    ns: float = 0.0
    distances: bool = False


LOADS: Mapping[str, Load] = {
    # float32, and what threads hold before they store it.
    "distances": Load(5, distances=True),
    "distances_part": Load(5, distances=True),
    # The stretches and what they are laid out to.
    "distances_gathered": Load(9),
    # Measured 13.5 (ward) to 17.3 (k_medoids); the indices of twelve numbers of clusters take time too.
    "clusters": Load(20, 12 * TREE_NS),
    "clusters_part": Load(20, 12 * TREE_NS),
    # All distances are read, and those of the persons checked are copied for each thread.
    "validation": Load(20, 12 * TREE_NS),
    "validation_part": Load(20, 12 * TREE_NS),
}


def job_megabytes(stage: str, pairs: int, parts: int = 1, attempt: int = 1, unique: int = 0) -> int:
    """Return the memory that a job asks for, in MB (1e6 bytes).

    stage: a name in `LOADS`. pairs: of unlike sequences in all, or of a sample. parts: jobs that share
    the pairs; a share of the validation reads all of them. attempt: from 1. unique: unlike sequences.
    """
    own = pairs / (parts if LOADS[stage].distances else 1)
    return int((PROGRAM + ROW * unique + LOADS[stage].bytes * own) * ROOM * 2 ** (attempt - 1) / MEGABYTE) + 1


def job_minutes(stage: str, pairs: int, method: str, parts: int = 1, threads: int = 1, times: int = 1) -> int:
    """Return the time that a job asks for, in minutes.

    method: the dissimilarity, for sequences of 20 states. times: how often the work is done, such as
    bootstrap samples.
    """
    load = LOADS[stage]
    ns = load.ns * times + (RATES[method][0] if load.distances else 0.0)
    seconds = START + pairs * ns / max(parts, 1) / max(threads, 1) / 1e9
    return LEAST_MINUTES + int(SLOWER * seconds / 60)
