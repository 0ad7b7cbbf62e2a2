"""The study beside a run: every printed figure, the counts by table, and the claims in words."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from veje.claims import judge_claims
from veje.contracts import contract
from veje.replication import compare, count_verdicts
from veje.reproduced import exact_figures, released_figures
from veje.settings import Disclosure
from veje.timing_claims import any_computable
from veje.timing_claims import judge_claims as judge_timing


@dataclass(frozen=True)
class Publication:
    """What a study printed, and how it is compared.

    printed: figures as `printed_figures` gives them. claims: the register of claims in words. tests:
    how each is tested. timing: the claims on timing with their tests. tolerances, errata: as
    `compare` takes them.
    """

    printed: pl.DataFrame
    claims: pl.DataFrame
    tests: pl.DataFrame
    timing: pl.DataFrame
    tolerances: pl.DataFrame
    errata: pl.DataFrame


@dataclass(frozen=True)
class Replicated:
    """The comparison of exact figures (private), of released ones, its counts, and the claims.

    timing_claims: without rows when the run has no figure that one of them is about.
    """

    replication: pl.DataFrame
    replication_released: pl.DataFrame
    replication_by_table: pl.DataFrame
    claims: pl.DataFrame
    timing_claims: pl.DataFrame


def replicate(
    publication: Publication, cells: pl.DataFrame, released: pl.DataFrame, rules: Disclosure
) -> Replicated:
    """Compare a run's figures with a publication's.

    cells, released: tables of those names; all but `replication` is made of released figures alone.
    """
    shown = released_figures(released, cells, rules)
    of_released = _compare(publication, shown)
    judged = judge_timing(shown, publication.timing)
    return Replicated(
        replication=_compare(publication, exact_figures(cells)),
        replication_released=of_released,
        replication_by_table=count_verdicts(of_released),
        claims=judge_words(publication, shown),
        timing_claims=judged if any_computable(judged) else judged.clear(),
    )


def judge_words(publication: Publication, shown: pl.DataFrame) -> pl.DataFrame:
    """Test every claim on the run's released figures and on the printed ones: table `claims`."""
    material = publication.claims, publication.tests
    in_print = publication.printed.select(
        *shown.drop("value", "slack", "hidden").columns,
        pl.col("published").alias("value"),
        pl.lit(0.0).alias("slack"),
    )
    ours = judge_claims(*material, shown, publication.tolerances)
    theirs = judge_claims(*material, in_print, publication.tolerances)
    both = ours.join(theirs, on="claim_id", suffix="_in_print")
    texts = [pl.col(name).fill_null("") for name in ("area", "type_key")]
    return publication.claims.with_columns(texts).join(both, on="claim_id").sort("claim_id").select(
        "claim_id", "section", "key", "area", "type_key", "compare_with", "qualifier", "unit",
        pl.col("printed_value").cast(pl.Float64).alias("claimed"),
        pl.col("value").alias("reproduced"), "verdict",
        pl.col("value_in_print").alias("printed"), "verdict_in_print",
    )  # fmt: skip


def nothing() -> Replicated:
    """Give the tables of a run that is compared with no publication: without rows."""
    return Replicated(
        replication=contract("replication").empty(),
        replication_released=contract("replication").empty(),
        replication_by_table=contract("replication_by_table").empty(),
        claims=contract("claims").empty(),
        timing_claims=contract("timing_claims").empty(),
    )


def _compare(publication: Publication, ours: pl.DataFrame) -> pl.DataFrame:
    return compare(publication.printed, ours, publication.tolerances, publication.errata)
