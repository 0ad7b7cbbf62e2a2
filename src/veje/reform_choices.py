"""The settings of regimes and flags: what is compared across reforms, and how the law is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import model_validator

from veje.sections import Count, Key, Section, key

Parameter = Literal[
    "age_anchor",
    "look_back_weeks",
    "terminal_days",
    "turning_18_months",
    "case_months",
    "team_days",
]

WIDENING: Mapping[str, int] = {
    "look_back_weeks": 1,
    "terminal_days": 1,
    "turning_18_months": 1,
    "case_months": -1,
    "team_days": -1,
}
"""Parameters whose larger values give a flag to all that smaller ones do and more (1), or to fewer (-1)."""


class Flags(Section):
    """By which parameters the flags of a grant are computed."""

    wanted: list[Key] = key(
        [],
        "names",
        "The flags that are computed; one without its register stops the run. None: every flag whose "
        "registers are delivered, and a note on each of the others.",
    )
    age_anchor: Literal["decision", "effect", "application"] = key(
        "decision",
        "rule",
        "The day on which a person's age is taken: of the decision, of its effect, or of the application; "
        "where `registers.cases` does not have that day, of the decision.",
    )
    look_back_weeks: int = key(
        4,
        "weeks",
        "Straight from cash benefit: a week of it this shortly before the grant.",
        ge=1,
        le=104,
    )
    terminal_days: int = key(
        183, "days", "Death this soon after the decision stands for terminal illness.", ge=1, le=730
    )
    turning_18_months: int = key(
        12, "months", "A grant this soon after the 18th birthday is one of turning 18.", ge=1, le=60
    )
    scheme_gap_weeks: int = key(4, "weeks", "Resource schemes at most this far apart are one.", ge=0, le=52)
    case_months: int = key(3, "months", "The decision should come this soon after the case starts.", ge=1)
    team_days: int = key(
        21, "days", "On the existing basis the case should start before this, after the team's meeting.", ge=1
    )
    existing_basis: list[str] = key(
        ["s17_1_2_existing_basis", "s17_2_existing_basis"],
        "codes",
        "What `basis` of the grant register says of a case decided on the existing basis: §17(1) before "
        "2013, §17(2) after it.",
    )
    senior: list[str] = key(
        ["senior"], "codes", "What `registers.cases` calls the scheme of a senior disability pension."
    )
    not_expected: list[Key] = key(
        ["senior_scheme", "resident_abroad", "turning_18", "existing_basis", "terminal_proxy"],
        "names",
        "A grant with one of these flags is `activation_not_expected`.",
    )
    alternatives: dict[Parameter, list[int | str]] = key(
        {},
        "parameter: values",
        "Parameters tried otherwise one at a time, with the share of each flag that moves.",
    )

    def nesting(self, parameter: str, value: int | str) -> Literal["wider", "narrower"] | None:
        """Tell whether a parameter's other value holds all whom the own one does, or only some of them.

        None for a parameter whose values do not lie within each other.
        """
        step = WIDENING.get(parameter)
        if step is None:
            return None
        return "wider" if step * (int(value) - int(getattr(self, parameter))) > 0 else "narrower"

    @model_validator(mode="after")
    def _other_values(self) -> Flags:
        for parameter, values in self.alternatives.items():
            every = [str(one) for one in (getattr(self, parameter), *values)]
            double = sorted({one for one in every if every.count(one) > 1})
            if double:
                raise ValueError(
                    f"alternatives.{parameter}: {', '.join(double)} stands twice or is the own value"
                )
        return self


class Reforms(Section):
    """What is compared across reforms, and what the law's rules say of each grant."""

    chapter: Literal["several", "always", "never"] = key(
        "several",
        "rule",
        "When grants get regimes and flags: when the cohort's days lie in more than one regime, always, "
        "or never.",
    )
    regimes: str = key("regimes", "name or path", "The list of regimes with their dates.")
    groups: dict[Key, list[str]] = key(
        {},
        "name: regimes",
        "Regimes that are clustered together and compared, in order; none: each regime for itself.",
    )
    k: Literal["auto"] | Count = key(
        "auto", "clusters", "Number of clusters within each group of regimes, or `auto`."
    )
    least_persons: int = key(
        60, "persons", "A group of regimes with fewer persons is not clustered for itself.", ge=10
    )

    @model_validator(mode="after")
    def _each_once(self) -> Reforms:
        named = [regime for group in self.groups.values() for regime in group]
        double = sorted({one for one in named if named.count(one) > 1})
        if double:
            raise ValueError(f"groups name {', '.join(double)} twice")
        return self
