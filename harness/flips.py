"""Flipped bits and cuts of what a night finds: each is noticed, and the night gives what it should."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

from nights import Nights

from veje import config
from veje.cli import jobrecords, workflow
from veje.cli.persons import read_persons
from veje.errors import BadInput

NOT_READ = ("logs/", "tmp/", "run.lock", ".config.json", ".probe")
"""Of the private folder, what no later night reads."""


def targets(folder: Path) -> list[Path]:
    """List the intermediates, notes and records, the release, and Snakemake's records."""
    places = ("results/private", "results/release", ".snakemake/metadata")
    found = [path for place in places for path in (folder / place).rglob("*")]
    visible = [path for path in found if path.is_file() and not path.name.startswith(".")]
    return sorted(
        path
        for path in visible
        if path.stat().st_size and not any(one in path.relative_to(folder).as_posix() for one in NOT_READ)
    )


def known(folder: Path) -> object:
    """Give what decides on reruns: the deliveries, and each job's mark."""
    with chdir(folder):
        settings = config.load("config.yaml")
        deliveries = workflow.deliveries_of(settings, Path("results/private/digests.json"))
        return deliveries, workflow.again_of(settings, deliveries, look=True)


def silent(folder: Path, path: Path, before: object) -> bool:
    """Tell whether a damaged file would be taken for whole."""
    if path.parent.name == "published":
        try:
            read_persons(path)
        except BadInput:
            return False
        return True
    with chdir(folder):
        records = jobrecords.damaged(Path("results"))
    if path.name in ("digests.json", "records.json"):
        # They are made anew: what they said wrongly must not be believed.
        return known(folder) != before or bool(records)
    if path.is_relative_to(folder / jobrecords.RECORDS):
        return not records
    return known(folder) == before


def damage(path: Path, draw: random.Random) -> str:
    """Flip one bit of a file or cut it, under its former time; gives what was done."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    if draw.random() < 0.5:
        at = draw.randrange(len(content) * 8)
        content[at // 8] ^= 1 << at % 8
        done = f"bit {at} flipped"
    else:
        del content[draw.randrange(len(content)) :]
        done = f"cut to {len(content)} bytes"
    path.write_bytes(bytes(content))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return done


def flip(nights: Nights, count: int, whole: int) -> Iterator[tuple[str, list[str]]]:
    """Damage one file after the other; after `whole` of them a night follows."""
    draw = random.Random(7)
    folder = nights.restore()
    before, files = known(folder), targets(folder)
    for number in range(count):
        path = draw.choice(files)
        saved = {
            one: (one.read_bytes(), one.stat())
            for one in [path, *folder.rglob("again.json"), *folder.rglob("digests.json")]
        }
        name = f"{damage(path, draw)} of {path.relative_to(folder)}"
        wrong = ["not noticed"] if silent(folder, path, before) else []
        if not wrong and number * whole // count != (number + 1) * whole // count:
            wrong = nights.wrong()
            name += ", and a night"
            folder = nights.restore()
            before = known(folder)
        else:
            for one, (content, stat) in saved.items():
                one.write_bytes(content)
                os.utime(one, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        yield name, wrong
