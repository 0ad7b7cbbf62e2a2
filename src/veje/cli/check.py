"""Rim of `veje check`: one screen on what a config's deliveries hold, before anything runs."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from veje import config, io
from veje.branche import check_months, check_self_supporting, needed_months
from veje.cli.lists import alphabet_of
from veje.cli.predict import predict
from veje.cli.present import NOBODY, Persons, find_persons
from veje.contracts import register as promise_of
from veje.errors import BadInput, shown
from veje.formats import Source, open_source, read_batches
from veje.ingest import check_rows
from veje.ingest.registers import delivered_name, find_column
from veje.lists import read_codes
from veje.settings import Register, Settings
from veje.versions import check_last_week, check_version, dream_version
from veje.weekcodes import tidy_code
from veje.weeks import check_no_gap, column_of, is_week_column, week_of_column, window_edges

SAMPLE = 2_000
"""Rows of each file that are read to look for unknown codes and unreadable cells."""

PACKED = 8
"""How much smaller gzip makes a register's text, roughly."""


@dataclass(frozen=True)
class Look:
    """What one delivered file shows: rows are estimated (`about`) where only reading tells."""

    file: str
    format: str
    rows: int
    about: bool
    period: str
    matched: tuple[str, ...]
    absent: tuple[str, ...]
    unknown: str
    columns: int


