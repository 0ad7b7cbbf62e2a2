"""One column of delivered text by its contract: the values, and which rows break a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from veje.settings import Register

CPR_LENGTH = 10
PLAIN = r"^[0-9]{10}$"
REFUSED = "refused"
"""What a contract says of an empty cell that keeps its row aside."""
EARLIEST, LATEST = pl.date(1880, 1, 1), pl.date(2100, 1, 1)
"""A date outside these is a slip of the pen, or days since another epoch."""


@dataclass(frozen=True)
class Broken:
    """Rows (as a mask) that break a rule, and what the rule says of them."""

    rule: str
    rows: pl.Series
    told: str


def read_column(
    text: pl.Series, spec: Mapping[str, str], register: Register, checked: bool
) -> tuple[pl.Series, list[Broken]]:
    """Read one column of text.

    text: cells as delivered, under veje's name. spec: the column's line in the register's contract.
    checked: personal numbers are CPR numbers, whose date must exist. A cell that breaks a rule is
    null in the values.
    """
    values = text.str.strip_chars()
    blank = (values == "") | (values == ".")
    values = values.set(blank, None) if blank.any() else values
    broken = []
    if spec["empty"] == REFUSED and values.null_count():
        rule = "identifier_missing" if spec["type"] == "identifier" else "cell_missing"
        broken.append(Broken(rule, values.is_null(), "empty"))
    found, more = _read_typed(values, spec, register, checked)
    return found, broken + [one for one in more if one.rows.any()]


def _read_typed(
    values: pl.Series, spec: Mapping[str, str], register: Register, checked: bool
) -> tuple[pl.Series, list[Broken]]:
    match spec["type"]:
        case "date":
            return read_dates(values, register.formats.get(values.name, spec["format"]))
        case "identifier":
            header = register.columns.get(values.name) or spec["delivered"]
            return read_identifiers(values, header, checked)
        case "number":
            found, broken = read_numbers(values)
            return found, [*broken, outside_limits(found, spec)]
        case "year":
            return read_years(values)
    # A code column that held an empty cell comes as a float: "657.0" is the municipality 657.
    codes = _replace(values, "[.]", r"^(\d+)\.0+$", "$1")
    meanings = register.values.get(values.name, spec.get("values"))
    if not isinstance(meanings, Mapping):
        return codes, []
    return read_meanings(codes, dict(meanings), spec.get("otherwise"))


def read_dates(values: pl.Series, form: str) -> tuple[pl.Series, list[Broken]]:
    """Read dates of one declared form; a number column arrives as "20080131.0" from a float."""
    tidy = _replace(values, "[.:]", r"(\.0+|[ T]00:00:00(\.0+)?)$", "")
    dates = tidy.str.to_date(form, strict=False, exact=True)
    unreadable = dates.is_null() & values.is_not_null()
    possible = dates.to_frame().select(pl.all().is_between(EARLIEST, LATEST)).to_series().fill_null(True)
    return dates.zip_with(possible, pl.Series(dates.name, [None], dtype=pl.Date)), [
        Broken("date_unreadable", unreadable, f"not a date of the form {form}"),
        Broken("date_out_of_range", ~possible, "a date before 1880 or after 2100"),
    ]


def read_identifiers(values: pl.Series, header: str, checked: bool) -> tuple[pl.Series, list[Broken]]:
    """Read personal numbers: restores a lost leading zero, and checks the date of CPR numbers.

    The day of a replacement number is 60 higher. The eleven-test is no reason to refuse: valid
    numbers without it exist since 2007.
    """
    if values.str.contains(PLAIN).all():
        return values, [_impossible(~possible_cpr(values))] if checked else []
    tidy = values.str.replace(r"\.0+$", "").str.replace(r"^(\d{6})-(\d{4})$", "$1$2")
    lost = tidy.str.contains(r"^\d+$") & (tidy.str.len_chars() == CPR_LENGTH - 1)
    whole = tidy.zip_with(~lost.fill_null(False), tidy.str.zfill(CPR_LENGTH))
    again = (values.str.to_lowercase() == header.lower()).fill_null(False)
    broken = [Broken("header_again", again, "the header again")]
    if checked:
        impossible = ~(possible_cpr(whole) | again).fill_null(True)
        broken.append(_impossible(impossible))
    return whole, broken


def _impossible(rows: pl.Series) -> Broken:
    return Broken("identifier_impossible", rows, "no possible personal number")


def possible_cpr(numbers: pl.Series) -> pl.Series:
    """Tell which numbers have ten digits and a day and month that exist in some year."""
    day = numbers.str.slice(0, 2).cast(pl.Int32, strict=False)
    month = numbers.str.slice(2, 2).cast(pl.Int32, strict=False)
    day = day.zip_with((day <= 60).fill_null(True), day - 60)
    lengths = pl.Series([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    real = month.is_between(1, 12).fill_null(False)
    longest = lengths.gather(month.zip_with(real, pl.Series([1], dtype=pl.Int32)) - 1)
    digits = numbers.str.contains(PLAIN).fill_null(False)
    return (digits & real & (day >= 1).fill_null(False) & (day <= longest)) | numbers.is_null()


def read_numbers(values: pl.Series) -> tuple[pl.Series, list[Broken]]:
    """Read numbers with a decimal point or comma."""
    numbers = _replace(values, ",", ",", ".").cast(pl.Float64, strict=False)
    numbers = numbers.zip_with(numbers.is_finite().fill_null(False), pl.Series([None], dtype=pl.Float64))
    unreadable = numbers.is_null() & values.is_not_null()
    return numbers, [Broken("number_unreadable", unreadable, "not a number")]


def outside_limits(numbers: pl.Series, spec: Mapping[str, str]) -> Broken:
    """Find numbers outside the contract's `min` and `max`; a column without them has no limits."""
    low, high = float(spec.get("min", "-inf")), float(spec.get("max", "inf"))
    outside = ~numbers.is_between(low, high).fill_null(True)
    return Broken("number_out_of_range", outside, f"a number outside {low:g} to {high:g}")


