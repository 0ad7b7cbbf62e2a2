"""Grants as rows of facts, each a person with a story; a test changes what its rule looks at."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

SCHEMA = {
    "person": pl.Int64(),
    "area": pl.String(),
    "regime": pl.String(),
    "decision_date": pl.Date(),
    "birth_date": pl.Date(),
    "pension_date": pl.Date(),
    "effect_date": pl.Date(),
    "application_date": pl.Date(),
    "case_start": pl.Date(),
    "team_meeting": pl.Date(),
    "scheme": pl.String(),
    "basis": pl.String(),
    "death_date": pl.Date(),
    "abroad": pl.Boolean(),
    "measures": pl.Int64(),
    "last_measure_start": pl.Date(),
    "scheme_first": pl.Date(),
    "scheme_start": pl.Date(),
    "scheme_end": pl.Date(),
    "scheme_years": pl.Int64(),
    "scheme_weeks_longest": pl.Int64(),
    "scheme_weeks_before": pl.Int64(),
    "clarification_weeks": pl.Int64(),
    "pension_weeks": pl.Int64(),
    "weeks_since_cash": pl.Int64(),
}

KAREN: dict[str, Any] = {
    "person": 1,
    "area": "herning",
    "regime": "R2",
    "decision_date": date(2016, 6, 15),
    "birth_date": date(1970, 3, 1),
    "pension_date": date(2038, 3, 1),
    "basis": "s18_full_assessment",
    "abroad": False,
    "measures": 0,
    "scheme_weeks_longest": 0,
    "scheme_weeks_before": 0,
    "clarification_weeks": 0,
    "pension_weeks": 0,
}
"""46 years old and granted in 2016 without a measure, a scheme or anything else that a rule looks at."""


def facts(*changes: dict[str, Any]) -> pl.DataFrame:
    """Give Karen's row with each set of changes; persons are numbered from 1."""
    rows = [KAREN | change | {"person": number} for number, change in enumerate(changes, start=1)]
    return pl.DataFrame(rows, schema=SCHEMA)
