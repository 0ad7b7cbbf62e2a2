"""How fast the scan for personal numbers reads: compressed noise, a table, base64, and all together.

python benchmarks/bench_scan.py
"""

from __future__ import annotations

import base64
import random
import time
import zlib

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
    numbers = frozenset(b"%010d" % draw.randrange(10**10) for _ in range(NUMBERS))
    find_identifiers(b"", numbers)
    print("| content | MB/s |\n|---|---|")
    for name, content in parts.items():
        start = time.perf_counter()
        find_identifiers(content, numbers)
        seconds = time.perf_counter() - start
        print(f"| {name}, {len(content) / 1e6:.1f} MB | {len(content) / 1e6 / seconds:.0f} |")


if __name__ == "__main__":
    main()
