"""What no line of the source may do: unpickle, evaluate, call a shell, or make guessable names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "workflow").rglob("*.py")])
BANNED_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yte"}
BANNED_CALLS = {
    "eval",
    "exec",
    "compile",
    "os.system",
    "os.popen",
    "tempfile.mktemp",
    "yaml.unsafe_load",
    "yaml.full_load",
    "yaml.load_all",
    "pl.read_database",
    "pd.read_pickle",
    "pl.LazyFrame.deserialize",
    "pl.DataFrame.deserialize",
}

SAFE_LOADERS = {"_Once", "getattr(yaml, 'CSafeLoader', yaml.SafeLoader)"}
"""The config's own, which builds on the safe one, and the fast safe one where it was built."""


def name_of(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def faults(source: str) -> list[str]:
    """List what a source must not do, by line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
            found += [f"{node.lineno}: {n}" for n in names if n.split(".")[0] in BANNED_MODULES]
        if not isinstance(node, ast.Call):
            continue
        called, given = name_of(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}
        if called in BANNED_CALLS:
            found.append(f"{node.lineno}: {called}")
        if called in ("np.load", "numpy.load", "np.save") and given.get("allow_pickle") != "False":
            found.append(f"{node.lineno}: {called} may pickle")
        loaders = [*map(ast.unparse, node.args[1:]), *(given[name] for name in given if name == "Loader")]
        if called == "yaml.load" and (len(loaders) != 1 or loaders[0] not in SAFE_LOADERS):
            found.append(f"{node.lineno}: yaml.load without the safe loader")
        if given.get("shell") == "True":
            found.append(f"{node.lineno}: a shell")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_source_does_it(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from joblib import load",
        "import numpy as np\nnp.load(p)",
        "np.load(p, allow_pickle=True)",
        "yaml.load(text, Loader=yaml.Loader)",
        "yaml.load(text)",
        "yaml.load(text, yaml.Loader)",
        "eval(text)",
        "subprocess.run(text, shell=True)",
        "tempfile.mktemp()",
    ],
)
def test_each_of_them_would_be_found(line: str) -> None:
    assert len(faults(line)) == 1


def test_the_sources_are_looked_at() -> None:
    assert len(SOURCES) > 200
