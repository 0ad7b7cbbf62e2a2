"""Measures what a process spends on hashing, validation and the audit; no code of veje's knows of it.

Python loads this file by itself where the benchmark put its folder on the path. Calls inside others
count for the inner kind alone, so that no second counts twice; what two threads do at once may.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

RECORD = "OVERHEAD_RECORD"
HASHING, VALIDATION, AUDIT = "hashing", "validation", "audit"
WATCHED = {
    "veje.io": {HASHING: ("digest",)},
    "veje.seals": {HASHING: ("digest_of",)},
    "veje.sealed": {HASHING: ("_sum",)},
    "veje.provenance": {HASHING: ("code_digest", "package_digest", "lock_digest")},
    "veje.contracts": {VALIDATION: ("check",)},
    "veje.ingest.columns": {VALIDATION: ("possible_cpr", "outside_limits")},
    "veje.ingest.doubles": {VALIDATION: ("hashes", "keep_suspects", "keep_doubles")},
    "veje.ingest.registers": {VALIDATION: ("drop_reversed",)},
    "veje.cli.gates": {VALIDATION: ("withheld_are_withheld", "audit_found_nothing")},
    "veje.cli.publish": {VALIDATION: ("scan", "compare", "same_figures")},
    "veje.cli.record": {VALIDATION: ("read_record",)},
    "veje.cli.manifest": {VALIDATION: ("differences",)},
    "veje.cli.jobrecords": {VALIDATION: ("keep",)},
    "veje.audit.build": {AUDIT: ("audit_release",)},
    "veje.audit.former": {AUDIT: ("tell_former",)},
}
NOTHING = np.zeros(2)
_spent: dict[str, NDArray[np.float64]] = {}
_guard, _open = threading.Lock(), threading.local()


def clocks() -> NDArray[np.float64]:
    """Give the seconds on the wall and of the processor."""
    return np.array([time.perf_counter(), time.process_time()])


def timed(call: Callable[..., Any], kind: str) -> Callable[..., Any]:
    """Count a call's seconds, but for those of counted calls inside it."""

    @functools.wraps(call)
    def counted(*args: Any, **words: Any) -> Any:
        outer, _open.inside = getattr(_open, "inside", NOTHING), NOTHING
        begun = clocks()
        try:
            return call(*args, **words)
        finally:
            spent = clocks() - begun
            with _guard:
                _spent[kind] = _spent.get(kind, NOTHING) + spent - _open.inside
            _open.inside = outer + spent

    return counted


def watch() -> None:
    """Put a clock around the watched functions of each module as soon as it is loaded."""
    load = SourceFileLoader.exec_module

    def exec_module(loader: SourceFileLoader, module: ModuleType) -> None:
        load(loader, module)
        for kind, names in WATCHED.get(module.__name__, {}).items():
            for name in names:
                setattr(module, name, timed(getattr(module, name), kind))

    SourceFileLoader.exec_module = exec_module


def write(begun: NDArray[np.float64]) -> None:
    """Write a line on this process, named as its log is, or else as its command."""
    words = sys.argv
    name = "snakemake" if "snakemake" in words[0] else words[1] if len(words) > 1 else words[0]
    if "--log" in words:
        name = Path(words[words.index("--log") + 1]).stem
    spent = {kind: both.tolist() for kind, both in _spent.items()}
    told = {"program": name, "all": (clocks() - begun).tolist(), **spent}
    with Path(os.environ[RECORD]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


if RECORD in os.environ:
    watch()
    atexit.register(write, clocks())
