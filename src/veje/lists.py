"""Code lists and alphabets: codes are data, and this is how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from veje.errors import BadInput, near
from veje.versions import full_version
from veje.weeks import week_of

MISSING = "missing"
OUTSIDE = "outside_alphabet"
BLANK = "BLANK"
_VERSION = re.compile(r"^v:[A-Z]*(\d{4}|\d{6})$")


@dataclass(frozen=True)
class Alphabet:
    """The states in their order; the last one is `missing`. A state's code is its position."""

    states: tuple[str, ...]
    labels: dict[str, dict[str, str]]
    colours: tuple[str, ...]

    @property
    def missing(self) -> int:
        """The code of the missing state."""
        return len(self.states) - 1

    def code(self, state: str) -> int:
        """Give the code of a state; one that is not in the alphabet is bad input."""
        if state not in self.states:
            raise BadInput(f"state '{state}' is not in the alphabet: {near(state, self.states)}")
        return self.states.index(state)


@dataclass(frozen=True)
class CodeRow:
    """One line of a weekly code list: a code, its state, and the weeks in which it holds.

    switch: the name that a line of low confidence is switched by. state: None when it is off; the
    code is then unknown in these weeks, unless another line holds.
    """

    code: str
    state: str | None
    week_from: int | None
    week_to: int | None
    switch: str | None = None

    def holds(self, week: int) -> bool:
        """Tell whether the line holds in a week."""
        after = self.week_from is None or week >= self.week_from
        return after and (self.week_to is None or week <= self.week_to)


def read_alphabet(table: pl.DataFrame, name: str) -> Alphabet:
    """Make an alphabet of its list (state, label_en, label_da, colour); adds `missing` when absent."""
    _need(table, ["state", "label_en", "colour"], name)
    rows = table.to_dicts()
    if MISSING not in table.get_column("state").to_list():
        rows.append({"state": MISSING, "label_en": "Missing", "label_da": "Mangler", "colour": "#D2D2D2"})
    rows.sort(key=lambda row: row["state"] == MISSING)
    states = tuple(row["state"] for row in rows)
    if len(set(states)) != len(states):
        raise BadInput(f"alphabet {name}: a state stands twice")
    labels = {
        row["state"]: {"en": row["label_en"], "da": row.get("label_da") or row["label_en"]} for row in rows
    }
    return Alphabet(states, labels, tuple(row["colour"] for row in rows))


def read_codes(
    table: pl.DataFrame,
    column: str,
    alphabet: Alphabet,
    version: str | None,
    name: str,
    switches: Mapping[str, bool] | None = None,
) -> list[CodeRow]:
    """Read a weekly code list: which code has which state in which weeks, for one DREAM version.

    column: the list's state column. A state outside the alphabet other than `outside_alphabet` is
    bad input. Codes outside the alphabet count as missing. switches: the config's, see
    `read_switches`; with None every line is on.
    """
    _need(table, ["code", column], name)
    _no_double(table, name)
    on = {} if switches is None else read_switches(table, switches, name)
    rows = []
    for line, row in enumerate(table.to_dicts(), start=2):
        where = f"code list {name}: line {line}"
        state, switch = _state(row[column], alphabet, where), row.get("switch")
        start, end = row.get("valid_from"), row.get("valid_to")
        try:
            weeks, holds = (_week(start), _week(end)), _holds_in_version(start, end, version)
        except ValueError:
            raise BadInput(f"{where}: neither a date nor a version") from None
        if holds:
            code = "" if row["code"] in (None, BLANK) else row["code"]
            rows.append(CodeRow(code, state if on.get(switch or "", True) else None, *weeks, switch))
    return rows


