"""The settings of deliveries, cohort, sequences and covariates, and what every group of them is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

KEY = r"^[a-z][a-z0-9_]*$"
Key = Annotated[str, Field(pattern=KEY)]
Count = Annotated[int, Field(ge=2)]
Share = Annotated[float, Field(ge=0, le=1)]


def key(default: Any, unit: str, what: str, **limits: Any) -> Any:
    """Declare a setting: its default (`...` for none), its unit and what it changes."""
    return Field(default, description=what, json_schema_extra={"unit": unit}, **limits)


class Section(BaseModel):
    """A closed, immutable group of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Register(Section):
    """One register as it is delivered."""

    files: list[str] = key(
        ...,
        "paths",
        "The delivered file, or its yearly files: SAS, Stata, CSV (also .gz) or Parquet.",
        min_length=1,
    )
    columns: dict[str, str | None] = key(
        {},
        "name: name",
        "veje's column: the delivered column, where the two differ; `null` for one that is not delivered.",
    )
    formats: dict[str, str] = key(
        {}, "name: format", "The date format of a column, such as %Y%m%d, where it differs."
    )
    values: dict[str, dict[str, str]] = key(
        {}, "name: {code: meaning}", "What the codes of a column mean, where the delivery has its own."
    )
    separator: Literal[",", ";"] = key(",", "character", "The separator of a CSV delivery.")
    encoding: Literal["utf-8", "latin-1", "windows-1252"] = key(
        "utf-8", "encoding", "The encoding of a CSV delivery."
    )
    rows: int | None = key(
        None,
        "rows",
        "The rows that the sender counted in all files together; another number stops the run. A CSV "
        "delivery that is cut at a line's end shows it in no other way.",
        ge=0,
    )
    version: str | None = key(
        None, "YYYYMM", "DREAM's version: code list rows of other versions do not apply.", pattern=r"^\d{6}$"
    )


class Registers(Section):
    """The registers that a run reads."""

    dream: Register = key(..., "register", "Weekly benefit codes, one row a person.")
    grants: Register = key(..., "register", "Decisions on disability pension.")
    bef: Register = key(..., "register", "The population: sex, birth, municipality, family.")
    amfo: Register | None = key(None, "register", "Measure spells. Without it everyone's timing is `none`.")
    udda: Register | None = key(None, "register", "Education. Without it education is unknown.")
    lmdb: Register | None = key(None, "register", "Prescriptions. Without it medicine is not shown.")
    parents: Register | None = key(None, "register", "Parents. Without it parents on pension are not shown.")
    offl: Register | None = key(
        None, "register", "Measure spells since 2007; beside `amfo` it takes over on `timing.offl_from`."
    )
    ind: Register | None = key(None, "register", "Income, a row a year. Without it income is not shown.")
    idap: Register | None = key(
        None, "register", "Unemployment degree, a row a year. Without it unemployment is not shown."
    )
    deaths: Register | None = key(None, "register", "Deaths. Without it nobody is known to have died.")
    migration: Register | None = key(
        None, "register", "Moves out of the country and into it. Without it nobody is known to live abroad."
    )
    cases: Register | None = key(
        None, "register", "Dates of the case behind a decision. Without it no flag tells of them."
    )


class Quarantine(Section):
    """Rows that break their register's contract: kept aside below a limit, a stop above it."""

    limit: Share = key(
        0.0, "share of rows", "A register may have this share of broken rows; they are left out."
    )
    personal_numbers: Literal["pseudonyms", "cpr"] = key(
        "pseudonyms", "kind", "`cpr`: a personal number whose date does not exist breaks the contract."
    )


class Window(Section):
    """The quarters before the index week that a sequence covers."""

    anchor: Literal["grant_week", "calendar_quarter"] = key(
        "grant_week",
        "rule",
        "Where quarters begin: 13-week blocks before the grant's week, or calendar quarters.",
    )
    quarters: int = key(20, "quarters", "How far back a sequence reaches.", ge=2, le=80)
    weeks_per_quarter: int = key(13, "weeks", "Length of a block with `grant_week`.", ge=1, le=26)


