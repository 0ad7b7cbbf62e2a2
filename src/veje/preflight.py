"""What distances and a tree of so many unlike sequences will take, told before they start."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from veje.errors import BadInput

GB = 1e9
# Bytes for each pair of unique sequences at the peak: its distance in float32, and in float64 in the
# tree's working copy. Measured: 12.1 (benchmarks/README.md, "Growth").
BYTES = 12
# What the process takes before it holds a single distance, in bytes.
PROGRAM = 0.3e9
# Nanoseconds of a tree for each pair of unique sequences; one core does it.
TREE_NS = 95.0
# Seconds to load the compiled kernels, or compile them where that has not been done.
START = 2.0
QUARTERS = 20
# Nanoseconds on one core for a pair of benefit-like sequences of 20 states, and the power of the
# length that they grow with: `benchmarks/bench_distances.py rates` prints both, rounded up.
RATES: dict[str, tuple[float, float]] = {
    "OM": (20, 2.4),
    "OMloc": (125, 2.3),
    "OMslen": (34, 2.4),
    "OMspell": (14, 2.0),
    "OMstran": (28, 2.1),
    "TWED": (125, 2.4),
    "HAM": (14, 1.2),
    "DHD": (10, 1.4),
    "LCS": (4, 1.9),
    "LCP": (5, 1.1),
    "RLCP": (6, 1.4),
    "NMS": (110, 2.1),
    "SVRspell": (85, 1.6),
    "CHI2": (34, 1.6),
    "EUCLID": (36, 1.5),
}


@dataclass(frozen=True)
class Forecast:
    """What distances and a tree will take.

    unique: unlike sequences. pairs: of them. seconds: both together. memory: bytes at the peak.
    limit: bytes that may be used.
    """

    unique: int
    pairs: int
    seconds: float
    memory: float
    limit: float

    @property
    def fits(self) -> bool:
        """Whether all distances can be held, so that clusters are exact."""
        return self.memory <= self.limit

    @property
    def line(self) -> str:
        """Say it in one line."""
        how = "exact" if self.fits else "too many for exact clusters, which leaves clusters.method: clara"
        return (
            f"{self.unique:,} unlike sequences, {self.pairs:,} pairs: predicted"
            f" {self.seconds:,.0f} s and {self.memory / GB:,.1f} GB of {self.limit / GB:,.1f} GB for"
            f" distances and a tree; {how}"
        )


def preflight(
    unique: int, length: int, method: str = "OM", cores: int = 1, memory_gb: float = 16.0
) -> Forecast:
    """Predict the time and memory of distances and a tree.

    unique: number of unlike sequences. length: states in each. method: a name in `METHODS`. cores:
    that distances may use. memory_gb: the limit in GB (1e9 bytes).
    Times are those of the machine the benchmark ran on; a slower one takes longer. Raises
    ValueError when there is nothing to compare or the limit is not above 0.
    """
    if unique < 2 or length < 1 or cores < 1:
        raise ValueError(f"{unique} sequences of {length} states on {cores} cores are no comparison")
    if not memory_gb > 0:
        raise ValueError(f"memory_gb must be above 0, but it is {memory_gb}")
    pairs = unique * (unique - 1) // 2
    ns, power = RATES[method]
    distances = ns * (length / QUARTERS) ** power / cores
    seconds = START + pairs * (distances + TREE_NS) / 1e9
    return Forecast(unique, pairs, seconds, PROGRAM + BYTES * pairs, memory_gb * GB)


def most_unique(limit: float) -> int:
    """Return the greatest number of unlike sequences whose distances and tree fit `limit` bytes."""
    return int(sqrt(2 * max(limit - PROGRAM, 0) / BYTES) + 0.5)


def refuse_unless_fits(forecast: Forecast) -> None:
    """Raise `BadInput` with what can be done when distances and a tree would not fit the memory."""
    if not forecast.fits:
        raise BadInput(
            f"distances.memory_gb: {forecast.line}. At most {most_unique(forecast.limit):,} unlike"
            " sequences fit: raise the limit where the machine has more memory, use fewer states or"
            " quarters, or cluster with veje.clusters.clara, which never holds all distances"
        )
