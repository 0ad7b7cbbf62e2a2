"""Kills (SIGKILL) at every step of every write of every rule, of the job, of what started it, of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, cycle
from pathlib import Path

from nights import Nights, start

WHOM = ("job", "controller", "all")
Point = tuple[str, int, str]


def stale(folder: Path, program: str) -> None:
    """Let a job have something to do: its notes go, and of a conversion also what it made."""
    private = folder / "results/private"
    if program.startswith("import_"):
        register = program.removeprefix("import_")
        made = (private / "keys/imported" / register).glob("*.parquet")
        for path in [*made, *(private / "keys/imported/ledger").glob(f"{register}-*.json")]:
            path.unlink()
    else:
        (private / f"study/ledger/{program}.json").unlink(missing_ok=True)


ALWAYS = ("nightly", "snakemake")
"""Programs that run in every night, so that they need nothing to do."""
SORT = re.compile(r"[_.]")


def points(nights: Nights) -> list[Point]:
    """List every step of every program, as it went in the last undisturbed night that ran it."""
    found: dict[str, list[Point]] = {}
    for night in ("first", "second", "third"):
        steps: dict[str, list[Point]] = {}
        for line in (nights.place / night).read_text().splitlines():
            program, number, kind, *_ = line.split(maxsplit=3)
            steps.setdefault(program, []).append((program, int(number), kind))
        found |= steps
    return sorted(set(chain.from_iterable(found.values())))


def sample(every: list[Point], count: int) -> list[Point]:
    """Choose so many points: one of each program, then of each kind of step of each sort, then all over.

    A sort is what shares its code: the conversions are one, the pictures another.
    """
    spread = sorted(every, key=lambda point: (point[1] * 7919) % 1009)
    chosen: dict[Point, None] = {}
    for same in (lambda point: point[0], lambda point: (SORT.split(point[0])[0], point[2])):
        met = {same(point) for point in chosen}
        for point in spread:
            if same(point) not in met:
                met.add(same(point))
                chosen[point] = None
    rest = [point for point in every if point not in chosen]
    # Evenly over all that are left; of these the middle first, so that an early end is spread too.
    wanted = max(0, min(count - len(chosen), len(rest)))
    evenly = [rest[number * len(rest) // wanted] for number in range(wanted)]
    halves = sorted(range(wanted), key=lambda number: f"{number:012b}"[::-1])
    return [*chosen, *(evenly[number] for number in halves)][:count]


def kill(nights: Nights, chosen: list[Point]) -> Iterator[tuple[str, list[str]]]:
    """Kill at each point and let a night follow; gives each fault with what was wrong after it."""
    for (program, number, kind), whom in zip(chosen, cycle(WHOM)):
        folder = nights.restore()
        if program not in ALWAYS:
            stale(folder, program)
        code = start(folder, {"FAULT_KILL": f"{program} {number} {whom}"})
        name = f"{whom} killed at step {number} ({kind}) of {program}, exit code {code}"
        if code == 0:
            yield name, ["the run was not killed"]
        elif nights.torn():
            yield name, ["the published run is torn"]
        else:
            yield name, [*nights.partial(), *nights.wrong()]