@dataclass
class Screen:
    """What is shown of each register, and the problems found: one line each."""

    looks: dict[str, list[Look]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    persons: dict[str, Persons] = field(default_factory=dict)

    def attempt(self, look: Callable[[], None]) -> None:
        """Look at something; a fault of the delivery becomes a problem."""
        try:
            look()
        except BadInput as error:
            self.problems.append(str(error))


def check(file: str) -> Screen:
    """Look at every delivered file of a config: its head, its names, and its first rows."""
    settings = config.load(file)
    screen = Screen()
    for name, register in settings.registers:
        screen.looks[name] = []
        for path in register.files if register else []:
            screen.attempt(partial(look_at, screen, name, register, Path(path), settings))
        if register:
            screen.attempt(partial(_look_at_rows, screen.looks[name], name, register))
    screen.attempt(lambda: _look_at_version(screen, settings))
    screen.attempt(lambda: _look_at_alphabet(settings))
    return screen


def look_at(screen: Screen, name: str, register: Register, path: Path, settings: Settings) -> None:
    """Look at one file of a register."""
    source = open_source(path, encoding=register.encoding, separator=register.separator)
    frame = pl.DataFrame(schema=dict.fromkeys(source.folded, pl.String))
    columns: dict[str, str | None] = {}

    def match(column: str, spec: Mapping[str, str]) -> None:
        columns[column] = find_column(column, spec, register, frame, path.name)

    for column, spec in promise_of(name).columns.items():
        screen.attempt(partial(match, column, spec))
    weekly = name == "dream"
    period = _look_at_weeks(screen, source, settings) if weekly else ""
    unknown = _unknown_codes(source, register, settings) if weekly else ""
    rows = source.rows if source.rows is not None else _about(path)
    matched = tuple(found for found in columns.values() if found)
    absent = tuple(column for column, found in columns.items() if not found)
    width = len(source.names)
    look = Look(path.name, source.format, rows, source.rows is None, period, matched, absent, unknown, width)
    screen.looks[name].append(look)
    if columns.get("person"):
        screen.attempt(partial(_look_at_persons, screen, name, register, source, settings))


def _look_at_rows(looks: list[Look], name: str, register: Register) -> None:
    """Compare the rows with those that the sender counted, where all files say theirs."""
    if looks and not any(look.about for look in looks):
        check_rows(name, sum(look.rows for look in looks), register.rows, [look.file for look in looks])


def _look_at_persons(
    screen: Screen, name: str, register: Register, source: Source, settings: Settings
) -> None:
    """Count the persons of a file, together with those of the register's other files."""
    spec = promise_of(name).columns["person"]
    checked = settings.quarantine.personal_numbers == "cpr"
    found = find_persons(source, delivered_name("person", spec, register), spec, register, checked)
    screen.persons[name] = screen.persons.get(name, NOBODY) | found


def _about(path: Path) -> int:
    """Estimate a text file's rows from its size and its first lines."""
    packed = path.suffix == ".gz"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        head = [len(line) for line in islice(file, 200)]
    size = path.stat().st_size * (PACKED if packed else 1)
    return round(size / max(sum(head) / max(len(head), 1), 1))


def _look_at_weeks(screen: Screen, source: Source, settings: Settings) -> str:
    """Check the weekly columns, and whether they reach over the windows of the cohort's dates."""
    weeks = sorted(week_of_column(name) for name in source.folded if is_week_column(name))
    if not weeks:
        raise BadInput(f"{source.path}: no week column of the form Y_YYWW")
    screen.attempt(lambda: check_no_gap(weeks, source.path.name))
    days, window = [settings.cohort.from_, settings.cohort.to], settings.window
    edges = window_edges(days, window.anchor, window.quarters, window.weeks_per_quarter)
    if settings.sequences.blank == "by_industry":
        months = needed_months(int(edges.min()), int(edges.max()))
        screen.attempt(lambda: check_months(source.folded, months, source.path.name))
    if edges.min() < weeks[0] or edges.max() - 1 > weeks[-1]:
        need = f"{column_of(int(edges.min()))} to {column_of(int(edges.max()) - 1)}"
        screen.problems.append(f"{source.path.name}: the windows of the cohort's dates need the weeks {need}")
    return f"{column_of(weeks[0])} to {column_of(weeks[-1])}"


def _look_at_version(screen: Screen, settings: Settings) -> None:
    dream = settings.registers.dream
    version = dream_version(dream.files, dream.version)
    check_version(version, io.read_list("dream_versions", "codes"))
    last = [look.period.split(" to ")[1] for look in screen.looks["dream"] if look.period]
    warning = check_last_week(week_of_column(max(last, key=week_of_column)), version) if last else None
    if warning:
        screen.problems.append(warning)


def _look_at_alphabet(settings: Settings) -> None:
    own = settings.sequences
    if own.blank == "by_industry":
        check_self_supporting(alphabet_of(own), own.self_supporting, own.alphabet)


def _unknown_codes(source: Source, register: Register, settings: Settings) -> str:
    """Count codes that are not in the list among the first rows."""
    alphabet, own = alphabet_of(settings.sequences), settings.sequences
    version = dream_version(register.files, register.version)
    table = io.read_list(own.codes, "codes")
    rows = read_codes(table, own.state_column, alphabet, version, own.codes, own.switches)
    known = {row.code for row in rows if row.state is not None}
    weeks = [name for name in source.folded if is_week_column(name)]
    batches = read_batches(
        source.path, encoding=register.encoding, separator=register.separator, columns=weeks, rows=SAMPLE
    )
    seen: Counter[str] = Counter()
    for batch in islice(batches, 1):
        cells = pl.concat(batch.select(weeks).head(SAMPLE).get_columns()).fill_null("")
        seen.update(dict(cells.value_counts().rows()))
    codes = Counter({shown(tidy_code(code)): 0 for code in seen})
    for code, count in seen.items():
        codes[shown(tidy_code(code))] += count
    unknown = {code: count for code, count in sorted(codes.items()) if code not in known}
    told = ", ".join(f"{code} ({count:,})" for code, count in list(unknown.items())[:6])
    return told or f"none of {len(codes):,}"


def show(screen: Screen) -> None:
    """Print the screen: a line a file, then a line a problem."""
    heads = ("register", "files", "rows", "persons", "of grants'", "period", "columns found", "not delivered")
    table = Table(box=None)
    for head in (*heads, "unknown codes"):
        table.add_column(head, no_wrap=head in ("files", "rows", "period", "persons", "of grants'"))
    for name, looks in screen.looks.items():
        table.add_row(name, *_line(looks, _told_persons(name, screen.persons)))
    console = Console(width=max(160, Console().width))
    console.print(table)
    looked = [look for looks in screen.looks.values() for look in looks]
    told = predict((look.format, look.rows, look.columns) for look in looked)
    minutes = max(told.seconds / 60, 0.1)
    console.print(f"predicted: {minutes:,.1f} minutes to convert, at most {told.megabytes:,.0f} MB of memory")
    for problem in screen.problems:
        console.print(f"problem: {problem}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"{len(screen.problems)} problems")


def _told_persons(name: str, persons: Mapping[str, Persons]) -> tuple[str, str]:
    """Write how many persons a register has, and how many of those of the grant register."""
    own, grants = persons.get(name), persons.get("grants")
    if own is None:
        return "", ""
    least = "" if own.whole else "at least "
    if grants is None or name == "grants":
        return f"{least}{len(own):,}", ""
    return f"{least}{len(own):,}", f"{least}{own.of(grants):,} of {len(grants):,}"


def _line(looks: list[Look], persons: tuple[str, str]) -> tuple[str, ...]:
    """Write what a register's files show in one line."""
    if not looks:
        return ("-", "", "", "", "", "", "", "")
    first, last = looks[0], looks[-1]
    files = first.file if len(looks) == 1 else f"{first.file} .. {last.file} ({len(looks)} files)"
    about = "about " if any(look.about for look in looks) else ""
    rows = f"{about}{sum(look.rows for look in looks):,}"
    absent = sorted({column for look in looks for column in look.absent})
    return files, rows, *persons, first.period, ", ".join(first.matched), ", ".join(absent), first.unknown
