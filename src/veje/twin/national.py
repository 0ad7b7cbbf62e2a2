"""A national DREAM file and registers of its size, written block by block in bounded memory."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from veje.errors import BadInput
from veje.twin.cases import N_BEFORE, N_EARLY, N_ELSEWHERE, N_LATE, cohort_counts
from veje.twin.chain import Chain, draw_lives, make_chain
from veje.twin.codes import ALL_CODES
from veje.twin.crowd import Span, draw_crowd
from veje.twin.crowd_registers import make_rows
from veje.twin.hashed import Lot
from veje.twin.law import Flags, Ints, States
from veje.twin.make import VERSION, Twin, make_twin
from veje.twin.numbering import Numbering, make_numbering
from veje.twin.streams import RegisterStreams, code_columns
from veje.twin.write import replace_file, write_csv
from veje.weeks import column_of, iso_of, monday_of, week_of_column

BLOCK = 65_536
"""Persons of one row group: what memory holds at a time, twice (one made, one being written)."""
OTHERS = 1_000
"""Persons without a grant that come with the study's own; the national population stands for the rest."""
STUDY_ONLY = ("IND", "IDAP", "DOD", "VNDS")
"""Registers that the study's twin has and the national one has not."""
KEYS = ("PNR", "E_FAELLE_ID", "MOR_ID", "FAR_ID")
README = """SYNTHETIC DATA: no row describes a real person.

A national population of {population} persons, made by `veje twin --population` (twin version {version},
seed {seed}). {study} persons come with the study's own law (Caswell et al. 2012, Veje til førtidspension);
all others are plausible filling. No register was used to make them.

Every personal number (PNR) has day + 60 (61 to 91). The Danish civil registry issues days 1 to 31
only, so no number here can belong to a living person.

registers/  {dream} with the weeks {first} to {last}, and the registers around it
truth/      planted_types.csv, where the study's persons are in the population; never an input
"""


@dataclass(frozen=True)
class Plan:
    """What is written: size, weeks, and the study's own persons with the rows they take.

    core: their codes (weeks, c) as positions in ALL_CODES; core_rows: (c,) rising.
    """

    population: int
    seed: int
    span: Span
    study: Twin | None
    core: States
    core_rows: Ints

    @property
    def columns(self) -> list[str]:
        """The names of the weekly columns, oldest first."""
        return [column_of(self.span.first + k) for k in range(self.span.weeks)]

    @property
    def dream(self) -> str:
        """The file's stem: DREAM and the month of the last week's Monday."""
        return f"DREAM{monday_of(self.span.first + self.span.weeks - 1):%Y%m}"


@dataclass(frozen=True)
class Source:
    """What every block is drawn from."""

    plan: Plan
    lot: Lot
    numbering: Numbering
    chain: Chain


@dataclass(frozen=True)
class Block:
    """Rows of one row group of DREAM, and the same persons' rows of the other registers by file stem."""

    dream: pa.Table
    registers: dict[str, pl.DataFrame]


def write_national(
    out: Path,
    population: int,
    seed: int = 2012,
    first: str = "Y_9601",
    last: str = "Y_0953",
    *,
    chunk: int = 16_384,
    block: int = BLOCK,
) -> list[Path]:
    """Write a national twin below `out`: registers/, truth/ and README.txt; gives the written paths.

    first, last: DREAM columns `Y_YYWW`, exact ISO weeks between. chunk: persons drawn at a time, which
    changes no byte; block: persons a row group. The study's persons are in it when there is room.
    Raises `BadInput` for an impossible span and for more persons than there are numbers.
    """
    plan = make_plan(population, seed, first, last)
    source = make_source(plan)
    with RegisterStreams(out / "registers") as streams:
        for stem, frame in (plan.study.registers if plan.study else {}).items():
            if not stem.startswith(("DREAM", *STUDY_ONLY)):
                streams.append(stem, frame)
        write_blocks(streams, source, chunk, block)
    return [*streams.parts, *write_about(plan, out, first, last)]


def make_source(plan: Plan) -> Source:
    """Prepare what every block is drawn from; births suit ages 18 to 66 within the file's weeks."""
    lot, span = Lot(plan.seed), plan.span
    years = iso_of(span.first)[0] - 66, iso_of(span.first + span.weeks - 1)[0] - 18
    numbering = make_numbering(lot, plan.population, years, taken_numbers(plan.study))
    return Source(plan, lot, numbering, make_chain(lot))


