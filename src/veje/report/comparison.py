"""What the chapter of the publication is written from."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Comparison:
    """Released figures beside printed ones, counts by table, claims, and the register of inconsistencies.

    figures: table `replication` of released values. by_table: `replication_by_table`. claims,
    timing_claims: tables of those names. register, labels: the publication's own list of what it
    prints wrong, and its Danish names of rows (table, key, label_da). All are empty when the run is
    compared with nothing.
    """

    figures: pl.DataFrame
    by_table: pl.DataFrame
    claims: pl.DataFrame
    timing_claims: pl.DataFrame
    register: pl.DataFrame
    labels: pl.DataFrame
