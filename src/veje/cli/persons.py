"""Records of whom a release tells of, as digests of traits: what the next release is held against."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from veje import io
from veje.errors import BadInput, Unsafe
from veje.rerelease import Prints, refuse_few
from veje.seals import seal, unsealed


def remember(persons: Prints, record: Path) -> None:
    """Write the persons of a release down."""
    io.write_json(seal({"persons": dict(persons)}), record)


def read_persons(record: Path) -> Prints:
    """Read the persons of a release. Raises `BadInput` when the record is absent, damaged or changed."""
    told = unsealed(io.read_json_or(record, None))
    if told is None:
        raise BadInput(f"{record}: absent, or not as it was written")
    persons: Prints = told["persons"]
    return persons


def hold_against(record: Path, now: Prints, threshold: int, *, same: bool) -> None:
    """Raise `Unsafe` when a release differs by few persons from the one that a record tells of.

    same: whether both show the same figures. From those alone nobody can learn anything, so that a
    damaged record does not matter; otherwise it stops the release: nothing says how many differ.
    """
    if not record.exists():
        return
    try:
        former = read_persons(record)
    except BadInput as error:
        if same:
            return
        raise Unsafe(f"{error}: whom the last release told of is not known; nothing was published") from None
    refuse_few(former, now, threshold)


def record_of(results: Path, run: str) -> Path:
    """Name the record of a published run."""
    return results / "private/published" / f"{run}.json"


def forget_all_but(results: Path, runs: Collection[str]) -> None:
    """Take away the records of runs that are gone or were never published."""
    for record in record_of(results, "any").parent.glob("*"):
        if record.is_file() and record.name.split(".")[0] not in runs:
            record.unlink()


def drift_of(results: Path, run: str) -> Path:
    """Name the table of what moved between a published run and the one before it."""
    return record_of(results, run).with_suffix(".drift.csv")
