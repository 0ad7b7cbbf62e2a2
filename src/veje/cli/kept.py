"""What a run leaves for the next one, in a private folder: distances of unlike sequences.

A run without it, or with one that is damaged or of other costs, computes everything; no result differs.
"""

from __future__ import annotations

import io as memory
from pathlib import Path

import numpy as np

from veje import io
from veje.distances.known import Known

NAMES = ("states.npy", "distances.npy")
INDEX = "distances.json"


def read_known(folder: Path, key: str) -> tuple[Known | None, str]:
    """Read the distances that were kept under this key; None, and why, when there are none."""
    index = folder / INDEX
    if not index.is_file():
        return None, "no distances of a former run"
    told = io.read_json_or(index, {})
    if not isinstance(told, dict) or set(told) != {"key", *NAMES}:
        return None, "the former run's distances are damaged"
    if told["key"] != key:
        return None, "the former run's distances are of other costs, settings or code"
    found = []
    for name in NAMES:
        content = (folder / name).read_bytes() if (folder / name).is_file() else b""
        # The bytes that are checked are those that are used.
        if io.digest_of(content) != told[name]:
            return None, "the former run's distances are damaged"
        found.append(np.load(memory.BytesIO(content), allow_pickle=False))
    return Known(*found), ""


def write_known(known: Known, key: str, folder: Path) -> None:
    """Keep distances for the next run; the index, which is written last, says what belongs together."""
    io.make_folder(folder)
    for name, array in zip(NAMES, (known.states, known.d), strict=True):
        io.write_array(array, folder / name)
    digests = {name: io.digest(folder / name) for name in NAMES}
    io.write_json({"key": key, **digests}, folder / INDEX)