def write_blocks(streams: RegisterStreams, source: Source, chunk: int, block: int) -> None:
    """Write the population block by block; the wide file is written while the next block is drawn."""
    plan = source.plan
    with ThreadPoolExecutor(1) as writer:
        writing: Future[None] | None = None
        for start in range(0, plan.population, block):
            rows = np.arange(start, min(start + block, plan.population))
            made = make_block(source, rows, chunk)
            for stem, frame in made.registers.items():
                streams.append(stem, frame)
            if writing:
                writing.result()
            writing = writer.submit(streams.append_table, plan.dream, made.dream)
        if writing:
            writing.result()


def make_plan(population: int, seed: int, first: str, last: str) -> Plan:
    """Decide on weeks and rows; the study's persons are spread evenly over the file."""
    begin, end = week_of_column(first), week_of_column(last)
    if population < 1 or end < begin:
        raise BadInput(f"twin: {population:,} persons from {first} to {last}: nothing to write")
    span = Span(begin, end - begin + 1)
    if population < study_size():
        none = np.zeros((span.weeks, 0), dtype=np.uint8)
        return Plan(population, seed, span, None, none, np.zeros(0, dtype=np.int64))
    study = make_twin(seed, others=OTHERS)
    rows: Ints = np.arange(study_size()) * population // study_size()
    return Plan(population, seed, span, study, study_codes(study, span), rows)


def study_size() -> int:
    """Give the persons of the study's twin: those with a grant and a few others."""
    return sum(n for *_, n in cohort_counts()) + N_EARLY + N_LATE + N_ELSEWHERE + N_BEFORE + OTHERS


def study_codes(study: Twin, span: Span) -> States:
    """Give the study persons' codes in the file's weeks: (weeks, c) positions in ALL_CODES."""
    # ASSUME: before the twin's own weeks a person is without transfer; after them the last code stays.
    dream = study.registers["DREAM200912"].drop("PNR")
    held = pl.Enum(ALL_CODES)
    own = np.stack([column.fill_null("").cast(held).to_physical().to_numpy() for column in dream])
    at = np.arange(span.first, span.first + span.weeks) - week_of_column(dream.columns[0])
    codes = own[np.clip(at, 0, dream.width - 1)].astype(np.uint8)
    codes[at < 0] = 0
    return codes


def taken_numbers(study: Twin | None) -> pl.Series:
    """Give every personal number that the study's registers hold."""
    if study is None:
        return pl.Series("PNR", [], dtype=pl.String)
    held = [f[name].alias("PNR") for f in study.registers.values() for name in KEYS if name in f.columns]
    return pl.concat(held).drop_nulls().unique()


def make_block(source: Source, rows: Ints, chunk: int) -> Block:
    """Draw the persons of these rows, chunk by chunk, and put the study's persons in their places."""
    plan, lot = source.plan, source.lot
    codes = np.empty((plan.span.weeks, rows.size), dtype=np.uint8)
    numbers, registers = [], []
    is_core: Flags = np.isin(rows, plan.core_rows)
    for start in range(0, rows.size, chunk):
        part = slice(start, start + chunk)
        crowd = draw_crowd(lot, source.numbering, plan.span, rows[part])
        draw_lives(source.chain, lot, crowd, codes[:, part])
        numbers.append(crowd.numbers)
        registers.append(make_rows(lot, crowd.keep(~is_core[part])))
    joined = {stem: pl.concat([made[stem] for made in registers]) for stem in registers[0]}
    place = np.flatnonzero(is_core)
    core = np.searchsorted(plan.core_rows, rows[place])
    codes[:, place] = plan.core[:, core]
    everyone = pl.concat(numbers)
    if plan.study:
        everyone = everyone.scatter(place, plan.study.registers["DREAM200912"]["PNR"].gather(core))
    return Block(code_columns(plan.columns, everyone, codes), joined)


def write_about(plan: Plan, out: Path, first: str, last: str) -> list[Path]:
    """Write README.txt and the truth about the study's persons."""
    written = []
    if plan.study:
        written.append(write_csv(plan.study.truth, out / "truth" / "planted_types.csv"))
    text = README.format(
        population=plan.population,
        version=VERSION,
        seed=plan.seed,
        study=plan.study.truth.height if plan.study else "None of the",
        dream=plan.dream,
        first=first,
        last=last,
    )
    written.append(replace_file(out / "README.txt", lambda part: part.write_text(text, encoding="utf-8")))
    return written
