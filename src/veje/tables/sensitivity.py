"""Figures of the choices made otherwise: agreement with the run, distance of profiles, sizes of types."""

from __future__ import annotations

import polars as pl

from veje.names import COMPARED
from veje.tables.figures import Head, indices, sizes


def sensitivity_figures(sensitivity: pl.DataFrame) -> list[pl.DataFrame]:
    """Figures of table `sensitivity`; every variant has every pooled type that any of them has.

    What is compared where nobody is has no persons; a statistic that is undefined is left out.
    """
    label = pl.format("{}.{}", "variant", "key").alias("key")
    compared = sensitivity.filter(pl.col("key").is_in(COMPARED), pl.col("value").is_not_null())
    found = sensitivity.filter(key="persons")
    every = (
        found.select("variant", "area", "key").unique().join(found.select("type_key").unique(), how="cross")
    )
    counted = every.join(found, on=["variant", "area", "key", "type_key"], how="left").with_columns(
        pl.col("persons").fill_null(0)
    )
    return [
        indices(
            compared.select("area", "type_key", label, "persons", pl.col("value").alias("index")),
            Head("sensitivity", "persons", "index", "index"),
        ),
        sizes(
            counted.select("area", "type_key", label, "persons"),
            Head("sensitivity", "persons", "count", "persons"),
        ),
    ]
