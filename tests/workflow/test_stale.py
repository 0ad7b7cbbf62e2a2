"""Which change of an input, a setting, the code or an intermediate reruns which rules, and no other.

A rule runs again when what the Snakefile passes to it changes, and with it all rules that follow; that
Snakemake does so is shown by dry runs in `test_reruns`. Here what is passed is computed as the Snakefile
does, before and after each change, and followed along Snakemake's own graph of the rules.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from tests.workflow.conftest import Study
from veje import config, contracts, provenance
from veje.cli import workflow
from veje.cli.ledger import digests, note
from veje.cli.stages import STAGES

Passed = dict[str, list[object]]
END = {"disclosure", "replication", "workbook", "figures", "report", "publish"}
AFTER_TYPES = {"validation", "sensitivity", "tables", *END}
AFTER_COHORT = {
    "sequences",
    "distances",
    "clusters",
    "typology",
    "timing",
    "background",
    "private_figures",
    *AFTER_TYPES,
}
AFTER_TYPOLOGY = {"tables", "private_figures", *END}
AFTER_DISTANCES = {"distances", "clusters", "typology", "validation", *AFTER_TYPOLOGY}
ALL = {"ingest", "cohort", *AFTER_COHORT}


@dataclass
class Kept:
    """A copy of the finished study, its graph of rules, and the code's digests while nobody edits it."""

    folder: Path
    follow: dict[str, set[str]]
    codes: dict[str, str]

    def passed(self, *, code: bool = False) -> Passed:
        """Give what the Snakefile passes to each rule; with the code's digests computed anew or as known."""
        settings = config.load("config.yaml")
        deliveries = workflow.deliveries_of(settings, Path("results/private/digests.json"))
        again = workflow.again_of(settings, deliveries, look=True)
        told: Passed = {}
        for name, files in deliveries.items():
            declared = getattr(settings.registers, name)
            told[f"import_{name}"] = [again[f"import_{name}"], *files, declared.encoding, declared.separator]
        for job in workflow.jobs_of(settings):
            stage = job.partition(".")[0]
            own = workflow.stage_digest(settings, stage) if code else self.codes[stage]
            rule = "private_figures" if job == "figures.private" else stage
            told[rule] = [*told.get(rule, []), again[job], workflow.stage_json(settings, stage), own]
        return told

    def reruns(self, before: Passed, after: Passed) -> set[str]:
        waiting = [name for name in after if before.get(name) != after[name]]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.follow.get(name, set())
        return found


def graph(study: Study) -> dict[str, set[str]]:
    """Give the rules that follow each rule, from Snakemake's drawing of them."""
    drawn = study.run("--rulegraph").stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', drawn))
    follow: dict[str, set[str]] = {}
    for first, second in re.findall(r"(\d+) -> (\d+)", drawn):
        follow.setdefault(names[first], set()).add(names[second])
    assert len(names) > 20
    return {name: after - {"all"} for name, after in follow.items()}


