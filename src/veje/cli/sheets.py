"""Rim of the sheets of drawn cases: a run's tables turned into words, a page a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from veje.cli.lists import alphabet_of
from veje.labels import Labels
from veje.lists import Alphabet
from veje.sampling import Sheet, Stratum, write_sheet
from veje.settings import Settings

DATES = ("application_date", "team_meeting", "case_start", "decision_date", "effect_date")
SAID = {True: "yes", False: "no", None: "not_known"}


def sheets_of(
    settings: Settings, tables: Mapping[str, pl.DataFrame], cases: pl.DataFrame, strata: Sequence[Stratum]
) -> dict[str, str]:
    """Write the sheet of every drawn case and reserve, by case, in the config's first language."""
    alphabet, language = alphabet_of(settings.sequences), settings.languages[0]
    labels = Labels(language, alphabet)
    titles = {one.name: one.labels[language] for one in strata}
    return {
        row["case"]: write_sheet(
            _sheet(row, tables, titles, labels, alphabet), language, lambda key: labels.of("case_words", key)
        )
        for row in _rows(tables, cases)
    }


def _rows(tables: Mapping[str, pl.DataFrame], cases: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Give a row a case with what single values the run has of it."""
    cohort = tables["cohort"].select("person", "age", decision_date="index_date")
    joined = (
        cases.join(cohort, on="person", how="left")
        .join(tables["cases"], on=["person", "decision_date"], how="left")
        .join(tables["grant_regimes"].drop("area"), on="person", how="left")
        .join(tables["sequences"].select("person", "states"), on="person", how="left")
    )
    return joined.sort("case").iter_rows(named=True)


def _sheet(
    row: Mapping[str, Any],
    tables: Mapping[str, pl.DataFrame],
    titles: Mapping[str, str],
    labels: Labels,
    alphabet: Alphabet,
) -> Sheet:
    spells = tables["spells"].filter(person=row["person"]).sort("start", "end", "kind")
    raised = tables["flags"].filter(person=row["person"])
    flags = dict(raised.select("flag", "value").iter_rows())
    return Sheet(
        case=row["case"],
        facts=_facts(row, titles[row["stratum"]], labels),
        strip=[(labels.state(alphabet.states[code]), alphabet.colours[code]) for code in row["states"]],
        measures=[
            (labels.of("kinds", kind), _day(start, ""), _day(end, ""))
            for kind, start, end in spells.select("kind", "start", "end").iter_rows()
        ],
        flags=[
            (labels.of("flags", name), labels.of("case_words", SAID[flags[name]]))
            for name in labels.ordered("flags", set(flags))
        ],
    )


def _facts(row: Mapping[str, Any], title: str, labels: Labels) -> list[tuple[str, str]]:
    """Give what is one value a case, with its name."""

    def word(key: str) -> str:
        return labels.of("case_words", key)

    return [
        (word("stratum"), f"{row['stratum']}: {title}"),
        (word("municipality"), labels.area(row["area"])),
        (word("age"), word("not_known") if row["age"] is None else str(row["age"])),
        (word("regime"), labels.of("regimes", row["regime"])),
        (labels.of("regimes", "straddles"), word(SAID[row["straddles"]])),
        *((word(name), _day(row[name], word("not_known"))) for name in DATES),
    ]


def _day(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else day.isoformat()
