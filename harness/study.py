"""The shipped study on a small twin, light enough to be run many times."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from veje.twin import make_twin, write_twin

ROOT = Path(__file__).resolve().parents[1]
LIGHT = {
    "sensitivity": {"variants": {"hamming": {"distances": {"method": "HAM"}}}},
    "validation": {"bootstraps": 10, "null_replications": 2, "orders": 1, "ties": 5, "permutations": 99},
    "nightly": {"heartbeat": 0.5, "grace": 5, "keep": 200, "free_gb": 0, "memory_gb": 0},
}
SMALL = {
    "languages": ["en"],
    "cohort": {"from": "2007-07-01", "to": "2009-03-31", "municipalities": {"791": "viborg"}},
    "comparison": {"others": "none"},
    "clusters": {"k": 2, "k_by_area": {"viborg": 2}, "k_max": 3},
    "timing_depth": {"grid": {"active_weeks": [1, 2]}},
    "validation": {"bootstraps": 2, "null_replications": 2, "orders": 1, "ties": 2, "permutations": 99},
    # So few persons that a lower threshold would keep the audit busy longer than all other stages.
    "disclosure": {
        "threshold": 100,
        "rounding": 100,
        "rule": "Many persons behind every figure (synthetic).",
    },
}
"""All stages on one municipality: a night of some twenty seconds, to be cut off hundreds of times."""


def write_study(folder: Path, *, light: bool = True, small: bool = False, heartbeat: float = 0.5) -> None:
    """Write registers and a config; with light checks of the typology unless the whole is asked for."""
    write_twin(make_twin(seed=2012, others=200 if small else 2_000), folder / "twin")
    data = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    if light:
        data |= LIGHT | {"nightly": {**LIGHT["nightly"], "heartbeat": heartbeat}}
    if small:
        data |= SMALL
    (folder / "config.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")


def veje(folder: Path, *words: str, threads: int = 2) -> subprocess.CompletedProcess[str]:
    """Call veje in a study's folder with all thread pools of one size."""
    pools = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    environment = {**os.environ, **{name: str(threads) for name in pools}}
    command = [sys.executable, "-m", "veje", *words, "--config", "config.yaml"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def digests(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every visible file below a folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def forget(folder: Path) -> None:
    """Take all results of a study away."""
    for name in ("results", ".snakemake"):
        shutil.rmtree(folder / name, ignore_errors=True)
