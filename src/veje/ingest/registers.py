"""The files of one register: names mapped, columns read, broken rows kept aside, part by part."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import polars as pl

from veje.contracts import RegisterContract
from veje.errors import BadInput, near
from veje.ingest.columns import read_column
from veje.ingest.deliveries import ROW, Delivery, fold, tell_apart
from veje.ingest.doubles import Hashes, Suspects, keep_doubles, keep_suspects
from veje.ingest.faults import Faults
from veje.ingest.persons import Everyone, identifier_columns
from veje.ingest.years import check_years, year_of_name
from veje.settings import Register

FILE, PLACE = "_file", "_place"
"""The columns with the number of a row's file, and with its place among that file's rows, from 0."""

THREADS = 2
"""Parts read at a time, while the next is fetched."""

Part = tuple[pl.DataFrame, Faults]

UNDECLARED = "undeclared"
"""What a contract says of an optional column that may be missing without a word in the config."""

_KINDS = {"date": pl.Date, "number": pl.Float64, "year": pl.Int64}


@dataclass(frozen=True)
class Read:
    """A register as read: its good rows with canonical typed columns, its faults, and its rows in all."""

    frame: pl.DataFrame
    faults: Faults
    rows: int


@dataclass(frozen=True)
class Terms:
    """By what a register is read: its contract, what the config says, whether numbers are CPR numbers."""

    promise: RegisterContract
    register: Register
    checked: bool


def read_register(
    deliveries: Sequence[Delivery],
    promise: RegisterContract,
    register: Register,
    checked: bool = False,
    *,
    wanted: pl.Series | None = None,
    everyone: Everyone | None = None,
) -> Read:
    """Bring the files of a register to one frame with canonical names and typed columns.

    checked: personal numbers are CPR numbers, and are checked. wanted: the persons whose rows are
    kept; all rows are read and checked for faults. everyone: takes the identifiers of all good
    rows, which stay text here. Raises `BadInput` for a missing column. Rows that break a rule are
    left out and noted as faults; of rows that share a key that the contract promises once, all
    copies are.
    """
    read = read_rows(tell_apart(deliveries), Terms(promise, register, checked), wanted, everyone)
    return Read(read.frame.drop(FILE, PLACE, ROW), read.faults, read.rows)


def read_rows(
    deliveries: Sequence[Delivery], terms: Terms, wanted: pl.Series | None, everyone: Everyone | None
) -> Read:
    """Read a register part by part, as `read_register` does, with each row's `_file`, `_place` and `_row`.

    Memory holds the rows that are kept, 8 bytes for each of the others where a key is promised, and
    the identifiers.
    """
    check_map(terms.promise, terms.register)
    faults, suspects = Faults(terms.promise.name), Suspects(terms.promise.key)
    kept = [_empty(terms.promise)]
    persons = None if wanted is None else wanted.alias("person").to_frame()
    for good in good_rows(deliveries, terms, faults):
        suspects.add(good)
        if everyone:
            everyone.add(good.select(identifier_columns(terms.promise)))
        kept.append(
            good if persons is None else good.join(persons, on="person", how="semi", maintain_order="left")
        )
    frame = drop_doubles(pl.concat(kept), deliveries, terms, suspects.find(), faults)
    return Read(frame, faults, sum(delivery.rows for delivery in deliveries))


def drop_doubles(
    frame: pl.DataFrame, deliveries: Sequence[Delivery], terms: Terms, suspects: Hashes, faults: Faults
) -> pl.DataFrame:
    """Drop all rows that share a key with another one of the register; notes them.

    suspects: the hashes of keys that came more than once. Their rows, which are few, are read a
    second time rather than all rows held.
    """
    if not suspects.size:
        return frame
    key = terms.promise.key
    again = [
        keep_suspects(good, key, suspects).select(FILE, ROW, *key)
        for good in good_rows(deliveries, terms, Faults(terms.promise.name))
    ]
    doubles = keep_doubles(pl.concat(again), key)
    check_years(doubles.rename({FILE: "file"}), [delivery.file for delivery in deliveries], terms.promise)
    _note_doubles(doubles, deliveries, terms, faults)
    return frame.join(doubles, on=[FILE, ROW], how="anti", maintain_order="left")


def check_map(promise: RegisterContract, register: Register) -> None:
    """Raise `BadInput` for a column of the config's name map that the register does not have."""
    for name in register.columns:
        if name not in promise.columns:
            raise BadInput(f"config: registers.{promise.name}.columns.{name}: {near(name, promise.columns)}")


def good_rows(deliveries: Sequence[Delivery], terms: Terms, faults: Faults) -> Iterator[pl.DataFrame]:
    """Read files part by part: the rows without a fault of their own; notes the others' faults."""
    for number, delivery in enumerate(deliveries):
        for rule in sorted({rule for rule, _ in delivery.refused}):
            rows = pl.Series([row for name, row in delivery.refused if name == rule], dtype=pl.Int64)
            faults.add(rule, "", delivery.file, rows, "more or fewer cells than the header")
        names = fold(delivery)
        header = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        found = {
            name: find_column(name, spec, terms.register, header, delivery.file)
            for name, spec in terms.promise.columns.items()
        }
        needed = [names[name] for name in dict.fromkeys([*found.values(), ROW]) if name in names]
        for good, own in _in_order(
            partial(read_part, found=found, terms=terms, file=delivery.file), _placed(delivery, needed)
        ):
            faults.take(own)
            yield good.with_columns(pl.lit(number, dtype=pl.Int32).alias(FILE))


