"""How fast the scan for personal numbers reads, and what many numbers that are sought cost.

Read are compressed noise, a table, base64, and all together.

python benchmarks/bench_scan.py [numbers sought]
"""

from __future__ import annotations

import base64
import random
import resource
import sys
import time
import zlib

import numpy as np
import polars as pl

from veje.known import know
from veje.scan import find_identifiers

NUMBERS = 30_000


def main() -> None:
    draw = random.Random(2012)
    parts = {
        "compressed noise": zlib.compress(draw.randbytes(4_000_000)),
        "a table": b"".join(b"%d,%.1f,published\n" % (5 * i, i / 7) for i in range(150_000)),
        "base64": base64.b64encode(draw.randbytes(2_000_000)),
    }
    parts["all together"] = b"".join(parts.values())
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NUMBERS
    drawn = np.random.default_rng(2012).integers(0, 10**10, size=count)
    texts = pl.Series(drawn).cast(pl.String).str.zfill(10)
    before, start = peak(), time.perf_counter()
    numbers = know(texts)
    seconds = time.perf_counter() - start
    print(f"{count:,} numbers taken in in {seconds:.1f} s; peak {before} MB before, {peak()} MB after\n")
    print("| content | MB/s |\n|---|---|")
    for name, content in parts.items():
        start = time.perf_counter()
        find_identifiers(content, numbers)
        seconds = time.perf_counter() - start
        print(f"| {name}, {len(content) / 1e6:.1f} MB | {len(content) / 1e6 / seconds:.0f} |")


def peak() -> int:
    """Give the most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
