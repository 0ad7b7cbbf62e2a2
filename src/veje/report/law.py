"""The law's lists that the report shows."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Law:
    """The law's lists, as text: regimes, flags, and rules that no register can tell of."""

    regimes: pl.DataFrame
    flags: pl.DataFrame
    not_computable: pl.DataFrame