@pytest.fixture(scope="module")
def original(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("stale") / "copy"
    shutil.copytree(study.folder, folder, symlinks=True)
    settings = config.load(str(study.folder / "config.yaml"))
    return Kept(folder, graph(study), {stage: workflow.stage_digest(settings, stage) for stage in STAGES})


@pytest.fixture
def kept(original: Kept, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """The copy with veje started in it; what a test changes is put back."""
    monkeypatch.chdir(original.folder)
    saved = original.folder.with_name("saved")
    shutil.copytree(original.folder / "results", saved / "results", symlinks=True)
    shutil.copytree(original.folder / "twin", saved / "twin")
    shutil.copy2("config.yaml", saved / "config.yaml")
    yield original
    for name in ("results", "twin"):
        shutil.rmtree(original.folder / name)
        (saved / name).rename(original.folder / name)
    (saved / "config.yaml").replace(original.folder / "config.yaml")
    saved.rmdir()


REGISTERS = Path("twin/registers")
PRIVATE = Path("results/private/study")


def rewrite(name: str, change: Callable[[pl.DataFrame], pl.DataFrame], when: int | None = None) -> None:
    """Give a delivered file other content, under its former or another time."""
    path = REGISTERS / name
    stat = path.stat()
    change(pl.read_parquet(path)).write_parquet(path)
    os.utime(path, ns=(stat.st_atime_ns, when if when is not None else stat.st_mtime_ns))


def flip(path: Path) -> None:
    """Turn one bit in the middle of a file, under its former time."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def setting(section: str, name: str, value: object) -> None:
    data: dict[str, Any] = yaml.safe_load(Path("config.yaml").read_text())
    (data.setdefault(section, {}) if section else data)[name] = value
    Path("config.yaml").write_text(yaml.safe_dump(data))


def fewer(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.head(-1)


def imported(register: str) -> Path:
    return next(Path("results/private/keys/imported", register).glob("*.parquet"))


def swap(first: Path, second: Path) -> None:
    first.rename("aside")
    second.rename(first)
    Path("aside").rename(second)


STALE: dict[str, tuple[Callable[[], object], set[str]]] = {
    "a delivery with an older time": (
        lambda: rewrite("UDDA2008.parquet", fewer, 1),
        {"import_udda", *ALL},
    ),
    "a delivery with the same time": (
        lambda: rewrite("UDDA2008.parquet", fewer),
        {"import_udda", *ALL},
    ),
    "a delivery with the same time and size": (
        lambda: flip(REGISTERS / "GRANTS2009.csv"),
        {"import_grants", *ALL},
    ),
    "two deliveries that changed their names": (
        lambda: swap(REGISTERS / "BEF2006.parquet", REGISTERS / "DOD2009.parquet"),
        {"import_bef", "import_deaths", *ALL},
    ),
    "a setting of a late stage": (
        lambda: setting("disclosure", "rounding", 10),
        {"validation", "tables", *END},
    ),
    "a setting of an early stage": (
        lambda: setting("sequences", "tie", "earliest"),
        AFTER_COHORT - {"background"},
    ),
    "a setting of one side branch": (
        lambda: setting("background", "medicine_days", 730),
        {"background", "validation", "tables", *END},
    ),
    "a converted delivery": (lambda: flip(imported("lmdb")), {"import_lmdb", *ALL}),
    "DREAM's weeks": (
        lambda: flip(next(Path("results/private/weeks").glob("*.parquet"))),
        {"import_dream", *ALL},
    ),
    "the key file": (lambda: flip(Path("results/private/keys/study.parquet")), ALL),
    "a typed table": (lambda: flip(PRIVATE / "ingest/measures.parquet"), ALL),
    "the cohort": (lambda: flip(PRIVATE / "cohort/cohort.parquet"), {"cohort", *AFTER_COHORT}),
    "the distances": (
        lambda: flip(PRIVATE / "distances/distances.npy"),
        AFTER_DISTANCES,
    ),
    "the distances, cut": (
        lambda: cut(PRIVATE / "distances/distances.npy"),
        AFTER_DISTANCES,
    ),
    "the partitions, gone": (
        lambda: (PRIVATE / "clusters/partitions.parquet").unlink(),
        AFTER_DISTANCES - {"distances"},
    ),
    "the costs in place of the quality": (
        lambda: shutil.copy2(PRIVATE / "distances/costs.parquet", PRIVATE / "clusters/quality.parquet"),
        AFTER_DISTANCES - {"distances"},
    ),
    "the raw cells": (lambda: flip(PRIVATE / "tables/cells.parquet"), {"tables", *END}),
    "a table of the candidate": (
        lambda: flip(PRIVATE / "candidate/tables/bilag_1.csv"),
        END,
    ),
    "a picture of the candidate": (
        lambda: flip(PRIVATE / "candidate/figures/en/flow.png"),
        {"figures", "report", "publish"},
    ),
    "the page of the candidate": (
        lambda: cut(PRIVATE / "candidate/report.html"),
        {"report", "publish"},
    ),
    "a table of the release": (lambda: flip(Path("results/release/tables/bilag_1.csv")), {"publish"}),
    "a file more in the release": (
        lambda: Path("results/release/tables/more.csv").write_text("x"),
        {"publish"},
    ),
}


@pytest.mark.parametrize("case", STALE)
def test_a_change_reruns_its_rule_and_what_follows_and_no_other(kept: Kept, case: str) -> None:
    before = kept.passed()
    assert kept.passed() == before, "nothing reruns without a change"
    change, expected = STALE[case]
    change()
    assert kept.reruns(before, kept.passed()) == expected


UNCHANGED: dict[str, Callable[[], object]] = {
    "a delivery touched": lambda: os.utime(REGISTERS / "UDDA2008.parquet"),
    "a delivery written again": lambda: (REGISTERS / "GRANTS2009.csv").write_bytes(
        (REGISTERS / "GRANTS2009.csv").read_bytes()
    ),
    "intermediates from the future": lambda: [
        os.utime(path, (4e9, 4e9)) for path in PRIVATE.rglob("*.parquet")
    ],
    "a log": lambda: (PRIVATE / "logs/cohort.log").write_text("x"),
    "rows kept aside": lambda: (PRIVATE / "quarantine").mkdir(exist_ok=True),
    "what is kept for the next night": lambda: shutil.copytree(PRIVATE / "typology", PRIVATE / "kept"),
    "how the night goes": lambda: setting("nightly", "keep", 3),
    "one more root": lambda: setting("", "roots", ["config"]),
}


@pytest.mark.parametrize("case", UNCHANGED)
def test_what_is_no_change_reruns_nothing(kept: Kept, case: str) -> None:
    before = kept.passed()
    UNCHANGED[case]()
    assert kept.reruns(before, kept.passed()) == set()


CODE = {
    "cohort.py": {"cohort", *AFTER_COHORT},
    "timing/grid.py": {"timing", "tables", *END},
    "distances/build.py": {"sensitivity", *AFTER_DISTANCES},
    "figures/bars.py": {"figures", "private_figures", "report", "publish"},
    "report/summary.py": {"report", "publish"},
    "audit/solve.py": END,
    "cli/publish.py": {"publish"},
    "profiles.py": AFTER_DISTANCES - {"distances"},
    "clusters/sampled.py": {"sensitivity", *AFTER_DISTANCES} - {"distances"},
    "cli/nightly.py": set(),
    "cli/queue.py": set(),
    "cli/drift.py": set(),
    "cli/status.py": set(),
}


def test_an_edit_of_code_reruns_the_stages_that_import_it(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "src/veje"
    shutil.copytree(provenance.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(provenance, "PACKAGE", copy)
    before = kept.passed(code=True)
    wrong = {}
    for name, expected in CODE.items():
        text = (copy / name).read_text(encoding="utf-8")
        (copy / name).write_text(f"{text}\n# an edit\n", encoding="utf-8")
        found = kept.reruns(before, kept.passed(code=True))
        (copy / name).write_text(text, encoding="utf-8")
        if found != expected:
            wrong[name] = sorted(found ^ expected)
    assert wrong == {}


LISTS = {
    "codes/measures.csv": {"cohort", *AFTER_COHORT},
    "alphabets/caswell9.csv": AFTER_COHORT - {"background"},
    "reference/caswell_profiles.csv": {"typology", "sensitivity", *AFTER_TYPOLOGY},
    "audit.yaml": END,
    "labels.yaml": {"workbook", "figures", "private_figures", "report", "publish"},
    "published/table_7_2.csv": {"sensitivity", "tables", *END},
}


def test_an_edit_of_a_list_reruns_the_stages_that_read_it(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "data_schema"
    shutil.copytree(contracts.data_schema(), copy)
    monkeypatch.setattr(workflow, "data_schema", lambda: copy)
    before = kept.passed(code=True)
    missed = {}
    for name, expected in LISTS.items():
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content + b"\n")
        found = kept.reruns(before, kept.passed(code=True))
        (copy / name).write_bytes(content)
        if found != expected:
            missed[name] = sorted(found ^ expected)
    assert missed == {}


def test_killed_between_two_stages_with_the_clock_moved_back(kept: Kept) -> None:
    """The cohort was made anew, from another delivery; its readers are newer and know the former one."""
    before = kept.passed()
    path = PRIVATE / "cohort/cohort.parquet"
    shutil.copy2(PRIVATE / "cohort/flow.parquet", path)
    os.utime(path, (1, 1))
    inputs = [
        PRIVATE / f"ingest/{name}.parquet" for name in ("grants", "bef", "dream", "deaths", "migration")
    ]
    note(PRIVATE / "ledger", "cohort", digests(inputs), [path, PRIVATE / "cohort/flow.parquet"])
    assert kept.reruns(before, kept.passed()) == AFTER_COHORT


def test_there_are_enough_cases() -> None:
    assert len(STALE) >= 20
