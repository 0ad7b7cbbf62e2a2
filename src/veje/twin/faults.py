"""The faults that `--dirty` plants: what becomes of a row, under which rule, and what must follow.

A *form* turns a row (cells as text by column) into the cells that change. `expected` is `quarantine`
(the row is kept aside), `accepted` (the row is read as if it were clean) or `counted`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Row = Mapping[str, str | None]
Form = Callable[[Row, int], dict[str, str | None]]

SAS_EPOCH = date(1960, 1, 1)


@dataclass(frozen=True)
class Fault:
    """One rule's ways to appear in a register.

    adds: 0 changes a row, 1 adds the changed row at the end of the file, 2 adds it and makes the row
    it was copied from faulty too. cells: how many the row has too many (or, negative, at most too
    few) in the file, while its frame is whole (CSV only).
    """

    rule: str
    expected: str
    forms: Sequence[Form]
    adds: int = 0
    cells: int = 0


def same(_row: Row, _k: int) -> dict[str, str | None]:
    """Leave the cells as they are."""
    return {}


def put(column: str, value: str | None) -> Form:
    """Write the same value into a column."""
    return lambda _row, _k: {column: value}


def write_as(column: str, pattern: str) -> Form:
    """Write a cell in another form; `{}` stands for the cell."""
    return lambda row, _k: {column: pattern.format(row[column])}


def replace_day(day: str, month: str) -> Form:
    """Give the personal number another day and month."""
    return lambda row, _k: {"PNR": day + month + str(row["PNR"])[4:]}


def old_number(k: int) -> str:
    """Give the k-th number of a birth in 1900 to 1902, which begins with a zero.

    Day + 60 cannot begin with one. Nobody born then is alive: the number belongs to no living person.
    """
    return f"{1 + k % 9:02d}{1 + k // 9 % 12:02d}{k // 108 % 3:02d}{1000 + k // 324:04d}"


def with_hyphen(row: Row, _k: int) -> dict[str, str | None]:
    """Write a personal number as people write it."""
    number = str(row["PNR"])
    return {"PNR": f"{number[:6]}-{number[6:]}"}


def lose_zero(ending: str = "") -> Form:
    """Put a number with a leading zero in the row, as a number column leaves it."""
    return lambda _row, k: {"PNR": old_number(k)[1:] + ending}


def as_sas(column: str, unit: int) -> Form:
    """Write a date as SAS counts it: in days since 1960 (unit 1), or in seconds (86,400)."""

    def change(row: Row, _k: int) -> dict[str, str | None]:
        day = date.fromisoformat(str(row[column]))
        return {column: str((day - SAS_EPOCH).days * unit)}

    return change


def in_a_week(pattern: str, *, coded: bool) -> Form:
    """Write one week's cell in another form: of a week with a code, or of a blank week."""

    def change(row: Row, k: int) -> dict[str, str | None]:
        weeks = [name for name, cell in row.items() if name != "PNR" and (cell is not None) == coded]
        chosen = weeks[k * 37 % len(weeks)]
        return {chosen: pattern.format(row[chosen])}

    return change


IDENTIFIER = (
    Fault("identifier_missing", "quarantine", [put("PNR", cell) for cell in (None, "", " ", ".")]),
    Fault(
        "identifier_impossible",
        "quarantine",
        # Day 32 and day 32 + 60; day 0; month 13 and 0; 31 April, 30 February with day + 60.
        [
            *(replace_day(day, "05") for day in ("32", "92", "00")),
            *(replace_day("75", month) for month in ("13", "00")),
            replace_day("91", "04"),
            replace_day("90", "02"),
        ],
    ),
    Fault("identifier_zero_lost", "accepted", [lose_zero(), lose_zero(".0")]),
    Fault("identifier_as_number", "accepted", [write_as("PNR", "{}.0")]),
    Fault("identifier_hyphen", "accepted", [with_hyphen]),
    Fault("header_again", "quarantine", [put("PNR", cell) for cell in ("PNR", "pnr", " Pnr")]),
)
RAGGED = (
    Fault("short_row", "quarantine", [same], cells=-3),
    Fault("long_row", "quarantine", [same], cells=1),
)


def relative(column: str) -> Fault:
    """Give a relative a personal number that cannot be: 30 February, month 13, nine digits and a letter."""
    cells = ("3002701234", "0113701234", "010170123A")
    return Fault("identifier_impossible", "quarantine", [put(column, cell) for cell in cells])


def missing(*columns: str) -> Fault:
    """Leave out a cell that the register must have."""
    forms = [put(column, cell) for column in columns for cell in (None, " ")]
    return Fault("cell_missing", "quarantine", forms)


