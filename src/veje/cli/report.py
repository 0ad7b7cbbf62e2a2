"""Rim of stage `report`: one page a language, from the release, its pictures and the record of deliveries."""

from __future__ import annotations

from importlib.metadata import version

import polars as pl

from veje import io, provenance
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.published import compared_tables, read_published
from veje.report import Sources, build_report
from veje.report.comparison import Comparison
from veje.report.law import Law
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read the release, costs, pictures and deliveries, write one HTML page a language."""
    pictures = [path for folder in inputs.many("figures") for path in sorted(folder.glob("*.png"))]
    sources = Sources(
        released=inputs.table("released"),
        costs=inputs.table("costs"),
        alphabet=alphabet_of(settings.sequences),
        pictures={path.name: path.read_bytes() for path in pictures},
        deliveries=io.read_json(inputs.one("deliveries")),
        versions={"veje": version("veje"), **provenance.versions()},
        commit=provenance.commit(),
        comparison=read_comparison(inputs),
        audit=io.read_json(inputs.one("audit")),
        pages={language: outputs.one(language).name for language in settings.languages},
        law=Law(
            io.read_list(settings.reforms.regimes, "law"),
            io.read_list("flags", "law"),
            io.read_list("not_computable", "law"),
        ),
    )
    for language in settings.languages:
        io.write_text(build_report(sources, settings, language), outputs.one(language))


def read_comparison(inputs: Files) -> Comparison:
    """Read the released comparison with the publication, and what the publication says of itself."""
    named = [
        read_published(table).select(pl.lit(table).alias("table"), "key", "label_da")
        for table in compared_tables()
    ]
    return Comparison(
        figures=inputs.table("replication_released", "replication"),
        by_table=inputs.table("replication_by_table"),
        claims=inputs.table("claims"),
        timing_claims=inputs.table("timing_claims"),
        register=read_published("inconsistencies"),
        labels=pl.concat(named).unique(["table", "key"], maintain_order=True),
    )
