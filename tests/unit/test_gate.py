"""Whether the gate is the only way of figures to a release."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

from veje.contracts import data_schema

ROOT = Path(__file__).resolve().parents[2]
COMPARED = {"replication", "timing_claims"}
"""Tables that set released figures beside printed ones."""
SECRET = ("cells", "types", "sequences", "timing", "spells", "background", "distances", "cohort")
"""Tables of single persons, and figures before the gate."""


def importers(name: str) -> set[str]:
    """Name the modules of veje that import a name from `veje.disclosure`."""
    found = set()
    for path in (ROOT / "src/veje").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "veje.disclosure":
                found |= {
                    path.relative_to(ROOT / "src/veje").as_posix() for one in node.names if one.name == name
                }
    return found


def rules() -> dict[str, str]:
    """Give the text of every rule of the workflow."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow/rules").glob("*.smk"))]
    parts = re.split(r"^(?:rule|checkpoint) (\w+):", "\n".join(texts), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def section(rule: str, name: str) -> str:
    """Give one section of a rule's text."""
    found = re.search(rf"^    {name}:\n((?:        .*\n|\n)+)", rule, re.MULTILINE)
    return found.group(1) if found else ""


def test_every_table_is_declared_to_the_audit() -> None:
    declared = yaml.safe_load((data_schema() / "audit.yaml").read_text(encoding="utf-8"))["tables"]
    titled = yaml.safe_load((data_schema() / "labels.yaml").read_text(encoding="utf-8"))["tables"]
    assert set(titled) - set(declared) == COMPARED
    assert set(declared) - set(titled) == set()


def test_only_the_gate_makes_figures_public() -> None:
    assert importers("public") == {"cli/disclosure.py"}
    assert importers("release") == set()
    # The audit judges the last release's figures by its own rules, to know what they told.
    assert importers("judge") == {"cli/disclosure.py", "audit/former.py"}


def test_no_rule_but_the_gate_takes_figures_of_persons_to_the_candidate() -> None:
    """Of the rules that write to the candidate only the comparison reads what the gate read."""
    writers = {name: text for name, text in rules().items() if "CANDIDATE" in section(text, "output")}
    assert set(writers) == {"disclosure", "figures", "report", "replication", "workbook"}
    secret = re.compile(rf"^\s+(?:{'|'.join(SECRET)})=rules\.", re.MULTILINE)
    reading = {name for name, text in writers.items() if secret.search(section(text, "input"))}
    assert reading == {"disclosure", "replication"}
    releasing = {name for name, text in rules().items() if "RELEASE" in section(text, "output")}
    assert releasing == {"publish"}
