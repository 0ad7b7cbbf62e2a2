"""What the Snakefile asks of the package: checked settings, params that trigger reruns, file names."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from veje import config, io
from veje.cli.law import reforms_asked
from veje.cli.ledger import Ledger
from veje.cli.processes import MARK
from veje.cli.stages import PARTS, STAGES
from veje.contracts import data_schema
from veje.errors import BadInput
from veje.provenance import code_digest
from veje.seals import seal, unsealed
from veje.settings import Settings


def settings_of(data: Mapping[str, Any]) -> Settings:
    """Check the workflow's config."""
    return config.parse(data)


def close_results(settings: Settings) -> None:
    """Close the folders of the results to others, whoever starts the workflow and with whatever umask."""
    os.umask(0o027)
    results = Path(settings.results)
    io.close_to_others(results, ("private", "release", "runs"))
    # Before Snakemake makes them, which knows nothing of whom they are for.
    for folder in ("tmp", "keys"):
        io.make_folder(results / "private" / folder)
    # Snakemake made its own folder before it came here.
    io.close_to_others(Path(), (".snakemake",))


def deliveries_of(settings: Settings, cache: Path) -> dict[str, dict[str, str]]:
    """Give the delivered files of each register by the SHA-256 of their content.

    cache: a file that remembers digests by size, times and inode, so that a national file is read
    once and not at every start. A file put back with an older date has another change time.
    """
    check_files(settings)
    # A damaged one is as none: a digest in it names what is converted.
    known = (unsealed(io.read_json_or(cache, None)) or {}).get("files", {})
    digests = {
        file: _digest(Path(file), known)
        for _, register in settings.registers
        if register
        for file in register.files
    }
    _check_twice(settings, digests)
    if digests != known:
        io.write_json(seal({"files": digests}), cache)
    return {
        name: {digests[file]["sha256"]: file for file in register.files}
        for name, register in settings.registers
        if register
    }


def again_of(
    settings: Settings, deliveries: Mapping[str, Mapping[str, str]], *, look: bool
) -> dict[str, str]:
    """Give a mark for each job, another one when a file it read or wrote is not as it was then.

    look: whether to look at the files; only what starts the jobs does, never a job itself.
    """
    private = Path(settings.results) / "private"
    imports = {f"import_{name}": [f"{name}-{sha}" for sha in files] for name, files in deliveries.items()}
    stages = {job: [job] for job in jobs_of(settings)}
    return {
        **Ledger(private / "keys/imported/ledger").again(imports, look=look),
        **Ledger(private / settings.scenario / "ledger").again(stages, look=look),
    }


def jobs_of(settings: Settings) -> list[str]:
    """Name a run's jobs as their logs are named: one a stage, one a part, the pictures one a language."""
    pictures = [f"figures.{name}" for name in ("private", *settings.languages)]
    parts = [
        f"{stage}_{number}-of-{jobs}"
        for stage in PARTS
        if (jobs := shares(settings, stage)) > 1
        for number in range(1, jobs + 1)
    ]
    idle = {
        "figures": True,
        "reforms": not reforms_asked(settings),
        "nongrants": not settings.comparison.at_risk,
    }
    return [*(stage for stage in STAGES if not idle.get(stage)), *parts, *pictures]


def shares(settings: Settings, stage: str) -> int:
    """Give the number of jobs that share a stage: samples where there are some, else the triangle."""
    idle = {"distances": settings.clusters.sampled, "clusters": not settings.clusters.sampled}
    return 1 if idle.get(stage, False) else int(getattr(settings.jobs, stage))


def environment(settings: Settings, programs: Path) -> str:
    """Write what every job's shell command begins with.

    programs: where `veje` is. The jobs' temporary files lie with the results, closed to others; what
    a killed run leaves behind is known by the name of its results (see `processes`).
    """
    results = Path(settings.results).resolve()
    values = {
        "VEJE_LEDGER": Path(settings.results) / "private" / settings.scenario / "ledger",
        MARK: results,
        "TMPDIR": results / "private/tmp",
    }
    told = " ".join(f"{name}={shlex.quote(str(value))}" for name, value in values.items())
    return f"export {told}; PATH={shlex.quote(str(programs))}:$PATH; "


def _digest(path: Path, known: dict[str, dict[str, str]]) -> dict[str, str]:
    stat = path.stat()
    state = f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"
    before = known.get(str(path), {})
    return before if before.get("state") == state else {"state": state, "sha256": io.digest(path)}


def _check_twice(settings: Settings, digests: dict[str, dict[str, str]]) -> None:
    """Raise `BadInput` when a register lists one content twice, as a slip in a list of years does."""
    for name, register in settings.registers:
        seen: dict[str, str] = {}
        for file in register.files if register else []:
            key = digests[file]["sha256"]
            if key in seen:
                raise BadInput(
                    f"config: registers.{name}.files: {seen[key]} and {file} have the same content"
                )
            seen[key] = file


def check_files(settings: Settings) -> None:
    """Raise `BadInput` that names every delivered file that is not there."""
    absent = [
        f"registers.{name}.files: no such file: {file}"
        for name, register in settings.registers
        for file in (register.files if register else [])
        if not Path(file).is_file()
    ]
    if absent:
        raise BadInput("config: " + "; ".join(absent))


def stage_json(settings: Settings, stage: str) -> str:
    """Write the settings that a stage may read as JSON."""
    whole = config.dump(settings)
    return json.dumps(
        {name: whole[name] for name in STAGES[stage].settings}, sort_keys=True, ensure_ascii=False
    )


def stage_digest(settings: Settings, stage: str) -> str:
    """Give the digest of a stage's code, the contracts, and the lists that it reads.

    A user's own lists are those that the stage's settings name by path.
    """
    total = hashlib.sha256(code_digest(f"veje.cli.{stage}").encode())
    for name in ("tables", *STAGES[stage].data):
        for path in sorted(_files(data_schema() / name)):
            total.update(path.name.encode() + path.read_bytes())
    for file in _lists_in(json.loads(stage_json(settings, stage))):
        total.update(file.encode() + Path(file).read_bytes() if Path(file).is_file() else b"absent")
    return total.hexdigest()


def report_names(settings: Settings) -> dict[str, str]:
    """Name the report of each language: the first is report.html, others report.<language>.html."""
    first, *others = settings.languages
    return {first: "report.html", **{language: f"report.{language}.html" for language in others}}


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]


def named_lists(settings: Settings) -> list[str]:
    """List the code lists that a config names by path."""
    return _lists_in(config.dump(settings))


def _lists_in(settings: Mapping[str, Any]) -> list[str]:
    return sorted(set(_list_names({name: one for name, one in settings.items() if name != "registers"})))


def _list_names(value: Any) -> Iterator[str]:
    """Give the texts that name a list by its path, at any depth: variants of a run name some too."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _list_names(one)
    elif isinstance(value, str) and value.endswith(".csv"):
        yield value
