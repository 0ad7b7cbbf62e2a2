"""The settings of the persons without a grant who are set beside the cohort."""

from __future__ import annotations

from veje.sections import Section, key


class NotGranted(Section):
    """Which persons without a grant are set beside the grants, where `comparison.at_risk` keeps them."""

    per_grant: int = key(2, "persons", "Persons drawn for each grant of a cell, while there are any.", ge=1)
    free_days: int = key(
        730, "days", "No grant by so long after the day on which a person is looked at.", ge=1
    )
    age_band: int = key(5, "years", "Width of the bands of age that are matched.", ge=1, le=50)
