"""Kills (SIGKILL) at every step of every write of every rule, of the job, of what started it, of both."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
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
"""Programs that run in every night; those of the next night are killed at its own steps."""


def points(nights: Nights) -> list[Point]:
    """List every step of every program: the jobs' of a whole night, the other programs' of the next."""
    found: set[Point] = set()
    for night in ("whole", "next"):
        for line in (nights.place / night).read_text().splitlines():
            program, number, kind, *_ = line.split(maxsplit=3)
            if (program in ALWAYS) == (night == "next"):
                found.add((program, int(number), kind))
    return sorted(found)


def sample(every: list[Point], count: int) -> list[Point]:
    """Choose so many points, of each program one before the second of any."""
    programs: dict[str, list[Point]] = {}
    for point in every:
        programs.setdefault(point[0], []).append(point)
    # Of each program the points in an order that spreads over its steps.
    turns = [iter(sorted(own, key=lambda point: (point[1] * 7919) % 1009)) for own in programs.values()]
    chosen: list[Point] = []
    while turns and len(chosen) < count:
        for turn in list(turns):
            point = next(turn, None)
            if point is None:
                turns.remove(turn)
            elif len(chosen) < count:
                chosen.append(point)
    return chosen


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
            yield name, nights.wrong()