def read_switches(
    table: pl.DataFrame, wanted: Mapping[str, bool], name: str, key: str = "sequences.switches"
) -> dict[str, bool]:
    """Say which switches of a code list are on: those of the config, the others by the list's default.

    table: `switch` names a line's switch, `switch_default` is on or off (off when there is none).
    key: the config's key that `wanted` stands under. Raises `BadInput` for a switch in the config
    that the list does not have.
    """
    on: dict[str, bool] = {}
    for line, row in enumerate(table.to_dicts(), start=2):
        switch, default = row.get("switch"), row.get("switch_default") or "off"
        if not switch:
            continue
        if default not in ("on", "off"):
            raise BadInput(f"code list {name}: line {line}: switch_default is neither on nor off")
        if on.setdefault(switch, default == "on") != (default == "on"):
            raise BadInput(f"code list {name}: line {line}: switch '{switch}' has another default above")
    for switch in wanted:
        if switch not in on:
            told = near(switch, on) if on else "it has none"
            raise BadInput(f"config: {key}: code list {name} has no '{switch}': {told}")
    return on | dict(wanted)


def switch_at(rows: Sequence[CodeRow], week: int, known: bool) -> str | None:
    """Name the switch behind a code's week: the one it is read by, or when unknown the one that is off.

    rows: the code's lines in the list's order; of those that hold the last one counts.
    """
    held = [row for row in rows if row.holds(week) and (row.state is not None) == known]
    return held[-1].switch if held else None


def meanings(table: pl.DataFrame, column: str, name: str) -> dict[str, str]:
    """Read a plain list: code to the value of a column."""
    _need(table, ["code", column], name)
    codes = table.get_column("code")
    if codes.is_duplicated().any():
        raise BadInput(f"code list {name}: {int(codes.is_duplicated().sum())} lines share a code")
    return dict(zip(codes, table.get_column(column), strict=True))


def read_kinds(table: pl.DataFrame, switches: Mapping[str, bool], name: str) -> dict[str, str]:
    """Read a list of measure codes: code to kind, without the lines whose switch is off.

    switches: the config's `timing.switches`. A code of a line that is off counts as unknown.
    """
    kinds = meanings(table, "kind", name)
    on = read_switches(table, switches, name, "timing.switches")
    switched = dict(zip(table["code"], table["switch"], strict=True)) if "switch" in table.columns else {}
    return {code: kind for code, kind in kinds.items() if on.get(switched.get(code) or "", True)}


def add_by_prefix(frame: pl.DataFrame, code: str, prefixes: dict[str, str], to: str) -> pl.DataFrame:
    """Add the value of the longest prefix that a code begins with; null when none does."""
    found = pl.lit(None, dtype=pl.String)
    for prefix in sorted(prefixes, key=lambda p: (len(p), p)):
        found = pl.when(pl.col(code).str.starts_with(prefix)).then(pl.lit(prefixes[prefix])).otherwise(found)
    return frame.with_columns(found.alias(to))


def _need(table: pl.DataFrame, columns: list[str], name: str) -> None:
    for column in columns:
        if column not in table.columns:
            raise BadInput(f"list {name}: no column '{column}'; it has {', '.join(table.columns)}")


def _state(state: str | None, alphabet: Alphabet, where: str) -> str:
    known = MISSING if state == OUTSIDE else state
    if known not in alphabet.states:
        raise BadInput(f"{where}: state '{state}' is not in the alphabet")
    return known


def _no_double(table: pl.DataFrame, name: str) -> None:
    double = table.select(c for c in ("code", "valid_from") if c in table.columns).is_duplicated()
    if double.any():
        raise BadInput(f"code list {name}: {int(double.sum())} lines share code and valid_from")


def _holds_in_version(start: str | None, end: str | None, version: str | None) -> bool:
    """Tell whether a row holds in a DREAM version.

    # ASSUME: with no version declared, rows limited to versions all hold.
    """
    if version is None:
        return True
    low, high = _version(start), _version(end)
    return (low is None or version >= low) and (high is None or version <= high)


def _version(limit: str | None) -> str | None:
    match = _VERSION.match(limit or "")
    if match is None:
        return None
    return full_version(match[1])


def _week(limit: str | None) -> int | None:
    if not limit or _VERSION.match(limit):
        return None
    return week_of(date.fromisoformat(limit))