def read_years(values: pl.Series) -> tuple[pl.Series, list[Broken]]:
    """Read years of four digits; a number column arrives as "2006.0"."""
    years = values.str.replace(r"\.0+$", "").str.extract(r"^(\d{4})$").cast(pl.Int64)
    unreadable = years.is_null() & values.is_not_null()
    possible = years.is_between(1880, 2100).fill_null(True)
    return years.zip_with(possible, pl.Series(years.name, [None], dtype=pl.Int64)), [
        Broken("number_unreadable", unreadable, "not a year of four digits"),
        Broken("date_out_of_range", ~possible, "a year before 1880 or after 2100"),
    ]


def read_meanings(
    values: pl.Series, meanings: dict[str, str], otherwise: str | None = None
) -> tuple[pl.Series, list[Broken]]:
    """Replace codes by what the contract or the config says they mean.

    otherwise: what all other codes mean, for a column whose groups have one for the rest.
    """
    if otherwise is not None:
        return values.replace_strict(meanings, default=otherwise, return_dtype=pl.String).zip_with(
            values.is_not_null(), pl.Series(values.name, [None], dtype=pl.String)
        ), []
    unknown = values.is_not_null() & ~values.is_in(list(meanings))
    told = f"code without a meaning (known codes {', '.join(meanings)})"
    found = values.replace_strict(meanings, default=None, return_dtype=pl.String)
    return found, [Broken("code_unknown", unknown, told)]


def _replace(values: pl.Series, sign: str, pattern: str, by: str) -> pl.Series:
    """Replace a pattern in every cell; whole columns have no cell with the sign of it, and are left."""
    return values.str.replace(pattern, by) if values.str.contains(sign).any() else values
