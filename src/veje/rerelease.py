"""Whether a release can be taken from the one before it: what differs is then told of few persons.

Rounded counts move by a whole base when one person comes over its edge. Whoever knows that only this
person came between two releases reads the person's states and classes from the counts that moved.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from veje.errors import Unsafe

Prints = Mapping[str, int]


def prints_of(persons: Sequence[pl.DataFrame]) -> Prints:
    """Count the persons of every set of traits, each set known by a digest.

    persons: tables of traits, one row a person in each, with `person`; who a person is does not count.
    """
    joined = persons[0]
    for table in persons[1:]:
        joined = joined.join(table, on="person", how="left", suffix=f"_{len(joined.columns)}")
    told = joined.select(pl.struct(sorted(set(joined.columns) - {"person", "sequence"})).struct.json_encode())
    return Counter(hashlib.sha256(row.encode()).hexdigest()[:24] for row in told.to_series())


def differing(former: Prints, now: Prints) -> int:
    """Count the persons that only one of two releases has; one whose traits changed counts once."""
    gone = sum(max(count - now.get(mark, 0), 0) for mark, count in former.items())
    came = sum(max(count - former.get(mark, 0), 0) for mark, count in now.items())
    return max(gone, came)


def refuse_few(former: Prints, now: Prints, threshold: int) -> None:
    """Raise `Unsafe` when fewer persons than the threshold, but some, differ from the last release."""
    if 0 < differing(former, now) < threshold:
        raise Unsafe(
            f"fewer than {threshold} persons differ from the published release, which would show what they "
            "have: it stays until more do; nothing was published"
        )
