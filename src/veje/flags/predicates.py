"""The rules of the law as predicates: each takes the parameters and gives an expression over the facts.

A predicate is true, false, or null where its inputs do not tell. What a rule means, its source
paragraph, its inputs, its first regime and its certainty stand in `data_schema/law/flags.csv`.
Most rules hold "as a starting point" only: a flag is no violation, unless its kind is `hard`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from veje.reform_choices import Flags

Predicate = Callable[[Flags], pl.Expr]

ANCHORS: Mapping[str, str] = {
    "decision": "decision_date",
    "effect": "effect_date",
    "application": "application_date",
}

DECIDED = pl.col("decision_date")


def anchor(rules: Flags) -> pl.Expr:
    """Give the day on which ages are taken; the decision's where the case has no such day."""
    return pl.coalesce(ANCHORS[rules.age_anchor], "decision_date")


def aged(years: int, day: pl.Expr) -> pl.Expr:
    """Tell who has had a birthday by a day; who is born on 29 February has it on 28 in other years."""
    return pl.col("birth_date").dt.offset_by(f"{years}y") <= day


def age_outside(_: Flags) -> pl.Expr:
    """Younger than 18, or at the pension age, on the day of effect."""
    day = pl.coalesce("effect_date", "decision_date")
    return ~aged(18, day) | (day >= pl.col("pension_date"))


def age_18_39(rules: Flags) -> pl.Expr:
    """Aged 18 to 39 on the anchor's day."""
    return aged(18, anchor(rules)) & ~aged(40, anchor(rules))


def age_40_up(rules: Flags) -> pl.Expr:
    """Aged 40 or more on the anchor's day."""
    return aged(40, anchor(rules))


def turning_18(rules: Flags) -> pl.Expr:
    """Decided before, or within some months after, the 18th birthday."""
    birthday = pl.col("birth_date").dt.offset_by("18y")
    return birthday.dt.offset_by(f"{rules.turning_18_months}mo") > DECIDED


def prior_scheme(_: Flags) -> pl.Expr:
    """A resource scheme begun before the grant."""
    return pl.col("scheme_first").is_not_null() & (pl.col("scheme_first") < DECIDED)


def route_a(rules: Flags) -> pl.Expr:
    """Neither a resource scheme nor a measure nor job clarification."""
    return ~prior_scheme(rules) & ~_measured()


def route_b(rules: Flags) -> pl.Expr:
    """No resource scheme, but a measure or job clarification."""
    return ~prior_scheme(rules) & _measured()


def route_c(rules: Flags) -> pl.Expr:
    """A resource scheme."""
    return prior_scheme(rules)


def multiple_scheme_or_error(_: Flags) -> pl.Expr:
    """Longer on end in a resource scheme than the regime of its start grants."""
    longest = pl.col("scheme_start").dt.offset_by(pl.format("{}y", pl.col("scheme_years").fill_null(0)))
    over = pl.col("scheme_end").dt.offset_by("7d") > longest
    return (over & pl.col("scheme_years").is_not_null()).fill_null(False)


def scheme_crosses_40(_: Flags) -> pl.Expr:
    """In one resource scheme before and after the 40th birthday."""
    birthday = pl.col("birth_date").dt.offset_by("40y")
    crossed = (pl.col("scheme_start") < birthday) & (pl.col("scheme_end") >= birthday)
    return pl.when(pl.col("scheme_start").is_null()).then(False).otherwise(crossed)


def scheme_before_2013(_: Flags) -> pl.Expr:
    """Weeks of a resource scheme before there was one."""
    return pl.col("scheme_weeks_before") > 0


def existing_basis(rules: Flags) -> pl.Expr:
    """Decided on the existing basis, by the grant register."""
    return pl.col("basis").is_in(rules.existing_basis)


def clarified_after_application(rules: Flags) -> pl.Expr:
    """On the existing basis, and a measure begins after the application."""
    later = pl.col("last_measure_start") > pl.col("application_date")
    known = pl.col("application_date").is_not_null()
    return existing_basis(rules) & pl.when(known).then(later.fill_null(False))


def terminal_proxy(rules: Flags) -> pl.Expr:
    """Dead within some days of the decision; who has no death is alive."""
    days = (pl.col("death_date") - DECIDED).dt.total_days()
    return days.is_between(0, rules.terminal_days).fill_null(False)


def case_over_limit(rules: Flags) -> pl.Expr:
    """Decided more than some months after the case's start."""
    return pl.col("case_start").dt.offset_by(f"{rules.case_months}mo") < DECIDED


def team_to_case_over_limit(rules: Flags) -> pl.Expr:
    """On the existing basis, and too many days from the team's meeting to the case's start."""
    days = (pl.col("case_start") - pl.col("team_meeting")).dt.total_days()
    return existing_basis(rules) & (days >= rules.team_days)


def senior_scheme(rules: Flags) -> pl.Expr:
    """Granted under the senior scheme."""
    return pl.col("scheme").is_in(rules.senior)


def resident_abroad(_: Flags) -> pl.Expr:
    """Living abroad on the day of the decision."""
    return pl.col("abroad")


def pension_before(_: Flags) -> pl.Expr:
    """Weeks of disability pension before the grant."""
    return pl.col("pension_weeks") > 0


def from_cash_benefit(rules: Flags) -> pl.Expr:
    """A week of cash benefit shortly before the grant."""
    return (pl.col("weeks_since_cash") <= rules.look_back_weeks).fill_null(False)


def _measured() -> pl.Expr:
    return (pl.col("measures") > 0) | (pl.col("clarification_weeks") > 0)


PREDICATES: Mapping[str, Predicate] = {
    one.__name__: one
    for one in (
        age_outside,
        age_18_39,
        age_40_up,
        turning_18,
        prior_scheme,
        route_a,
        route_b,
        route_c,
        multiple_scheme_or_error,
        scheme_crosses_40,
        scheme_before_2013,
        existing_basis,
        clarified_after_application,
        terminal_proxy,
        case_over_limit,
        team_to_case_over_limit,
        senior_scheme,
        resident_abroad,
        pension_before,
        from_cash_benefit,
    )
}
"""The predicates by the names of their flags."""

GROUP = "activation_not_expected"
"""The flag that is made of other flags."""
