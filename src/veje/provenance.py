"""What a result was made from: digests of code and inputs, versions, settings without folders."""

from __future__ import annotations

import ast
import hashlib
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
LIBRARIES = (
    "polars",
    "pyarrow",
    "numpy",
    "scipy",
    "numba",
    "scikit-learn",
    "matplotlib",
    "snakemake",
    "dataframely",
)

TEXTS = frozenset({"title", "rule", "columns", "formats", "values", "municipalities"})
"""Settings that are words, dates' forms or delivered names: a slash in them is no folder's."""


def without_folders(value: Any, key: str = "") -> Any:
    """Cut every path in a setting down to the name of its file: a server's folders stay on it.

    value: a setting or a whole mapping of them, at any depth. key: the name of the setting.
    """
    if isinstance(value, Mapping):
        return {name: without_folders(one, key if key in TEXTS else str(name)) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_folders(one, key) for one in value]
    if not isinstance(value, str) or (key in TEXTS and not _is_file(value)):
        return value
    # Both kinds of separators: a config may be written on another system.
    return re.split(r"[\\/]", value.rstrip("\\/"))[-1]


def _is_file(text: str) -> bool:
    """Tell whether a text names a file of data, or begins as the path of one."""
    return text.startswith(("/", "~", "\\\\")) or text.endswith(
        (".csv", ".parquet", ".sas7bdat", ".dta", ".gz")
    )


def code_digest(module: str) -> str:
    """Give the SHA-256 of a module's source with everything of the package that it imports.

    module: such as `veje.cohort`. Snakemake does not see edits of package code; this does, and
    leaves the stages that do not import the edited file alone.
    """
    total = hashlib.sha256()
    for path in sorted(_closure(module)):
        total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def package_digest() -> str:
    """Give the SHA-256 of all code and all lists that veje ships: package, data schema, workflow."""
    root = PACKAGE.parents[1]
    folders = [PACKAGE, root / "data_schema", root / "workflow"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    total = hashlib.sha256()
    for path in sorted(file for file in files if "__pycache__" not in file.parts):
        total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def versions() -> dict[str, str]:
    """Give the versions of Python and of the libraries that figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def version_of_veje() -> str:
    """Give veje's own version."""
    return version("veje")


def lock_digest() -> str:
    """Give the SHA-256 of the lock file; empty when veje runs outside its checkout."""
    lock = PACKAGE.parents[1] / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""


def commit() -> str:
    """Give the commit of the checkout, with `+changed` when files differ from it; empty outside one."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=PACKAGE, capture_output=True, text=True, check=True
        )
        dirty = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"],
            cwd=PACKAGE,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head.stdout.strip() + ("+changed" if dirty.stdout.strip() else "")


def _closure(module: str) -> set[Path]:
    """Find the source files of a module and, recursively, of the package's modules it imports."""
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        path = _source(waiting.pop())
        if path is None or path in found:
            continue
        found.add(path)
        if path.name == "__init__.py":
            found.update(p for p in path.parent.iterdir() if p.is_dir() and p.name == "templates")
        waiting += _imports(path.read_text(encoding="utf-8"))
    files = {file for path in found for file in ([path] if path.is_file() else path.iterdir())}
    return {file for file in files if file.is_file()}


def _source(module: str) -> Path | None:
    """Give the file of a dotted name of the package; None for a name inside a module."""
    parts = module.split(".")[1:]
    base = PACKAGE.joinpath(*parts)
    if base.is_dir():
        return base / "__init__.py"
    return base.with_suffix(".py") if base.with_suffix(".py").is_file() else None


@cache
def _imports(source: str) -> list[str]:
    """List the package's modules that a source text imports; kept, as most stages share most modules."""
    names = []
    for node in _statements(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "veje":
            names.append(str(node.module))
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names if alias.name.split(".")[0] == "veje"]
    return [name for name in names if name != "veje"]


def _statements(module: ast.Module) -> Iterator[ast.AST]:
    """Give all statements of a module, also inside functions; an import is never inside an expression."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, part, [])
