"""Rim of stage `background`."""

from __future__ import annotations

import polars as pl

from veje import io
from veje.background import build_background
from veje.cli.files import Files
from veje.medicine import keep_collected
from veje.others import build_others
from veje.settings import Settings


def run(settings: Settings, inputs: Files, outputs: Files) -> list[str]:
    """Read the background registers, write covariates of the cohort and of whom it is compared with.

    Notes how many persons have no medicine because a year of it was not delivered.
    """
    own = settings.background
    names = {
        "education": own.education_codes,
        "diagnoses": own.diagnosis_codes,
        "medicine": own.medicine_codes,
    }
    lists = {name: io.read_list(path, "codes") for name, path in names.items()}
    tables = ("bef", "education", "medicine", "parents", "grants", "income", "unemployment")
    registers = {name: inputs.table(name) for name in tables}
    given = frozenset(name for name, one in settings.registers if one is not None)
    cohort = inputs.table("cohort")
    others = build_others(
        inputs.table("applications"),
        cohort,
        registers["bef"],
        settings.cohort,
        settings.comparison.others,
    )
    background = build_background(cohort, registers, lists, given, own)
    outputs.write(background, "background")
    compared = build_background(others, registers, lists, given, own)
    outputs.write(compared.join(others.select("person", "granted"), on="person"), "compared")
    both = pl.concat([frame.select("person", "index_date") for frame in (cohort, others)])
    groups = keep_collected(both, registers["medicine"], lists["medicine"], own.medicine_days)
    outputs.write(groups, "medicine_groups")
    return _untold(background, "cohort") + _untold(compared, "other citizens") if "lmdb" in given else []


def _untold(frame: pl.DataFrame, who: str) -> list[str]:
    persons = frame["psychopharmaceuticals"].null_count()
    told = f"lmdb: a year before the index date was not delivered for {persons:,} of the {who}"
    return [f"{told}: whether they took medicine is not known"] if persons else []
