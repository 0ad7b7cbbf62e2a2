"""Names in a config that only the registers' contracts and the shipped lists know."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pydantic import ValidationError

from veje.contracts import data_schema, register
from veje.errors import near
from veje.settings import Register, Settings, Timing


def faults(settings: Settings) -> list[str]:
    """List the names of a config that stand for nothing, and limits that no window can meet."""
    return [*_maps(settings), *_lists(settings), *_limits(settings), *_grid(settings)]


def _maps(settings: Settings) -> Iterator[str]:
    """Name maps of registers must name columns that the register has."""
    for name, given in settings.registers:
        if given is None:
            continue
        known = register(name).columns
        for kind in ("columns", "formats", "values"):
            for column in getattr(given, kind):
                if column not in known:
                    yield f"unknown key 'registers.{name}.{kind}.{column}': {near(column, known)}"
        yield from _absent(name, given)
        if given.version and name != "dream":
            yield f"key 'registers.{name}.version': only DREAM has versions"


def _absent(name: str, given: Register) -> Iterator[str]:
    for column, delivered in given.columns.items():
        spec = register(name).columns.get(column, {})
        if delivered is None and not spec.get("optional"):
            yield f"key 'registers.{name}.columns.{column}': {name} cannot do without it"


def _lists(settings: Settings) -> Iterator[str]:
    """Lists given by name must be shipped."""
    named = {
        "sequences.alphabet": (settings.sequences.alphabet, "alphabets"),
        "sequences.codes": (settings.sequences.codes, "codes"),
        "timing.codes": (settings.timing.codes, "codes"),
        "timing.offl_codes": (settings.timing.offl_codes, "codes"),
        "typology.reference": (settings.typology.reference, "reference"),
        "reforms.regimes": (settings.reforms.regimes, "law"),
        "background.education_codes": (settings.background.education_codes, "codes"),
        "background.diagnosis_codes": (settings.background.diagnosis_codes, "codes"),
        "background.medicine_codes": (settings.background.medicine_codes, "codes"),
    }
    for key, (value, kind) in named.items():
        shipped = [path.stem for path in (data_schema() / kind).glob("*.csv")]
        if value is not None and not value.endswith(".csv") and value not in shipped:
            yield f"key '{key}': no list '{value}': {near(value, shipped)}"


def _limits(settings: Settings) -> Iterator[str]:
    """Limits must leave something possible."""
    quarters, timing, background = settings.window.quarters, settings.timing, settings.background
    if timing.continuous_to > quarters or timing.passive_run >= quarters:
        yield f"timing: continuous_to and passive_run must lie inside the {quarters} quarters of the window"
    for key in ("age_groups", "income_groups", "unemployment_groups"):
        if any(b <= a for a, b in pairwise(getattr(background, key))):
            yield f"key 'background.{key}': limits must rise"
    if len(set(settings.languages)) != len(settings.languages):
        yield "key 'languages': a language stands twice"
    for language in settings.title:
        if language not in settings.languages:
            yield f"unknown key 'title.{language}': {near(language, settings.languages)}"


def _grid(settings: Settings) -> Iterator[str]:
    """Thresholds that are tried must be such as the classes may have."""
    for name, values in settings.timing_depth.grid.items():
        for value in values:
            try:
                Timing.model_validate({**settings.timing.model_dump(), name: value})
            except ValidationError as error:
                yield f"key 'timing_depth.grid.{name}': {value:g}: {error.errors()[0]['msg'].lower()}"