def _placed(delivery: Delivery, needed: list[str]) -> Iterator[pl.DataFrame]:
    """Read some columns part by part under names in lower case, with each row's `_place` in the file."""
    place = 0
    for part in delivery.parts(needed):
        part.columns = [name.lower() for name in needed]
        yield part.with_columns(pl.int_range(place, place + part.height, dtype=pl.Int64).alias(PLACE))
        place += part.height


def _in_order(read: Callable[[pl.DataFrame], Part], parts: Iterator[pl.DataFrame]) -> Iterator[Part]:
    """Read parts on some threads, and give them in their order."""
    waiting: deque[Future[Part]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for part in parts:
            waiting.append(pool.submit(read, part))
            if len(waiting) > THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def read_part(part: pl.DataFrame, found: Mapping[str, str | None], terms: Terms, file: str) -> Part:
    """Read some rows of a file: the good ones with canonical typed columns, and the others' faults.

    part: the delivered columns and `_place`. found: the delivered name of each column.
    """
    faults, places = Faults(terms.promise.name), part.get_column(PLACE)
    rows = part.get_column(ROW).cast(pl.Int64) if ROW in part.columns else (places + 2).alias(ROW)
    columns, sound = [places, rows], pl.repeat(True, part.height, dtype=pl.Boolean, eager=True)
    for name, spec in terms.promise.columns.items():
        delivered = found[name]
        if delivered is None:
            kind = _KINDS.get(spec["type"], pl.String)
            one = year_of_name(file) if name == terms.promise.year else None
            columns.append(pl.Series(name, [one], dtype=kind).new_from_index(0, part.height))
            continue
        text = part.get_column(delivered).alias(name)
        values, broken = read_column(text, spec, terms.register, terms.checked)
        columns.append(values)
        for fault in broken:
            faults.add(fault.rule, delivered, file, rows.filter(fault.rows), fault.told)
            sound &= ~fault.rows
    good = pl.DataFrame(columns)
    return drop_reversed(good if sound.all() else good.filter(sound), terms, faults, file), faults


def drop_reversed(good: pl.DataFrame, terms: Terms, faults: Faults, file: str) -> pl.DataFrame:
    """Drop rows whose spell ends before it begins; notes them."""
    if not terms.promise.order:
        return good
    first, last = terms.promise.order
    wrong = (good.get_column(first) > good.get_column(last)).fill_null(False)
    if not wrong.any():
        return good
    column = delivered_name(last, terms.promise.columns[last], terms.register)
    rows = good.get_column(ROW).filter(wrong)
    faults.add("spell_reversed", column, file, rows, f"{last} before {first}")
    return good.filter(~wrong)


def find_column(
    name: str, spec: Mapping[str, str], register: Register, frame: pl.DataFrame, file: str
) -> str | None:
    """Give the delivered name of a column; None for one that the config says is not delivered.

    An optional column must be declared absent: without the kind of decision, say, refusals would
    count as grants. One that is `undeclared` need not: nothing but a table of its own is told by it.
    """
    if spec.get("optional") and name in register.columns and register.columns[name] is None:
        return None
    delivered = delivered_name(name, spec, register)
    if delivered in frame.columns:
        return delivered
    if spec.get("optional") == UNDECLARED and name not in register.columns:
        return None
    hint = near(delivered, [column for column in frame.columns if column != ROW])
    absent = f"; if it is not delivered, say `{name}: null` under columns" if spec.get("optional") else ""
    raise BadInput(f"{file}: no column '{delivered}' for {name}: {hint}{absent}")


def delivered_name(name: str, spec: Mapping[str, str], register: Register) -> str:
    """Give the name under which a column is delivered, in lower case."""
    return (register.columns.get(name) or spec["delivered"]).lower()


def _note_doubles(
    doubles: pl.DataFrame, deliveries: Sequence[Delivery], terms: Terms, faults: Faults
) -> None:
    """Note all copies of rows that share a key, file by file."""
    key = terms.promise.key
    column = delivered_name(key[0], terms.promise.columns[key[0]], terms.register)
    extra = doubles.height - doubles.select(key).n_unique()
    told = f"{extra:,} rows too many, one row per {' and '.join(key)} is promised; all copies,"
    for number, delivery in enumerate(deliveries):
        rows = doubles.filter(pl.col(FILE) == number).get_column(ROW)
        faults.add("duplicate", column, delivery.file, rows, told)


def _empty(promise: RegisterContract) -> pl.DataFrame:
    """Give a frame without rows, of the columns that every part has."""
    own = {name: _KINDS.get(spec["type"], pl.String) for name, spec in promise.columns.items()}
    return pl.DataFrame(schema={PLACE: pl.Int64, ROW: pl.Int64, **own, FILE: pl.Int32})
