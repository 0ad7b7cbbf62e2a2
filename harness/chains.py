"""Kills night after night: each night is cut off at another point, and only the last one is left alone.

A chain meets every program in the order of the workflow. A killed program is made whole by the night after
it, which is killed further on; so a chain costs little more than one night, and asks more than single
kills do: what each kill left is there together with what all before it left.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from kills import ALWAYS, WHOM, Point, stale
from nights import Nights, start


def chained(nights: Nights, chosen: list[Point]) -> list[list[Point]]:
    """Put points into chains: of each program one at most, in the order in which programs first begin.

    What runs around all others is left out: how many steps it takes depends on what is left to do.
    """
    begun = [line.split()[0] for line in (nights.place / "first").read_text().splitlines()]
    order = {name: number for number, name in enumerate(dict.fromkeys(begun))}
    chains: list[list[Point]] = []
    for point in (point for point in chosen if point[0] not in ALWAYS):
        free = (chain for chain in chains if point[0] not in {other[0] for other in chain})
        chain = next(free, None)
        if chain is None:
            chains.append([point])
        else:
            chain.append(point)
    return [sorted(chain, key=lambda point: order[point[0]]) for chain in chains]


def kill_on(nights: Nights, chosen: list[Point]) -> Iterator[tuple[str, list[str]]]:
    """Kill chain by chain; gives each fault with what was wrong after it, of the last also after the night.

    After each kill `latest` is whole, and so is every result under its name.
    """
    whom = cycle(WHOM)
    for chain in chained(nights, chosen):
        folder = nights.restore()
        for place, (program, number, kind) in enumerate(chain, start=1):
            stale(folder, program)
            one = next(whom)
            code = start(folder, {"FAULT_KILL": f"{program} {number} {one}"})
            name = f"night {place} of {len(chain)}: {one} killed at step {number} ({kind}) of {program}"
            wrong = ["the run was not killed"] if code == 0 else []
            wrong += ["the published run is torn"] if nights.torn() else []
            wrong += nights.partial()
            if place == len(chain):
                wrong += nights.wrong()
            yield f"{name}, exit code {code}", wrong
