"""The page: sections put in order and rendered to one self-contained HTML text.

One page a language, linked at the section being read: most of a page's weight is its pictures, which
have words in them, so that one page for both languages would be twice as heavy to no one's use.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from veje.labels import Labels
from veje.lists import Alphabet
from veje.released import Released
from veje.report.activity import measures, timing
from veje.report.blank import blank_state
from veje.report.blocks import Part, Section
from veje.report.comparison import Comparison
from veje.report.context import Context
from veje.report.law import Law
from veje.report.method import method
from veje.report.naming import naming
from veje.report.nongrants import not_granted
from veje.report.origin import origin
from veje.report.persons import profile
from veje.report.pictures import pictures, placed
from veje.report.reading import reading
from veje.report.reforms import reforms
from veje.report.replication import replication
from veje.report.results import areas, last_quarter, paths, quarters, who
from veje.report.sensitivity import sensitivity
from veje.report.summary import summary
from veje.report.tables import compared, others
from veje.report.texts import Texts
from veje.report.timing_depth import timing_depth
from veje.report.validity import validation
from veje.report.withheld import disclosure
from veje.settings import Settings


@dataclass(frozen=True)
class Sources:
    """What a report is made from.

    released, costs: tables of those names. pictures: PNG bytes by file name. deliveries: the record
    of ingest. pages: the file name of each language's page. law: the lists behind regimes and flags.
    """

    released: pl.DataFrame
    costs: pl.DataFrame
    alphabet: Alphabet
    pictures: Mapping[str, bytes]
    deliveries: Sequence[Mapping[str, Any]]
    versions: Mapping[str, str]
    commit: str
    comparison: Comparison
    audit: Mapping[str, float]
    pages: Mapping[str, str]
    law: Law | None = None


PARTS = {
    "findings": (summary, paths, areas, timing),
    "figures": (
        who, quarters, last_quarter, measures, profile, compared, timing_depth, naming, validation,
        sensitivity, reforms, not_granted, replication, pictures, others,
    ),
    "made": (method, disclosure, reading, origin),
}  # fmt: skip
"""What is for everyone to read, what is for checking it, and how it came about."""


def build_report(sources: Sources, settings: Settings, language: str) -> str:
    """Write the page of one language; the other languages' pages are linked by file name."""
    environment = _environment()
    context = _context(sources, settings, language, environment)
    others = [
        (code, context.texts(f"page_in_{code}"), name)
        for code, name in sources.pages.items()
        if code != language
    ]
    style = _read(environment, "report.css") + swatches(sources.alphabet)
    script = _read(environment, "report.js")
    return environment.get_template("report.html.j2").render(
        language=language,
        title=_title(context),
        context=context,
        t=context.texts,
        parts=_parts(context),
        synthetic=settings.synthetic,
        others=others,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
    )


def _parts(context: Context) -> list[Part]:
    """Make the parts of their sections, those that have anything to show."""
    t, parts = context.texts, []
    for name, makers in PARTS.items():
        made = [make(context) for make in makers]
        whole = [replace(one, blocks=[*one.blocks, *placed(context, one.anchor)]) for one in made]
        sections = [one for one in whole if one.blocks]
        parts.append(Part(name, t(f"part_{name}"), t(f"part_{name}_lead"), sections))
    return parts


def swatches(alphabet: Alphabet) -> str:
    """Write a style rule for each state's colour; anything but a colour's name or number is left out."""
    return "".join(
        f".state-{code} {{ background: {colour}; }}\n"
        for code, colour in enumerate(alphabet.colours)
        if re.fullmatch(r"#[0-9A-Fa-f]{3,8}|[A-Za-z]+", colour)
    )


def policy(style: str, script: str) -> str:
    """Write the page's content security policy: pictures in it, its own style and script, nothing else."""
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii") for text in (style, script)
    ]
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{hashes[0]}'; "
        f"script-src 'sha256-{hashes[1]}'; base-uri 'none'; form-action 'none'"
    )


def pictures_in(language: str, languages: Sequence[str], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Choose a language's pictures, by name: `flow.png` is the first language's, `flow.da.png` Danish."""
    chosen = {}
    for file, data in files.items():
        name, _, code = file.removesuffix(".png").partition(".")
        if (code or languages[0]) == language:
            chosen[name] = data
    return chosen


def _context(sources: Sources, settings: Settings, language: str, environment: Environment) -> Context:
    texts = Texts(language, lambda name: _read(environment, name), settings.disclosure.threshold)
    return Context(
        released=Released(sources.released, settings.cohort.areas),
        costs=sources.costs,
        settings=settings,
        alphabet=sources.alphabet,
        labels=Labels(language, sources.alphabet),
        texts=texts,
        pictures=pictures_in(language, settings.languages, sources.pictures),
        deliveries=sources.deliveries,
        versions=sources.versions,
        commit=sources.commit,
        comparison=sources.comparison,
        audit=sources.audit,
        blank=blank_state(settings, sources.alphabet),
        law=sources.law,
    )


def _title(context: Context) -> str:
    return context.settings.title.get(context.texts.language) or context.texts("title")


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("veje.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _read(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


__all__ = ["PARTS", "Section", "Sources", "build_report", "pictures_in", "policy", "swatches"]
