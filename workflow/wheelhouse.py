"""Gather hash-checked wheels for a server without network, and write the lock to install them by.

    python workflow/wheelhouse.py build FOLDER    every wheel of the locks, built where there is none
    python workflow/wheelhouse.py record FOLDER   the same; writes down the built wheels' hashes anew
    python workflow/wheelhouse.py lock            the lock for the server, to standard output

`requirements.lock` holds the hashes of what an index serves. A dependency that is served as source alone is
built here, and `wheelhouse.lock` holds the hash of the built wheel: the same bytes wherever it is built, so
that a server which may not build accepts that wheel and no other. Needs nothing beyond Python and pip.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SERVED = "requirements.lock"
BUILT = "wheelhouse.lock"
EXTRA = "cluster.lock"
EPOCH = (1980, 1, 1, 0, 0, 0)
HEADER = """\
# The wheels that `make wheelhouse` builds from the source in requirements.lock, by their own hash.
# Written by `python workflow/wheelhouse.py record`; name and version come from here, the source from there.
"""


def entries(text: str) -> dict[str, str]:
    """Split a lock into its requirements by normalised name, without the remarks.

    Versions that differ by environment are one requirement of several lines.
    """
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if not line or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            name = normal(re.split(r"[=<>!~ ;\[]", line, maxsplit=1)[0])
        found.setdefault(name, []).append(line)
    return {key: "\n".join(lines) + "\n" for key, lines in found.items()}


def normal(name: str) -> str:
    """Write a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def merged(root: Path) -> str:
    """Give the lock for a wheelhouse: what is built stands in for its source."""
    served, built = _read(root, SERVED), _read(root, BUILT)
    strange = sorted(built.keys() - served.keys())
    if strange:
        sys.exit(f"{BUILT}: {', '.join(strange)} is not in {SERVED}")
    return "".join((served | built).values())


def build(root: Path, folder: Path, record: bool) -> None:
    """Fill a new folder with every wheel of the locks; it appears whole or not at all."""
    if folder.exists():
        sys.exit(f"{folder} exists already; remove it first")
    built = _read(root, BUILT)
    served = _read(root, SERVED)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".wheelhouse-") as made:
        wheels = Path(made) / "wheels"
        wheels.mkdir()
        _download("".join(text for name, text in served.items() if name not in built), wheels)
        _download("".join(_read(root, EXTRA).values()), wheels)
        hashes = {name: _build(served[name], wheels) for name in built}
        if record:
            _record(root, hashes, served)
        _refuse_others(hashes, _read(root, BUILT))
        _write_sums(wheels)
        wheels.replace(folder)


def _read(root: Path, name: str) -> dict[str, str]:
    path = root / name
    return entries(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _pip(command: str, lock: str, *options: str) -> None:
    """Call pip on a lock; only files with a hash of the lock are accepted."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "lock.txt"
        path.write_text(lock, encoding="utf-8")
        call = [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check"]
        call += ["--no-deps", "--require-hashes", "--requirement", str(path), *options]
        # Files of a wheel carry their permissions and times: neither may be this machine's.
        how = {**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONHASHSEED": "0"}
        if subprocess.run(call, env=how, umask=0o022, check=False).returncode:
            sys.exit(f"pip {command} failed")


def _download(lock: str, wheels: Path) -> None:
    if lock:
        _pip("download", lock, "--only-binary", ":all:", "--dest", str(wheels))


def _build(requirement: str, wheels: Path) -> str:
    """Build the wheel of one requirement from its source, and give its SHA-256."""
    with tempfile.TemporaryDirectory() as place:
        options = ["--no-binary", ":all:", "--no-build-isolation", "--no-cache-dir", "--wheel-dir", place]
        _pip("wheel", requirement, *options)
        (wheel,) = Path(place).glob("*.whl")
        target = wheels / wheel.name
        repack(wheel, target)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def repack(wheel: Path, target: Path) -> None:
    """Write a wheel's files unpacked, in order of name, with one time and permission.

    What packs them differs between machines (zlib, zlib-ng), and would give other bytes.
    """
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for name in sorted(source.namelist()):
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = 0o100644 << 16
            member.create_system = 3
            out.writestr(member, source.read(name))


def _record(root: Path, hashes: dict[str, str], served: dict[str, str]) -> None:
    lines = [f"{served[name].split()[0]} \\\n    --hash=sha256:{hashes[name]}\n" for name in sorted(hashes)]
    (root / BUILT).write_text(HEADER + "".join(lines), encoding="utf-8")


def _refuse_others(hashes: dict[str, str], built: dict[str, str]) -> None:
    for name, found in hashes.items():
        if f"sha256:{found}" not in built[name]:
            sys.exit(
                f"the wheel built of {name} is not the one in {BUILT}: sha256:{found}; "
                "setuptools must be the one in requirements.lock"
            )


def _write_sums(wheels: Path) -> None:
    """Write a list of the wheels' SHA-256, as `sha256sum --check` reads it after the transport."""
    paths = sorted(wheels.glob("*.whl"))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (wheels / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Wheels for a server without network.")
    parser.add_argument("command", choices=["build", "record", "lock"])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    given = parser.parse_args()
    if given.command == "lock":
        sys.stdout.write(merged(given.root))
    elif given.folder is None:
        parser.error("name the folder of the wheels")
    else:
        build(given.root, given.folder, given.command == "record")


if __name__ == "__main__":
    main()
