"""Rim of stage `report`: one page a language, from the release, its pictures and the record of deliveries."""

from __future__ import annotations

from importlib.metadata import version

from veje import io, provenance
from veje.cli.files import Files
from veje.cli.lists import alphabet_of
from veje.report import Sources, build_report
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> None:
    """Read the release, costs, pictures and deliveries, write one HTML page a language."""
    folder = inputs.one("figures")
    sources = Sources(
        released=inputs.table("released"),
        costs=inputs.table("costs"),
        alphabet=alphabet_of(settings.sequences),
        pictures={path.name: path.read_bytes() for path in sorted(folder.glob("*.png"))},
        deliveries=io.read_json(inputs.one("deliveries")),
        versions={"veje": version("veje"), **provenance.versions()},
        commit=provenance.commit(),
        pages={language: outputs.one(language).name for language in settings.languages},
    )
    for language in settings.languages:
        io.write_text(build_report(sources, settings, language), outputs.one(language))
