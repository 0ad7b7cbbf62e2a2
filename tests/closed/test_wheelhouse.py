"""A server without network: wheels gathered by hash outside, installed inside.

A small package of two modules, `quern` and its helper, stands for the dependency that is served as source
alone; its "index" is a folder.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "workflow/wheelhouse.py"
HOUSE = ROOT / "wheelhouse"
LOCKS = ("requirements.lock", "wheelhouse.lock", "cluster.lock")

spec = importlib.util.spec_from_file_location("wheelhouse", SCRIPT)
assert spec is not None
assert spec.loader is not None
wheelhouse = importlib.util.module_from_spec(spec)
spec.loader.exec_module(wheelhouse)


def without_routes() -> list[str]:
    """Give the command that starts another in a network namespace of its own, or skip."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here, which makes a network namespace")
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a network namespace needs root")
    return ["unshare", "-n"]


def environment(index: Path | None = None) -> dict[str, str]:
    """Give an environment without this machine's pip settings; `index`: a folder to take packages from."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    more = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)} if index else {}
    return kept | {"PIP_CONFIG_FILE": os.devnull} | more


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def source_of_quern(folder: Path) -> Path:
    """Write the package's source as an index serves it."""
    files = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: quern\nVersion: 1.0\n",
        "setup.cfg": "[metadata]\nname = quern\nversion = 1.0\n[options]\npackages = quern\n",
        "setup.py": "from setuptools import setup\nsetup()\n",
        "quern/__init__.py": "GRINDS = 'rye'\n",
        "quern/stone.py": "WEIGHT = 40\n",
    }
    target = folder / "quern-1.0.tar.gz"
    with tarfile.open(target, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"quern-1.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return target


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with locks: quern is served as source; its built wheel is not recorded yet."""
    index = tmp_path / "index"
    index.mkdir()
    source = source_of_quern(index)
    (tmp_path / "requirements.lock").write_text(
        f"quern==1.0 \\\n    --hash=sha256:{sha(source)}\n    # via veje\n"
    )
    (tmp_path / "wheelhouse.lock").write_text("quern==1.0\n")
    return tmp_path


def called(root: Path, *given: str, mask: int = 0o022) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *given, "--root", str(root)]
    how = environment(root / "index")
    return subprocess.run(command, env=how, capture_output=True, text=True, check=False, umask=mask)


def test_a_source_becomes_the_same_wheel_wherever_it_is_built(checkout: Path):
    first = called(checkout, "record", str(checkout / "first"))
    assert first.returncode == 0, first.stderr
    again = called(checkout, "build", str(checkout / "again"), mask=0o077)
    assert again.returncode == 0, again.stderr
    (wheel,) = (checkout / "first").glob("*.whl")
    assert sha(wheel) == sha(checkout / "again" / wheel.name)
    assert sha(wheel) in (checkout / "wheelhouse.lock").read_text()
    assert (checkout / "again/SHA256SUMS").read_text() == f"{sha(wheel)}  {wheel.name}\n"
    with zipfile.ZipFile(wheel) as packed:
        assert packed.testzip() is None
        assert {member.date_time for member in packed.infolist()} == {wheelhouse.EPOCH}


def test_it_installs_without_routes_and_a_changed_wheel_does_not(checkout: Path):
    namespace = without_routes()
    assert called(checkout, "record", str(checkout / "wheels")).returncode == 0
    lock = checkout / "merged.lock"
    lock.write_text(called(checkout, "lock").stdout)
    command = [
        *namespace,
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--require-hashes",
    ]
    command += ["--find-links", str(checkout / "wheels"), "-r", str(lock), "--target", str(checkout / "site")]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (checkout / "site/quern/stone.py").read_text() == "WEIGHT = 40\n"

    (wheel,) = (checkout / "wheels").glob("*.whl")
    whole = wheel.read_bytes()
    wheel.write_bytes(whole.replace(b"WEIGHT = 40", b"WEIGHT = 41"))
    refused = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr


def test_another_wheel_than_the_recorded_one_is_refused(checkout: Path):
    (checkout / "wheelhouse.lock").write_text(f"quern==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    done = called(checkout, "build", str(checkout / "wheels"))
    assert done.returncode == 1
    assert "the wheel built of quern is not the one in wheelhouse.lock" in done.stderr
    assert not (checkout / "wheels").exists()
    assert not list(checkout.glob(".wheelhouse-*"))


def test_another_source_than_the_locked_one_is_refused(checkout: Path):
    with (checkout / "index/quern-1.0.tar.gz").open("ab") as source:
        source.write(b"\0")
    done = called(checkout, "record", str(checkout / "wheels"))
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (checkout / "wheels").exists()


def test_a_wheelhouse_is_never_written_over(checkout: Path):
    (checkout / "wheels").mkdir()
    done = called(checkout, "build", str(checkout / "wheels"))
    assert done.returncode == 1
    assert "exists already" in done.stderr


def test_the_locks_pin_every_package_by_hash_and_name_no_host():
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
        assert "index-url" not in text, name
        assert "find-links" not in text, name
        for package, lines in wheelhouse.entries(text).items():
            assert lines.count("--hash=sha256:") >= lines.count("=="), f"{name}: {package}"


def test_the_lock_for_the_server_holds_the_built_wheel_in_place_of_the_source():
    merged = wheelhouse.entries(wheelhouse.merged(ROOT))
    served = wheelhouse.entries((ROOT / "requirements.lock").read_text())
    built = wheelhouse.entries((ROOT / "wheelhouse.lock").read_text())
    assert merged.keys() == served.keys()
    assert set(built) == {"connection-pool"}
    assert merged["connection-pool"] == built["connection-pool"] != served["connection-pool"]
    assert all(merged[name] == served[name] for name in served.keys() - built.keys())


def test_versions_by_environment_stay_together():
    text = "numpy==2.4.6 ; python_full_version < '3.12' \\\n    --hash=sha256:aa\n    # via veje\n"
    text += "numpy==2.5.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:bb\n"
    found = wheelhouse.entries(text)
    assert list(found) == ["numpy"]
    assert found["numpy"].count("--hash") == 2
    assert "via" not in found["numpy"]


@pytest.mark.slow
def test_veje_installs_from_its_own_wheelhouse_without_routes(tmp_path: Path):
    """The whole way of docs/closed_server.md, on a copy of the checkout under a path with spaces."""
    if not HOUSE.is_dir():
        pytest.skip("no wheelhouse here: `make wheelhouse` gathers one")
    namespace = without_routes()
    copy = tmp_path / "a closed server"
    copy.mkdir()
    for name in ("Makefile", "README.md", "LICENSE", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, copy)
    for name in ("src", "workflow"):
        shutil.copytree(ROOT / name, copy / name)
    command = [*namespace, "make", f"WHEELS={HOUSE}", f"PYTHON={sys.executable}", ".venv/.installed"]
    how = {key: value for key, value in environment().items() if key != "PYTHONPATH"}
    done = subprocess.run(command, cwd=copy, env=how, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    helped = subprocess.run([*namespace, ".venv/bin/veje", "check", "--help"], cwd=copy, env=how, check=False)
    assert helped.returncode == 0
