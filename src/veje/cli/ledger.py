"""What each stage read and wrote, by SHA-256, so that a file that is not as it was written is noticed.

Snakemake goes by times and params: a flipped bit, a cut file or a stage that was killed between two
nights with another clock leaves both as they were. An entry a stage holds the digests; a mark in
`again.json`, which is part of the rule's params, is replaced whenever they do not fit.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from veje import io
from veje.errors import BadInput

AGAIN = "again.json"
ABSENT = "absent"


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """Give the digests of files and folders by their paths."""
    return {str(path): digest_of(path) for path in paths}


def note(
    ledger: Path,
    name: str,
    inputs: Mapping[str, str],
    outputs: Iterable[Path] = (),
    passing: Iterable[Path] = (),
) -> None:
    """Write down what a stage wrote, beside what it had read: a finished stage's last step.

    inputs: their digests from before the stage read them. passing: files that go once others have
    read them.
    """
    written = digests(path for path in outputs if path.exists())
    told = {"inputs": dict(inputs), "outputs": written, "passing": digests(passing)}
    io.write_json(told, ledger / f"{name}.json")


def refuse_damaged(ledger: Path, stage: str, parts: Iterable[Path]) -> None:
    """Raise `BadInput` naming a part of a stage that is not as the job that made it noted it.

    Nothing else would tell: a part goes once it is gathered. The next start makes it again.
    """
    for path in parts:
        told = io.read_json_or(ledger / f"{stage}_{path.stem}.json", {})
        if not isinstance(told, dict) or told.get("passing") != digests([path]):
            raise BadInput(f"{path}: not as it was written; run again, and it is made anew")


def entry_of(target: Path) -> str:
    """Name the entry of a converted delivery: its register, and the digest it is known by."""
    return f"{target.parent.name}-{target.stem}"


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file, or of a folder's file names and contents; `absent` where nothing is.

    Hidden files do not count: Snakemake leaves a time stamp in folders that a rule makes.
    """
    if path.is_file():
        return io.digest(path)
    if not path.is_dir():
        return ABSENT
    total = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        inside = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in inside.parts):
            total.update(f"{inside.as_posix()}\0{io.digest(file)}\n".encode())
    return total.hexdigest()


class Ledger:
    """The entries in a folder, each file looked at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._now: dict[str, str] = {}

    def changed(self, name: str) -> list[str]:
        """List the files of a stage that are not as noted, or the entry itself where there is none."""
        entry = self._folder / f"{name}.json"
        told = io.read_json_or(entry, None)
        if not isinstance(told, dict) or set(told) != {"inputs", "outputs", "passing"}:
            return [str(entry)]
        noted = {**told["inputs"], **told["outputs"]}
        found = [path for path, digest in noted.items() if self._digest(path) != digest]
        gone_or_as_noted = {path: {digest, ABSENT} for path, digest in told["passing"].items()}
        found += [path for path, digests in gone_or_as_noted.items() if self._digest(path) not in digests]
        return sorted(found)

    def again(self, rules: Mapping[str, Sequence[str]], *, look: bool) -> dict[str, str]:
        """Give each rule's mark, another one than before where a file of its entries is not as noted.

        rules: the entries of each rule. look: whether to look at the files; a job that runs beside
        others only reads the marks. No mark comes twice: a lost list of them is noticed too. Each entry
        has its own: a delivery that is put back finds the mark it had.
        """
        known: dict[str, str] = io.read_json_or(self._folder / AGAIN, {})
        marks = {entry: known.get(entry, "") for entries in rules.values() for entry in entries}
        if look:
            for entry, mark in marks.items():
                if not mark or self.changed(entry):
                    marks[entry] = secrets.token_hex(8)
            if {**known, **marks} != known:
                io.write_json({**known, **marks}, self._folder / AGAIN)
        return {rule: " ".join(marks[entry] for entry in entries) for rule, entries in rules.items()}

    def _digest(self, path: str) -> str:
        if path not in self._now:
            self._now[path] = digest_of(Path(path))
        return self._now[path]