class Cohort(Section):
    """Who is studied."""

    from_: date = Field(
        alias="from", description="First decision date of the cohort.", json_schema_extra={"unit": "date"}
    )
    to: date = key(..., "date", "Last decision date of the cohort, inclusive.")
    municipalities: dict[str, Key] = key(
        ..., "code: name", "The municipalities studied and the key each has in tables.", min_length=1
    )
    absent_limit: Share = key(
        0.0, "share of persons", "So many may lack a row in DREAM; they are left out and counted."
    )
    abroad: Literal["exclude", "keep"] = key(
        "exclude", "rule", "Persons who live abroad on the day of the decision, by `registers.migration`."
    )
    pooled: Key = key("four_municipalities", "name", "The key of all municipalities together in tables.")

    @model_validator(mode="after")
    def _ordered(self) -> Cohort:
        if self.to < self.from_:
            raise ValueError(f"to ({self.to}) lies before from ({self.from_})")
        if self.pooled in self.municipalities.values():
            raise ValueError(f"pooled ({self.pooled}) is the key of a municipality too")
        return self

    @property
    def areas(self) -> list[str]:
        """The pooled area first, then the municipalities in the config's order; two codes may share a key."""
        return [self.pooled, *dict.fromkeys(self.municipalities.values())]


class Comparison(Section):
    """Whom the persons are compared with."""

    others: Literal["none", "everyone"] = key(
        "none", "rule", "`everyone`: keep rows of persons without a decision too; memory grows with them."
    )
    at_risk: bool = key(
        False,
        "yes or no",
        "Keep weeks and deaths of persons without a decision, and tell how often a path ends in a grant; "
        "memory grows with them.",
    )


class Sequences(Section):
    """How weekly codes become quarter states."""

    alphabet: str = key("caswell9", "name or path", "The states, their order, labels and colours.")
    codes: str = key("dream", "name or path", "The code list that gives each weekly code its state.")
    state_column: str = key("caswell_state", "column", "The column of the code list that holds the state.")
    tie: Literal["latest", "earliest", "priority"] = key(
        "latest",
        "rule",
        "Which state wins when several have most weeks: the one seen last, first, or listed first.",
    )
    priority: list[Key] = key(
        [], "states", "The order of states for `tie: priority`; empty: the alphabet's order."
    )
    switches: dict[Key, bool] = key(
        {},
        "name: yes or no",
        "Lines of low confidence in the code list, by their switch: read them, or count their codes as "
        "unknown; a switch that is not named follows the list's `switch_default`.",
    )
    blank: Literal["by_list", "by_industry"] = key(
        "by_list",
        "rule",
        "How a week without transfer is read: as the code list says (the study: wage earner), or by the "
        "month's industry (BRANCHE_YYYY_MM): with one as the list says, without one as `self_supporting`. "
        "Weeks before 2008 cannot be told apart and are read as the list says.",
    )
    self_supporting: Key = key(
        "self_supporting",
        "state",
        "With `blank: by_industry` the state of a blank week without an industry. The alphabet must have it: "
        "`modern` does, the study's does not.",
    )
    blank_as: Key | None = key(
        None,
        "state",
        "Read every blank week as this state of the alphabet (`missing`: as not known) instead of the code "
        "list's; the study reads it as wage earner.",
    )
    min_weeks: int = key(7, "weeks", "A quarter with fewer known weeks is missing.", ge=1, le=26)
    rows: Literal["sorted", "reversed"] = key(
        "sorted",
        "rule",
        "The order in which unlike sequences are numbered, which matters only where a method breaks ties by "
        "it: by their states, or the other way round.",
    )
    unknown_limit: Share = key(
        0.0, "share of weeks", "Weeks with a code that is not in the list; more than this stops the run."
    )

    @model_validator(mode="after")
    def _blank_read_once(self) -> Sequences:
        if self.blank_as is not None and self.blank != "by_list":
            raise ValueError(f"blank_as goes with `blank: by_list` alone, not with {self.blank}")
        return self


class Replication(Section):
    """Which publication's figures the run's own are held against."""

    publication: Literal["caswell2012"] | None = key(
        None,
        "name",
        "The publication whose printed figures are compared (the study's is `caswell2012`), or none.",
    )


class Background(Section):
    """Covariates at the index date."""

    education_codes: str = key(
        "education", "name or path", "The list that gives each education code its level."
    )
    diagnosis_codes: str = key("diagnoses", "name or path", "The list that gives each diagnosis its group.")
    medicine_codes: str = key("medicine", "name or path", "The list that gives each ATC code its groups.")
    medicine_days: int = key(365, "days", "Prescriptions this long before the grant count.", ge=1)
    age_groups: list[int] = key(
        [26, 36, 46, 56], "years", "First age of each group but the youngest.", min_length=1
    )
    income_groups: list[int] = key(
        [100_000, 150_000, 200_000, 300_000],
        "DKK a year",
        "Lowest income of each group but the lowest.",
        min_length=1,
    )
    unemployment_groups: list[int] = key(
        [1, 250, 500, 750],
        "per mille of the year",
        "Lowest unemployment degree of each group but the lowest.",
        min_length=1,
    )