def date_faults(column: str) -> tuple[Fault, ...]:
    """Give the faults of a date column of the form YYYY-MM-DD."""
    unreadable = [
        *(put(column, cell) for cell in ("ukendt", "2008-13-45", "20080502", "2008-05-02 13:45:00")),
        *(as_sas(column, unit) for unit in (1, 86_400)),
    ]
    return (
        Fault("date_unreadable", "quarantine", unreadable),
        Fault("date_out_of_range", "quarantine", [put(column, "1700-01-01"), put(column, "2999-12-31")]),
        Fault("date_form", "accepted", [write_as(column, "{} 00:00:00")]),
    )


def duplicates(column: str, value: str | None) -> Fault:
    """Give a person twice: the same row again, and one with another value of a column."""
    return Fault("duplicate", "quarantine", [same, put(column, value)], adds=2)


def spell_sas_day(row: Row, _k: int) -> dict[str, str | None]:
    """Write a spell's first day as SAS counts it, where YYYYMMDD is declared."""
    text = str(row["STARTDTO"])
    day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return {"STARTDTO": str((day - SAS_EPOCH).days)}


def reverse(row: Row, _k: int) -> dict[str, str | None]:
    """Let a spell end before it begins."""
    return {"STARTDTO": row["SLUTDTO"], "SLUTDTO": row["STARTDTO"]}


def other_measure(row: Row, _k: int) -> dict[str, str | None]:
    """Give the spell's days another measure of another kind."""
    return {"FORANST": "25" if str(row["FORANST"]) < "20" else "01"}


SPELLS = (
    Fault("spell_reversed", "quarantine", [reverse]),
    Fault("spell_overlap", "counted", [other_measure], adds=1),
    Fault(
        "date_unreadable",
        "quarantine",
        [put("SLUTDTO", "ukendt"), put("STARTDTO", "20081345"), spell_sas_day],
    ),
    # The first day too early, the last too late: in both the spell still ends after it begins.
    Fault("date_out_of_range", "quarantine", [put("STARTDTO", "17000101"), put("SLUTDTO", "29991231")]),
    Fault("date_form", "accepted", [write_as("STARTDTO", "{}.0")]),
    Fault("code_unknown", "counted", [put("FORANST", "99")]),
    Fault("number_unreadable", "quarantine", [put("TIMERPU", "fuld tid")]),
    Fault("number_decimal_comma", "accepted", [put("TIMERPU", "18,5")]),
    missing("FORANST", "STARTDTO", "SLUTDTO"),
)
WEEKS = (
    Fault("code_unknown", "counted", [in_a_week("555", coded=True)]),
    Fault("week_form", "accepted", [in_a_week(cell, coded=True) for cell in ("{}.0", " {}", "{} ")]),
    Fault("week_form", "accepted", [in_a_week(cell, coded=False) for cell in (".", " ", "NaN")]),
    Fault("duplicate", "quarantine", [same, in_a_week("130", coded=False)], adds=2),
    *RAGGED,
)
FAULTS: Mapping[str, Sequence[Fault]] = {
    "dream": (*IDENTIFIER, *WEEKS),
    "grants": (
        *IDENTIFIER,
        *date_faults("AFGDATO"),
        Fault("code_unknown", "quarantine", [put("AFGTYPE", "9")]),
        Fault("code_as_number", "accepted", [write_as("KOM", "{}.0"), write_as("AFGTYPE", "{}.0")]),
        missing("AFGDATO"),
        *RAGGED,
    ),
    "bef": (
        *IDENTIFIER,
        *date_faults("FOED_DAG"),
        Fault("code_unknown", "quarantine", [put("KOEN", "3"), put("IE_TYPE", "9")]),
        Fault("code_as_number", "accepted", [write_as("KOM", "{}.0"), write_as("KOEN", "{}.0")]),
        relative("E_FAELLE_ID"),
        duplicates("KOM", "101"),
    ),
    "amfo": (*IDENTIFIER, *SPELLS),
    "udda": (*IDENTIFIER, *date_faults("HF_VFRA"), duplicates("HFAUDD", "99")),
    "lmdb": (*IDENTIFIER, *date_faults("EKSD"), missing("EKSD", "ATC")),
    "parents": (*IDENTIFIER, relative("MOR_ID"), relative("FAR_ID"), duplicates("MOR_ID", None)),
    "idap": (Fault("number_out_of_range", "quarantine", [put("ARLEDGR", "1001"), put("ARLEDGR", "-1")]),),
}
"""By register; a row gets one fault only."""
